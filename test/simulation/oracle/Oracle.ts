/**
 * The oracle: reads a journal from beginning to end and says which of the nine invariants were broken.
 *
 * It knows the plan, the schedule, what the vendors saw and what the callers got; it shares no code and no state with the
 * engine. Determinism (the first half of invariant 8) takes two runs: see `Check`.
 */
import type { Journal } from "../world/Journal.ts"
import * as Bounds from "./Bounds.ts"
import { Causes } from "./Causes.ts"
import { delivery } from "./Delivery.ts"
import { Facts } from "./Facts.ts"
import { Keys } from "./Keys.ts"
import { Ledger } from "./Ledger.ts"
import { Paths } from "./Paths.ts"
import { recovery } from "./Recovery.ts"
import { Success } from "./Success.ts"
import type { Violation } from "./Violation.ts"

/** What the oracle says of a run. */
export interface Verdict {
  readonly violations: ReadonlyArray<Violation>
  /** Calls that were answered although something they asked first was broken. */
  readonly rescued: number
}

/** Judges a run. */
export const judge = (journal: Journal): Verdict => {
  const facts = new Facts(journal)
  const ledger = new Ledger(facts)
  const paths = new Paths(facts, ledger)
  const success = new Success(facts, ledger, paths)
  const keys = new Keys(facts, ledger)
  const causes = new Causes(facts)
  const violations: Array<Violation> = []
  for (const entry of journal.entries) {
    // Each is asked only what it looks at: most of a journal concerns few of them.
    if (entry.tag === "sent") violations.push(...keys.before(entry))
    if (entry.tag === "started") violations.push(...recovery(facts, ledger, paths, entry))
    ledger.write(entry)
    if (entry.tag === "sent" || entry.tag === "finished") violations.push(...success.check(entry))
    if (entry.tag === "ended") violations.push(...keys.after(entry))
    if (entry.tag === "ended" || entry.tag === "told") violations.push(...causes.check(entry))
  }
  for (const call of journal.calls) {
    violations.push(...delivery(facts, call), ...Bounds.attempts(facts, call))
    violations.push(...Bounds.ends(facts, call), ...Bounds.truthful(facts, call))
  }
  violations.push(...keys.end(facts.plan.horizon), ...causes.end(), ...Bounds.secrets(facts))
  if (journal.openAtEnd > 0) {
    violations.push({
      invariant: 7,
      message: `${journal.openAtEnd} requests are open at the end`,
      at: facts.plan.horizon
    })
  }
  return { violations: violations.toSorted((a, b) => a.at - b.at), rescued: success.guarded }
}
