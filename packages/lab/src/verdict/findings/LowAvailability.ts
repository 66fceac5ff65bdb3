/**
 * `low-availability`: a smaller share of the calls whose callers stayed ended well than the scenario expects.
 *
 * Grants nothing: what cannot be answered is for the scenario's `availability` to say. A whole answer ends well, and so does
 * a proper refusal where one is expected.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import * as Figures from "../Figures.ts"
import type { Finding } from "../Finding.ts"

const rounding = 1e-9

/** Judges the share. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const { answered, availability, calls, left, rejected } = Figures.of(facts)
  const wanted = facts.expect.availability
  if (availability + rounding >= wanted) return []
  const bad = facts.cases.filter(({ ending }) => ending === "failed" || ending === "broken" || ending === "mixed")
  const [good, of, share, least] = [
    answered + rejected,
    calls - left,
    Evidence.percent(availability),
    Evidence.percent(wanted)
  ]
  const message = {
    en: `${good} of ${of} calls ended well (${share}), expected ${least}: give the route another key and another vendor to fall back on.`,
    zh: `${of} 次调用中 ${good} 次结果正常（${share}），预期 ${least}：请为路由配置备用密钥和备用厂商。`
  }
  return [
    Evidence.ofCalls(
      "low-availability",
      message,
      bad.map(({ call }) => call.id)
    )
  ]
}
