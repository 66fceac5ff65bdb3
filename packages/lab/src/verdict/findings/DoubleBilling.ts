/**
 * `double-billing`: two attempts of one call were both answered to the end, and billed.
 *
 * **Details**
 *
 * What it grants:
 *
 * - answers that a client cannot take: empty, partial, malformed, censored, without a finish;
 * - a hedge whose loser was done within fifty milliseconds of the winner: it could not be called off in time.
 */
import type { Attempt } from "../../run/Run.ts"
import * as Attempts from "../Attempts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const race = 50

/** True for an answer that came to its end, and is paid for. */
export const isBilled = (attempt: Attempt): boolean =>
  Attempts.isWhole(attempt) && attempt.finish === "stop" && attempt.end === "complete" && attempt.tokens !== 0

const isTie = (first: Attempt, second: Attempt, within: number): boolean =>
  second.at <= first.endedAt! && Math.abs(second.endedAt! - first.endedAt!) <= within

/** Looks at the answers to each call. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const twice = facts.repeated
    .map(({ attempts }) => attempts.filter((attempt) => attempt.endedAt !== undefined && isBilled(attempt)))
    .map(([first, ...others]) => {
      const more = first === undefined ? [] : others.filter((other) => !isTie(first, other, facts.own(race)))
      return first === undefined || more.length === 0 ? [] : [first, ...more]
    })
    .filter((answers) => answers.length > 0)
  if (twice.length === 0) return []
  const wasted = twice.flatMap((answers) => answers.slice(1)).reduce((sum, { tokens = 0 }) => sum + tokens, 0)
  const message = {
    en: `${Evidence.many(twice.length, "call")} paid for more than one answer (${wasted} tokens too many): abort the request that lost.`,
    zh: `${twice.length} 次调用被多次完整回答并计费（多付 ${wasted} 个 token）：请取消落败的请求。`
  }
  return [Evidence.ofAttempts("double-billing", message, twice.flat())]
}
