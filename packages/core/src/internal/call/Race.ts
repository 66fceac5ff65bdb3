/**
 * A hedge: two drivers over one race. After the route's delay the next targets are started as well, the first content wins, and
 * the loser is aborted.
 *
 * **Details**
 *
 * - The first target runs alone; the second side goes through all the others, so no target is asked by both.
 * - Who may deliver is decided once, at the first content, by `Race.claim`; a loser that arrives in the same tick is
 *   silenced before its fiber is interrupted.
 * - A failure of one side is no failure while the other runs, unless it is the caller's own fault.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { FailoverError } from "../../failure/FailoverError.ts"
import type { Attempt, Call } from "./Call.ts"
import { type Answer, drive, driveSide, type Make } from "./Drive.ts"

/** Which of the two drivers. */
export type Side = "first" | "second"

/** Decides who delivers. */
export class Race {
  #winner: Side | undefined
  readonly fibers: Partial<Record<Side, Fiber.Fiber<unknown, unknown>>> = {}

  /** True for the side whose content came first; the other one is given up. */
  claim(side: Side): boolean {
    if (this.#winner === undefined) {
      this.#winner = side
      this.fibers[side === "first" ? "second" : "first"]?.interruptUnsafe()
    }
    return this.#winner === side
  }

  /** The side that won, if one has. */
  get winner(): Side | undefined {
    return this.#winner
  }
}

type End<A> = Exit.Exit<Answer<A> | undefined, FailoverError>

const settled = <A>(exit: End<A>): boolean => (Exit.isSuccess(exit) ? exit.value !== undefined : isFinal(exit))

/** A caller's own fault, the end of the call's time, or a defect: nothing the other side could mend. */
const isFinal = (exit: Exit.Failure<unknown, FailoverError>): boolean => {
  const error = Cause.findErrorOption(exit.cause)
  return error._tag === "None" || ["Rejected", "Broken", "DeadlineExceeded"].includes(error.value.reason._tag)
}

/** The end of a side that settled the call; its error tells of the other side as well. */
const complete = <A>(call: Call, exit: End<A>): Effect.Effect<Answer<A>, FailoverError> =>
  Effect.mapError(exit as Exit.Exit<Answer<A>, FailoverError>, (error) => call.ledger.error(error.reason))

const remembered =
  <A>(call: Call, make: Make<A>): Make<A> =>
  (attempt: Attempt) =>
    Effect.onInterrupt(make(attempt), () =>
      Effect.sync(() => call.ledger.lost(attempt.target, attempt.lease, attempt.startedAt))
    )

/** The end of whichever side ends first, and which one that was. */
const firstEnd = (first: Fiber.Fiber<unknown, unknown>, second: Fiber.Fiber<unknown, unknown>): Effect.Effect<Side> =>
  Effect.raceFirst(Effect.as(Fiber.await(first), "first" as const), Effect.as(Fiber.await(second), "second" as const))

/** Takes a call through its targets, with a hedge. `make` makes the attempts of a side. */
export const hedged = Effect.fnUntraced(function* <A>(call: Call, make: (race: Race, side: Side) => Make<A>) {
  const { hedge } = call.route.state
  const after = hedge?.after()
  const race = new Race()
  const [target, ...others] = call.targets
  if (hedge === undefined || after === undefined || target === undefined || others.length === 0) {
    return yield* drive(call, make(race, "first"))
  }
  hedge.budget.calls++
  const sideOf = (side: Side, targets: typeof others) =>
    driveSide(call, { targets, lastResort: false }, remembered(call, make(race, side)))
  const first = yield* Effect.forkChild(sideOf("first", [target]))
  race.fibers.first = first
  yield* Effect.raceFirst(Fiber.await(first), Effect.sleep(Duration.millis(after)))
  const isLate = first.pollUnsafe() === undefined && race.winner === undefined
  if (!isLate || !call.hasNext(target) || !hedge.budget.withdraw()) {
    // Alone, the first side ends the call as it would have without a hedge: only a target that gave way goes on.
    const answer = yield* yield* Fiber.await(first)
    return answer ?? (yield* drive(call, make(race, "second"), others))
  }
  const second = yield* Effect.forkChild(sideOf("second", others))
  race.fibers.second = second
  const ended = yield* firstEnd(first, second)
  const other = ended === "first" ? second : first
  const exit: End<A> = yield* Fiber.await(ended === "first" ? first : second)
  if (settled(exit) && (race.winner === undefined || race.winner === ended)) {
    yield* Fiber.interrupt(other)
    return yield* complete(call, exit)
  }
  // The next target is being asked already.
  if (ended === "first") call.ledger.turned({ _tag: "Next" }, target)
  const last: End<A> = yield* Fiber.await(other)
  if (settled(last)) return yield* complete(call, last)
  return yield* drive(call, make(race, "second"), [])
})
