/**
 * `left-running`: a request of a call went on, or was made, after the call had ended for its caller: the loser of a hedge, or one
 * that was given up and never called off.
 *
 * **Details**
 *
 * What it grants: a second for a request to be aborted, and a quarter of one for a request that was about to be made; answers
 * that came to their end and are billed twice, which is `double-billing`; calls whose callers left, which is
 * `cancelled-left-running`.
 */
import type { Attempt } from "../../run/Run.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"
import { isBilled } from "./DoubleBilling.ts"

const toAbort = 1_000
const onItsWay = 250

const outlived = (facts: Facts, { attempts, call }: Case): ReadonlyArray<Attempt> => {
  const { endedAt, outcome } = call
  if (endedAt === undefined || (outcome !== "answered" && outcome !== "failed")) return []
  const billed = attempts.filter(isBilled).length
  return attempts.filter(
    (attempt) =>
      (attempt.at > endedAt + facts.own(onItsWay) || facts.endOf(attempt) > endedAt + facts.own(toAbort)) &&
      !(billed > 1 && isBilled(attempt))
  )
}

/** Looks at what each call left behind. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const found = facts.cases.flatMap((each) => outlived(facts, each))
  if (found.length === 0) return []
  const message = {
    en: `${Evidence.many(found.length, "request")} went on after the call was over: abort whatever of a call is still open when it ends.`,
    zh: `${found.length} 个请求在调用结束后仍在继续：调用结束时，请取消它尚未完成的全部请求。`
  }
  return [Evidence.ofAttempts("left-running", message, found)]
}
