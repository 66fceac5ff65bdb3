/**
 * `low-availability`: a smaller share of the calls whose callers stayed ended well than the scenario expects.
 *
 * A whole answer ends well, and so does a proper refusal where one is expected. What cannot be answered is for the scenario's
 * `availability` to say. What it grants:
 *
 * - calls whose bad ending another finding explains, for a defect is told once;
 * - where the run's clock was moved on and the client's was not, failures while nothing was well but what had been in trouble
 *   before: the client's own waits were not over.
 */
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import * as Figures from "../Figures.ts"
import type { Finding } from "../Finding.ts"

const rounding = 1e-9

const isBad = ({ ending }: Case): boolean => ending !== "whole" && ending !== "rejected" && ending !== "left"

const isGranted = (facts: Facts, { call, ending }: Case): boolean =>
  facts.isJumped &&
  ending === "failed" &&
  facts.paths.healthy(call.model, call.at, call.endedAt ?? facts.run.duration).length === 0

/** Judges the share; `explained` are the calls that other findings are about. */
export const find = (facts: Facts, explained: ReadonlySet<string>): ReadonlyArray<Finding> => {
  const { answered, availability, calls, left, rejected } = Figures.of(facts)
  const wanted = facts.expect.availability
  const bad = facts.cases.filter((each) => isBad(each) && !isGranted(facts, each) && !explained.has(each.call.id))
  if (bad.length <= (1 - wanted + rounding) * (calls - left)) return []
  const [good, of, share, least] = [
    answered + rejected,
    calls - left,
    Evidence.percent(availability),
    Evidence.percent(wanted)
  ]
  const message = {
    en: `${good} of ${of} calls ended well (${share}), expected ${least}: let a call that fails go on with another key, and then with another vendor.`,
    zh: `${of} 次调用中 ${good} 次结果正常（${share}），预期 ${least}：失败的调用应接着换用另一个密钥，再换另一家厂商。`
  }
  return [Evidence.ofCases("low-availability", message, bad)]
}
