/**
 * Takes a call through its targets until one answers: does what `Next` decides.
 *
 * One owner of retries and one deadline. An answer that has begun is never replayed.
 *
 * @see Next for what comes when, Call for what is remembered, exchange/Exchange for one request
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import type { FailoverError } from "../../failure/FailoverError.ts"
import type { Outcome } from "../exchange/Reader.ts"
import type { Attempt, Call } from "./Call.ts"
import type { Turn } from "./Ledger.ts"
import * as Next from "./Next.ts"
import type { Target } from "./Target.ts"

/** An answer, and the target that gave it. */
export interface Answer<A> {
  readonly target: Target
  readonly value: A
}

/** Makes one attempt. */
export type Make<A> = (attempt: Attempt) => Effect.Effect<Outcome<A>>

/** A request that cannot be written as its target takes it, as one that is nested too deeply: another may take it as it came. */
const unwritable = ({ provider }: Attempt, defect: unknown): Outcome<never> => {
  const why = defect instanceof RangeError ? "it is nested too deeply" : AttemptFailure.redact(String(defect))
  const message = `The request cannot be written anew for ${provider.name}: ${why}`
  const failure = AttemptFailure.make({ _tag: "Unsuited" }, message, { status: 400, message })
  return { _tag: "Failed", failure, begun: false }
}

/** One attempt, with what it holds given back if its caller leaves or a defect ends it. */
const holding = <A>(call: Call, attempt: Attempt, make: Make<A>): ReturnType<Make<A>> => {
  let made: ReturnType<Make<A>>
  try {
    made = make(attempt)
  } catch (defect) {
    return Effect.succeed(unwritable(attempt, defect))
  }
  const { target } = attempt
  return attempt.isHeld ? Effect.onError(made, () => Effect.sync(() => call.abandoned(target))) : made
}

/** How listeners are told of a rest; one for a key is none of an attempt's. */
const turnOf = ({ millis, why }: Next.Wait): Turn | undefined => {
  if (why._tag === "Again") return Next.again(millis)
  return why._tag === "LastResort" ? { _tag: "Resort", after: why.rested } : undefined
}

const rest = Effect.fnUntraced(function* (call: Call, wait: Next.Wait) {
  const { millis, target, why } = wait
  if (why._tag === "LastResort" || (why._tag === "Again" && why.stated)) call.waits(millis)
  if (why._tag === "Again") {
    if (why.paid) call.route.state.repeats.withdraw()
    call.repeats(target, why.lease)
    if (millis === 0) return
  }
  const turn = turnOf(wait)
  if (turn !== undefined) call.ledger.resting(turn, target)
  yield* Effect.sleep(Duration.millis(millis))
  if (turn !== undefined) call.ledger.rested(turn, target)
})

const errorOf = (call: Call, fail: Next.Fail): FailoverError => {
  if (fail.because === "outOfTime") return call.ledger.outOfTime()
  if (fail.because === "keysOut") return call.keysOut(fail.target)
  const { begun, failure, target } = fail.ended
  return call.ledger.final(target, failure, begun)
}

/** Takes a call through the targets of a side; undefined when it gives way. `first` is what it begins with. */
export const driveSide = Effect.fnUntraced(function* <A>(
  call: Call,
  side: Next.Side,
  make: Make<A>,
  first = Next.next(call, side)
) {
  for (let next = first; ; ) {
    switch (next._tag) {
      case "Pass":
        call.passed(next.target, next.because)
        next = Next.next(call, side)
        break
      case "Wait":
        yield* rest(call, next)
        next = Next.next(call, side, next)
        break
      case "Ask": {
        const { lease, target } = next
        const attempt = call.begin(next)
        const outcome = yield* holding(call, attempt, make)
        if (outcome._tag === "Answered") {
          call.completed(attempt)
          const answer: Answer<A> = { target, value: outcome.value }
          return answer
        }
        call.failed(attempt, outcome)
        next = Next.next(call, side, { ...outcome, target, lease })
        break
      }
      case "GiveWay":
        return undefined
      case "Fail":
        return yield* errorOf(call, next)
    }
  }
})

/** Takes a call through its targets, or those that are left of them, and at last to whatever may be back. */
export const drive = Effect.fnUntraced(function* <A>(call: Call, make: Make<A>, targets = call.targets) {
  const answer = yield* driveSide(call, { targets, lastResort: true }, make)
  return answer ?? (yield* call.exhausted())
})
