/**
 * SIGHUP, as servers understand it: the configuration is to be read anew. A command that wants to hear of it says so; in every
 * other command it stops what runs, and so it does where it means what it says: the terminal is gone.
 */
import { closeSync, openSync } from "node:fs"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

const listeners = new Set<() => void>()

/** Runs the effect at each SIGHUP, for as long as the scope is open. */
export const listen = Effect.fnUntraced(function* (
  effect: Effect.Effect<void>
): Effect.fn.Return<void, never, Scope.Scope> {
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const listener = (): void => void fork(effect)
  yield* Effect.acquireRelease(
    Effect.sync(() => listeners.add(listener)),
    () => Effect.sync(() => listeners.delete(listener))
  )
})

/** The terminal that this process was started from has been closed. */
const isTerminalGone = (): boolean => {
  if (!process.stdout.isTTY) return false
  try {
    closeSync(openSync("/dev/tty", "r"))
    return false
  } catch {
    return true
  }
}

/** Tells who listens; false when nobody does, or the terminal is gone. */
export const heard = (): boolean => {
  if (listeners.size === 0 || isTerminalGone()) return false
  for (const listener of listeners) listener()
  return true
}
