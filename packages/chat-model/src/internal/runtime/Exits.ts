/**
 * From how an Effect ended to what a promise gives: the value, the error itself, the signal's reason where its caller left.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"

/** The value, or throws. Interrupted by nobody's signal, it was closed meanwhile. */
export const ofExit = <A>(
  exit: Exit.Exit<A, unknown>,
  signal: AbortSignal | undefined,
  closed: (() => unknown) | undefined
): A => {
  if (Exit.isSuccess(exit)) return exit.value
  if (!Cause.hasInterruptsOnly(exit.cause)) throw Cause.squash(exit.cause)
  if (signal?.aborted === true) throw signal.reason
  throw closed === undefined ? Cause.squash(exit.cause) : closed()
}
