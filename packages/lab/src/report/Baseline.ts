/**
 * What got worse since a report was written: for a client with known failures, of which a build is to allow no more.
 *
 * A run that passes is never worse. One that fails is no worse when it failed before, for nothing but the same kinds of findings and
 * with no smaller share of its calls answered. Times are left out: on real clocks they differ from run to run.
 */
import type { Sentence } from "../scenario/Sentence.ts"
import * as Evidence from "../verdict/Evidence.ts"
import type { Finding } from "../verdict/Finding.ts"
import type { Judged } from "./Judged.ts"
import type { StoredRun } from "./StoredRun.ts"

const rounding = 1e-9

const kindsOf = (findings: ReadonlyArray<Finding>): ReadonlySet<string> =>
  new Set(findings.flatMap(({ kind, severity }) => (severity === "fails" ? [kind] : [])))

/** What is worse about a run than about that of the same scenario in a report; nothing where it passes, or fails as it did. */
export const worse = (before: StoredRun | undefined, { verdict }: Judged): ReadonlyArray<Sentence> => {
  if (verdict.passed) return []
  if (before === undefined) return [{ en: "it is not in the baseline", zh: "基线里没有这个场景" }]
  if (before.passed) return [{ en: "it passed", zh: "原来是通过的" }]
  if (verdict.error !== undefined)
    return before.error === undefined ? [{ en: "there was a verdict", zh: "原来有结论，现在没有" }] : []
  const known = kindsOf(before.findings)
  const kinds = [...kindsOf(verdict.findings)].filter((kind) => !known.has(kind))
  const [was, is] = [before.figures.availability, verdict.figures.availability]
  const [share, less] = [Evidence.percent(was), Evidence.percent(is)]
  return [
    ...kinds.map((kind) => ({ en: `${kind} is new`, zh: `新出现了 ${kind}` })),
    ...(is + rounding < was
      ? [{ en: `${less} of the calls ended well, ${share} before`, zh: `调用成功率为 ${less}，原为 ${share}` }]
      : [])
  ]
}
