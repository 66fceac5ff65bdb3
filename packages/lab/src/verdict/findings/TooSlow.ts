/**
 * `too-slow`: an answer took longer than the scenario's `within`. The slowest calls are listed first.
 *
 * Only calls that were answered count, from their beginning to the end of the answer. What it grants: calls that waited for a
 * silent vendor, which `stall-undetected` is about; where the run's clock is the faster one, a tenth of a second of the client's
 * own work.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const handling = 100

/** Looks at the calls that were answered; `explained` are those that other findings are about. */
export const find = (facts: Facts, explained: ReadonlySet<string>): ReadonlyArray<Finding> => {
  const { within } = facts.expect
  if (within === undefined) return []
  const limit = within + facts.own(handling) - handling
  const slow = facts.cases
    .flatMap(({ call }) =>
      call.outcome === "answered" && call.endedAt !== undefined ? [{ call, took: call.endedAt - call.at }] : []
    )
    .filter(({ call, took }) => took > limit && !explained.has(call.id))
    .toSorted((a, b) => b.took - a.took)
  const [worst] = slow
  if (worst === undefined) return []
  const [longest, allowed] = [Evidence.duration(worst.took), Evidence.duration(within)]
  const message = {
    en: `${Evidence.many(slow.length, "answer")} took longer than ${allowed}, the slowest ${longest}: give up sooner on a first word that does not come, and ask elsewhere.`,
    zh: `${slow.length} 个回答用时超过 ${allowed}，最慢 ${longest}：请更早放弃迟迟不来的首字，改问别处。`
  }
  return [Evidence.ofCases("too-slow", message, slow)]
}
