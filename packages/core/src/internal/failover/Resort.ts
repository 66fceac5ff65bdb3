/**
 * Whom a call turns to when its steps are through: the targets that were passed over or are limited, in the order in which
 * their keys are due back.
 */
import type { Lease } from "../../key/KeyPool.ts"
import type { Run } from "./Run.ts"
import type { Step } from "./Step.ts"

/** A step to turn to, the key for it, and how long until that key is due. */
export interface Resort {
  readonly step: Step
  readonly lease: Lease
  /** Milliseconds. */
  readonly wait: number
  /** True for a key that is out: removed, or forbidden to use the model. */
  readonly out: boolean
}

const isBefore = (a: Resort, b: Resort): boolean => a.wait < b.wait || (a.wait === b.wait && !a.out && b.out)

/**
 * The step whose key is due back first, of those that have not been `asked` in vain; a key that works before one that is out.
 * Undefined when there is none, or none within the time that the call has and may wait.
 */
export const next = (run: Run, asked: ReadonlySet<Step>): Resort | undefined => {
  let best: Resort | undefined
  for (const step of run.steps) {
    const isOver = step.state === "failed" || step.state === "unsuited"
    const lease = isOver || asked.has(step) ? undefined : run.draw(step, true)
    if (lease === undefined) continue
    const { pool } = step.target.provider
    const now = run.clock.currentTimeMillisUnsafe()
    const wait = pool.waitFor(lease, now)
    const resort = { step, lease, wait, out: !pool.isUsable(lease, now) }
    if (run.mayWait(wait) && (best === undefined || isBefore(resort, best))) best = resort
  }
  return best
}
