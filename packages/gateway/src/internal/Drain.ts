/**
 * Stops a server without cutting off anybody who could still be answered: first no new connections, then time for the
 * requests in flight, then an error for those that are left, then the sockets.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Settings } from "../Options.ts"
import type { Served } from "./Server.ts"

/** Time in which those that were given up may still be told so, in milliseconds. */
const farewell = 1_000

const within = (effect: Effect.Effect<void>, millis: number): Effect.Effect<void> =>
  Effect.raceFirst(Effect.interruptible(effect), Effect.interruptible(Effect.sleep(Duration.millis(millis))))

/** Stops the server. `onDraining` is called first: from then on the gateway is not ready. */
export const drain = Effect.fnUntraced(function* (
  { open, server }: Served,
  settings: Settings,
  onDraining: () => void
) {
  onDraining()
  if (settings.drainDelay > 0) yield* Effect.sleep(Duration.millis(settings.drainDelay))
  for (const exchange of open) exchange.last = true
  let isClosed = false
  const closing = new Promise<void>((resolve) => {
    server.close(() => {
      isClosed = true
      resolve()
    })
  })
  const closed = Effect.promise(() => closing)
  yield* within(closed, settings.grace)
  if (isClosed) return
  for (const exchange of open) exchange.abandon()
  yield* within(closed, farewell)
  server.closeAllConnections()
})
