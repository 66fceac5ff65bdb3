/**
 * What follows when a stream breaks after content on a route with `afterCommit: continue`: the rest comes from another
 * target, or the call ends with the first failure.
 *
 * For each target that is left, in order: prefill where the target can, match where prefill is refused or unknown. A failure
 * on the way changes keys and circuits as usual, but is never the reason that the caller sees.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { AttemptFailure } from "../../failure/AttemptFailure.ts"
import * as Decision from "../../failure/Decision.ts"
import type { FailoverError } from "../../failure/FailoverError.ts"
import { traitsOf } from "../../failure/Reason.ts"
import * as Provider from "../../provider/Provider.ts"
import * as Asked from "./Asked.ts"
import * as Attempt from "./Attempt.ts"
import type { Joint, Way } from "./Joint.ts"
import { type Answered, type Attempting, type Services, type Tried, tryStep } from "./Loop.ts"
import type { Run } from "./Run.ts"
import { callers } from "./SinkDefect.ts"
import type { Step } from "./Step.ts"
import * as StreamReader from "./StreamReader.ts"

const attempt =
  (call: Provider.Body, joint: Joint, way: Way, failed: (failure: AttemptFailure) => void) =>
  ({ context, lease, run, step }: Attempting): Effect.Effect<Tried<StreamReader.StreamEnd>> => {
    let begun = false
    const { gate, write } = joint.continuation(way)
    const reader = StreamReader.make(
      context,
      {
        gate,
        begin: (flow, headers) => {
          begun = true
          callers(() => run.answered(step, lease, context.startedAt, headers))
          joint.flow.use(flow)
        },
        write,
        opened: (said) => {
          step.said = said
        }
      },
      Asked.byChat(call.request)
    )
    const { prefill } = context.provider
    const sent =
      way === "prefill" && prefill !== undefined
        ? Provider.toPrefillRequest(context.provider, prefill, lease.key, call, step.requested, joint.text)
        : Provider.toChatRequest(context.provider, lease.key, call, step.requested, true)
    return Effect.map(Attempt.run(context, sent, "firstContent", reader), (outcome) => {
      if (outcome._tag === "Failed") failed(outcome.failure)
      return { outcome, begun }
    })
  }

const waysOf = (step: Step): ReadonlyArray<Way> =>
  step.target.provider.prefill === undefined ? ["match"] : ["prefill", "match"]

/** True when the target refused to go on, so that asking it for the whole answer may still work. */
const isRefusal = (failure: AttemptFailure | undefined): boolean =>
  failure !== undefined && traitsOf(failure.reason).rephrasable

/** True when a broken stream may be gone on with at all: not when the call is over, nor when its content was refused. */
const isContinuable = (run: Run, error: FailoverError): boolean =>
  error.reason._tag === "Broken" && Decision.decide(error.reason.failure, run.route.on).fallback

/** Goes on with a broken stream; `first` is the failure that broke it. */
const continueStream = Effect.fnUntraced(function* (
  services: Services,
  run: Run,
  call: Provider.Body,
  joint: Joint,
  first: FailoverError
) {
  for (const step of run.rest()) {
    if (step.state === "unsuited") continue
    for (const way of waysOf(step)) {
      if (!joint.isJoinable) return yield* run.ledger.error(first.reason)
      const lease = run.draw(step)
      if (lease === undefined || !run.admit(step)) break
      // One request a way: what cannot be continued now is left to the next target.
      step.repeats = 0
      let last: AttemptFailure | undefined
      const attempted = attempt(call, joint, way, (failure) => {
        last = failure
      })
      const exit = yield* Effect.exit(tryStep(services, run, step, lease, attempted))
      if (Exit.isSuccess(exit) && exit.value !== undefined) return exit.value
      if (Exit.isFailure(exit) && Cause.findErrorOption(exit.cause)._tag === "None") {
        return yield* Effect.failCause(exit.cause)
      }
      if (!(way === "prefill" && isRefusal(last))) break
    }
  }
  return yield* run.ledger.error(first.reason)
})

/** A stream, and the rest of it from another target where it breaks. */
export const continued = (
  services: Services,
  run: Run,
  call: Provider.Body,
  joint: Joint,
  streamed: Effect.Effect<Answered<StreamReader.StreamEnd>, FailoverError>
): Effect.Effect<Answered<StreamReader.StreamEnd>, FailoverError> =>
  Effect.catch(streamed, (error) =>
    isContinuable(run, error)
      ? continueStream(services, run, call, joint, error)
      : Effect.fail(run.ledger.error(error.reason))
  )
