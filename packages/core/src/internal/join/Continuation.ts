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
import type { FailoverError } from "../../failure/FailoverError.ts"
import { traitsOf } from "../../failure/Reason.ts"
import * as Provider from "../../provider/Provider.ts"
import type { Call } from "../call/Call.ts"
import { type Answer, driveSide, type Make } from "../call/Drive.ts"
import { stream } from "../call/Made.ts"
import * as Next from "../call/Next.ts"
import type { Target } from "../call/Target.ts"
import * as Asked from "../exchange/Asked.ts"
import type { StreamEnd } from "../exchange/StreamReader.ts"
import type { Joint, Way } from "./Joint.ts"

/** Makes the one attempt of a way to go on; `failed` hears how it failed. */
const goingOn =
  (
    call: Call,
    request: Provider.Body,
    joint: Joint,
    way: Way,
    failed: (failure: AttemptFailure) => void
  ): Make<StreamEnd> =>
  (attempt) => {
    const { lease, provider, target } = attempt
    const { prefill } = provider
    const sent =
      way === "prefill" && prefill !== undefined
        ? Provider.toPrefillRequest(provider, prefill, lease.key, request, target.requested, joint.text)
        : Provider.toChatRequest(provider, lease.key, request, target.requested, true)
    const into = { ...joint.continuation(way), claim: undefined, begin: joint.use }
    return Effect.map(stream(call, attempt, sent, Asked.byChat(request.request), into), (outcome) => {
      if (outcome._tag === "Failed") failed(outcome.failure)
      return outcome
    })
  }

const waysOf = ({ provider }: Target): ReadonlyArray<Way> =>
  provider.prefill === undefined ? ["match"] : ["prefill", "match"]

/** True when the target refused to go on, so that asking it for the whole answer may still work. */
const isRefusal = (failure: AttemptFailure | undefined): boolean =>
  failure !== undefined && traitsOf(failure.reason).rephrasable

/** True when a broken stream may be gone on with at all: not when the call is over, nor when its content was refused. */
const isContinuable = (call: Call, error: FailoverError): boolean =>
  error.reason._tag === "Broken" && call.decide(error.reason.failure).fallback

/** Goes on with a broken stream; `first` is the failure that broke it. */
const goOn = Effect.fnUntraced(function* (call: Call, request: Provider.Body, joint: Joint, first: FailoverError) {
  for (const target of call.rest()) {
    for (const way of waysOf(target)) {
      if (!joint.isJoinable) return yield* call.ledger.error(first.reason)
      // One request a way: what cannot be continued now is left to the next target.
      const ask = Next.once(call, target)
      if (ask === undefined) break
      let last: AttemptFailure | undefined
      const make = goingOn(call, request, joint, way, (failure) => {
        last = failure
      })
      const exit = yield* Effect.exit(driveSide(call, { targets: [], lastResort: false }, make, ask))
      if (Exit.isSuccess(exit) && exit.value !== undefined) return exit.value
      if (Exit.isFailure(exit) && Cause.findErrorOption(exit.cause)._tag === "None") {
        return yield* Effect.failCause(exit.cause)
      }
      if (!(way === "prefill" && isRefusal(last))) break
    }
  }
  return yield* call.ledger.error(first.reason)
})

/** A stream, and the rest of it from another target where it breaks. */
export const continued = (
  call: Call,
  request: Provider.Body,
  joint: Joint,
  streaming: Effect.Effect<Answer<StreamEnd>, FailoverError>
): Effect.Effect<Answer<StreamEnd>, FailoverError> =>
  Effect.catch(streaming, (error) =>
    isContinuable(call, error) ? goOn(call, request, joint, error) : Effect.fail(call.ledger.error(error.reason))
  )
