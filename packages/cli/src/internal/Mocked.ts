/** Whether an answer came from mock vendors, so that nobody takes made-up sentences for what a model says. */
import * as Effect from "effect/Effect"
import * as Port from "./Port.ts"
import * as Summary from "./Summary.ts"

const isLocal = (server: string): boolean => {
  const host = URL.canParse(server) ? new URL(server).hostname.replace(/^\[|\]$/g, "") : ""
  return Summary.isLoopback(host)
}

/** Milliseconds that a server has: it has just answered, so it is there. */
const patience = 2_000

/** Asks each server once; only this machine's, as nobody else serves mocks. */
export const make = (): ((server: string | undefined) => Effect.Effect<boolean>) => {
  const known = new Map<string, boolean>()
  return Effect.fnUntraced(function* (server) {
    if (server === undefined || !isLocal(server)) return false
    const before = known.get(server)
    if (before !== undefined) return before
    const found = yield* Port.isMock(server, patience)
    known.set(server, found)
    return found
  })
}
