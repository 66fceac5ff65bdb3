/**
 * Runs the one fiber of a request. Whatever way it ends, the caller hears of it: an answer, an error of the engine's, a
 * defect (told in the log only), or an interruption because the gateway stops.
 */
import { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"

const toProblem = (services: Services, exchange: Exchange, cause: Cause.Cause<FailoverError>): Problem.Problem => {
  for (const reason of cause.reasons) {
    if (reason._tag === "Fail" && reason.error instanceof FailoverError) return Problem.fromFailover(reason.error)
  }
  if (cause.reasons.every((reason) => reason._tag === "Interrupt")) return Problem.shuttingDown
  services.log(Effect.logError("the gateway failed", cause), { requestId: exchange.id, endpoint: exchange.endpoint })
  return Problem.internal(exchange.id)
}

const nothing = (): void => {}

/** Runs a handler of ours: a bug in it must cost one request, not the process. */
export const guarded = (services: Services, exchange: Exchange, handle: () => void): void => {
  try {
    handle()
  } catch (error) {
    services.log(Effect.logError("the gateway failed", Cause.die(error)), { requestId: exchange.id })
    exchange.fail(Problem.internal(exchange.id))
  }
}

/** Runs the effect and hands its value on; `onFailure` runs before the failure is told. */
export const run = <A>(
  services: Services,
  exchange: Exchange,
  effect: Effect.Effect<A, FailoverError>,
  onValue: (value: A) => void,
  onFailure: () => void = nothing
): void => {
  const fiber = services.fork(effect)
  exchange.work = fiber
  fiber.addObserver((exit) => {
    exchange.work = undefined
    if (exit._tag === "Success") return onValue(exit.value)
    onFailure()
    exchange.fail(toProblem(services, exchange, exit.cause))
  })
}
