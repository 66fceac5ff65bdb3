/**
 * Runs a plan and judges it: with `twice`, runs it once more and compares what could be seen (the first half of invariant 8).
 */
import { judge, type Verdict } from "./oracle/Oracle.ts"
import { toLine } from "./oracle/Violation.ts"
import { type Hooks, hashOf, simulate } from "./Simulate.ts"
import type { Journal } from "./world/Journal.ts"
import type { Plan } from "./world/Plan.ts"

/** A run and what the oracle says of it. */
export interface Checked extends Verdict {
  readonly journal: Journal
}

/** Runs and judges. */
export const run = (plan: Plan, options: { readonly twice?: boolean; readonly hooks?: Hooks } = {}): Checked => {
  const journal = simulate(plan, options.hooks)
  const { rescued, violations } = judge(journal)
  if (options.twice !== true) return { journal, rescued, violations }
  const once = hashOf(journal)
  const again = hashOf(simulate(plan, options.hooks))
  if (again === once) return { journal, rescued, violations }
  const message = `two runs of seed ${plan.seed} differ: ${once.slice(0, 12)} and ${again.slice(0, 12)}`
  return { journal, rescued, violations: [...violations, { invariant: 8, message, at: 0 }] }
}

/** The broken promises of a plan, one line each: what a regression test compares with nothing. */
export const check = (plan: Plan): ReadonlyArray<string> => run(plan, { twice: true }).violations.map(toLine)
