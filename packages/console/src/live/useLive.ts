/** The stream of what happens, for components: how it stands, and what it makes stale. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query"
import { useEffect, useSyncExternalStore } from "react"
import { type Connection, type Happening, Live } from "./Live.ts"

const live = new Live()

/** How it stands with the stream. */
export const useConnection = (): Connection => useSyncExternalStore(live.onChange, live.connection)

/** Hears what happens while the component is shown. */
export const useHappenings = (listener: (happening: Happening) => void): void =>
  useEffect(() => live.onHappening(listener), [listener])

/** Which queries a happening makes stale, by the first part of their keys. */
const staleBy = ({ kind }: Happening): ReadonlyArray<string> =>
  kind.startsWith("config")
    ? ["happenings", "providers", "routes", "consumers", "config", "explain"]
    : ["happenings", "providers", "explain"]

const refresh = (client: QueryClient, names: ReadonlyArray<string>): void => {
  for (const name of names) void client.invalidateQueries({ queryKey: [name] })
}

/** Keeps what is shown as new as what happens, for as long as the component is shown; everything after a break. */
export const useLive = (): void => {
  const client = useQueryClient()
  useEffect(() => {
    let wasLost = false
    const stop = live.start()
    const forget = live.onHappening((happening) => refresh(client, staleBy(happening)))
    const unwatch = live.onChange(() => {
      const { state } = live.connection()
      if (state === "live" && wasLost) void client.invalidateQueries()
      wasLost = state === "lost" || (wasLost && state !== "live")
    })
    return () => {
      unwatch()
      forget()
      stop()
    }
  }, [client])
}
