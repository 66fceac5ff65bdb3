/**
 * The wish to stop. A command that runs until it is stopped waits for it and then cleans up; in every other command the
 * first Ctrl-C interrupts what it does. The second one ends the process at once.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** Ends at the first Ctrl-C or SIGTERM after it is awaited. Outside of a running command line: never. */
export const Stop: Context.Reference<Effect.Effect<void>> = Context.Reference<Effect.Effect<void>>(
  "understudy/cli/Stop",
  { defaultValue: () => Effect.never }
)

/** The stop of a process, and what its signals are to call. */
export interface Handle {
  readonly stop: Effect.Effect<void>
  /** Says whether a command took it; if not, the command itself is to be interrupted. */
  readonly request: () => boolean
}

/** Makes a stop. */
export const make = (): Handle => {
  let taker: (() => void) | undefined
  return {
    stop: Effect.callback<void>((resume) => {
      taker = () => resume(Effect.void)
      return Effect.sync(() => {
        taker = undefined
      })
    }),
    request: () => {
      taker?.()
      return taker !== undefined
    }
  }
}
