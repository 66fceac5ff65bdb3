/**
 * `cancelled-left-running`: a request went on, or was made, after its caller had gone.
 *
 * **Details**
 *
 * What it grants: a second for a request to be aborted, and a quarter of one for an answer that was nearly done or a request
 * that was about to be made.
 */
import type { Attempt } from "../../run/Run.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const toAbort = 1_000
const onItsWay = 250

/** Looks at the calls whose callers left. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const soon = facts.own(onItsWay)
  const isLate = (attempt: Attempt, leftAt: number): boolean => {
    const after = facts.endOf(attempt) - leftAt
    return attempt.at > leftAt + soon || after > facts.own(toAbort) || (attempt.end === "complete" && after > soon)
  }
  const late = ({ attempts, call, ending }: Case): ReadonlyArray<Attempt> => {
    const leftAt = call.endedAt
    return ending === "left" && leftAt !== undefined ? attempts.filter((attempt) => isLate(attempt, leftAt)) : []
  }
  const found = facts.cases.flatMap(late)
  if (found.length === 0) return []
  const message = {
    en: `${Evidence.many(found.length, "request")} went on after the caller had left: pass the caller's signal on to the vendor.`,
    zh: `${found.length} 个请求在调用方离开后仍在继续：请将调用方的取消信号传递给厂商。`
  }
  return [Evidence.ofAttempts("cancelled-left-running", message, found)]
}
