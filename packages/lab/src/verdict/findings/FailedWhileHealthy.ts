/**
 * `failed-while-healthy`: a call failed, or never ended, although one and the same path was certain to answer from its
 * beginning to its end.
 *
 * **Details**
 *
 * What it grants:
 *
 * - streams that broke after content: an honest error beats a second answer glued to the first;
 * - calls that met a refusal of the request itself, or of what the model made of it: failing is the answer. A model that is
 *   gone is no such refusal;
 * - a path that was well again only for a short while (`Paths`: `known`): the client's probes need not have found out;
 * - a path on which something did happen to the call, whatever the truth said of it;
 * - calls that were cut short by the end of the run: an unfinished one counts after three minutes.
 */
import type { Attempt, Path } from "../../run/Run.ts"
import { pathOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const patience = 180_000

const isAboutRequest = (attempt: Attempt): boolean => Attempts.means(attempt, "censored", "caller", "unfit")

const isGranted = ({ attempts, call }: Case): boolean =>
  call.text !== "" || call.firstContentAt !== undefined || attempts.some(isAboutRequest)

const pathBeside = (facts: Facts, { attempts, call }: Case): Path | undefined => {
  const end = call.endedAt ?? facts.run.duration
  if (call.outcome === "unfinished" && end - call.at < patience) return undefined
  const tried = new Set(attempts.filter(({ recipe }) => recipe !== "answer").map(pathOf))
  return facts.paths.healthy(call.model, call.at, end).find((path) => !tried.has(path))
}

/** Looks at the calls that failed. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  if (facts.expect.outcome === "rejected") return []
  const found = facts.cases.flatMap((each) => {
    const { outcome } = each.call
    if ((outcome !== "failed" && outcome !== "unfinished") || isGranted(each)) return []
    const path = pathBeside(facts, each)
    return path === undefined ? [] : [{ ...each, path }]
  })
  const [first] = found
  if (first === undefined) return []
  const { id } = first.call
  const message = {
    en: `${Evidence.many(found.length, "call")} failed while a path was healthy from beginning to end (${id}: ${first.path}): let such a call go on with it.`,
    zh: `${found.length} 次调用失败，而其全程都有健康路径可用（${id}：${first.path}）：这样的调用应接着改走该路径。`
  }
  return [Evidence.ofCases("failed-while-healthy", message, found, ({ attempts }) => attempts)]
}
