/**
 * The loop with a second chance beside a slow first target: after the route's delay the next targets are started as well, the
 * first content wins, and the loser is aborted.
 *
 * **Details**
 *
 * - The first step runs alone; the second side walks through all the others, so no target is asked by both.
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
import { type Answered, type Attempting, loop, type Services, type Tried, type Try, walk } from "./Loop.ts"
import type { Run } from "./Run.ts"

/** Which of the two. */
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

type End<A> = Exit.Exit<Answered<A> | undefined, FailoverError>

const settled = <A>(exit: End<A>): boolean => (Exit.isSuccess(exit) ? exit.value !== undefined : isFinal(exit))

/** A caller's own fault, the end of the call's time, or a defect: nothing the other side could mend. */
const isFinal = (exit: Exit.Failure<unknown, FailoverError>): boolean => {
  const error = Cause.findErrorOption(exit.cause)
  return error._tag === "None" || ["Rejected", "Broken", "DeadlineExceeded"].includes(error.value.reason._tag)
}

/** The end of a side that settled the call; its error tells of the other side as well. */
const complete = <A>(run: Run, exit: End<A>): Effect.Effect<Answered<A>, FailoverError> =>
  Effect.mapError(exit as Exit.Exit<Answered<A>, FailoverError>, (error) => run.ledger.error(error.reason))

const remembered =
  <A>(run: Run, attempt: Try<A>): Try<A> =>
  (attempting: Attempting): Effect.Effect<Tried<A>> =>
    Effect.onInterrupt(attempt(attempting), () =>
      Effect.sync(() => run.ledger.lost(attempting.step, attempting.lease, attempting.context.startedAt))
    )

/** The end of whichever side ends first, and which one that was. */
const firstEnd = (first: Fiber.Fiber<unknown, unknown>, second: Fiber.Fiber<unknown, unknown>): Effect.Effect<Side> =>
  Effect.raceFirst(Effect.as(Fiber.await(first), "first" as const), Effect.as(Fiber.await(second), "second" as const))

/** Takes a call through its steps, with a hedge. `attempt` makes the attempts of a side. */
export const hedged = Effect.fnUntraced(function* <A>(
  services: Services,
  run: Run,
  attempt: (race: Race, side: Side) => Try<A>
) {
  const { hedge } = run.route.state
  const after = hedge?.after()
  const race = new Race()
  const [step, ...others] = run.steps
  if (hedge === undefined || after === undefined || step === undefined || others.length === 0) {
    return yield* loop(services, run, attempt(race, "first"))
  }
  hedge.budget.deposit()
  const sideOf = (side: Side, steps: typeof others) => walk(services, run, steps, remembered(run, attempt(race, side)))
  const first = yield* Effect.forkChild(sideOf("first", [step]))
  race.fibers.first = first
  yield* Effect.raceFirst(Fiber.await(first), Effect.sleep(Duration.millis(after)))
  const isLate = first.pollUnsafe() === undefined && race.winner === undefined
  if (!isLate || !run.hasNext(step) || !hedge.budget.withdraw()) {
    // Alone, the first side ends the call as it would have without a hedge: only a target that gave way goes on.
    const answered = yield* yield* Fiber.await(first)
    return answered ?? (yield* loop(services, run, attempt(race, "second"), others))
  }
  const second = yield* Effect.forkChild(sideOf("second", others))
  race.fibers.second = second
  const ended = yield* firstEnd(first, second)
  const other = ended === "first" ? second : first
  const exit: End<A> = yield* Fiber.await(ended === "first" ? first : second)
  if (settled(exit) && (race.winner === undefined || race.winner === ended)) {
    yield* Fiber.interrupt(other)
    return yield* complete(run, exit)
  }
  // The next target is being asked already.
  if (ended === "first") run.ledger.turned({ _tag: "Next" }, step)
  const last: End<A> = yield* Fiber.await(other)
  if (settled(last)) return yield* complete(run, last)
  return yield* loop(services, run, attempt(race, "second"), [])
})
