/**
 * `key-reused`: a key that had been refused for good (wrong, without money, not allowed) was used for traffic again, and
 * refused again.
 *
 * **Details**
 *
 * What it grants:
 *
 * - two such attempts a key, for requests that were on their way when the refusal came;
 * - the last resort: no other path was healthy, and known to be;
 * - calls that failed beside a healthy path, which `failed-while-healthy` is about: they had nothing else to go on with;
 * - a key that seemed well: any success with it, a probe's too (some vendors' free endpoints say nothing about money), or a
 *   moment in which it really was;
 * - one look by live traffic five minutes or more after the last refusal; where each came half a minute or more after it, as of
 *   a half-open circuit, it only warns;
 * - for a key that may not use a model, the other models.
 */
import type { Attempt } from "../../run/Run.ts"
import { pathOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"
import { replay, withNews } from "../Replay.ts"

const granted = 2
const liveProbe = 300_000
const halfOpen = 30_000

const isReuse = (facts: Facts, attempt: Attempt, refusedAt: number): boolean =>
  attempt.at - refusedAt < liveProbe &&
  !facts.paths.wasWell(facts.modelOf(attempt), pathOf(attempt), refusedAt, attempt.at) &&
  facts.healthyFor(attempt).some((path) => !path.endsWith(`#${attempt.key}`))

/** An attempt, and how long after the last refusal it was made. */
interface Reuse {
  readonly attempt: Attempt
  readonly after: number
}

/** The attempts of one key, or of one key for a model, that were made in vain although that was known. */
const reuses = (
  facts: Facts,
  attempts: ReadonlyArray<Attempt>,
  isRefused: (attempt: Attempt) => boolean
): ReadonlyArray<Reuse> => {
  const found: Array<Reuse> = []
  let refusedAt: number | undefined
  replay(attempts, {
    learnt: (attempt, at) => {
      if (isRefused(attempt)) refusedAt = at
      else if (Attempts.isSuccess(attempt) && attempt.at >= (refusedAt ?? at)) refusedAt = undefined
    },
    began: (attempt) => {
      if (attempt.call === undefined || refusedAt === undefined || !isRefused(attempt)) return
      if (isReuse(facts, attempt, refusedAt)) found.push({ attempt, after: attempt.at - refusedAt })
    }
  })
  return found
}

const toFinding = (facts: Facts, reused: ReadonlyArray<Reuse>): ReadonlyArray<Finding> => {
  const found = reused.map(({ attempt }) => attempt)
  const [first] = found
  if (first === undefined || found.length <= granted) return []
  const { key } = first
  const other = facts.healthyFor(first).find((path) => !path.endsWith(`#${key}`))
  const message = {
    en: `${key} was used ${found.length} times after it had been refused (${first.recipe}) while ${other} was healthy: take it out until a probe succeeds.`,
    zh: `密钥 ${key} 被拒绝（${first.recipe}）后又被使用 ${found.length} 次，而 ${other} 可用：应先移除，探测成功后再恢复。`
  }
  const isTrial = reused.every(({ after }) => after >= facts.own(halfOpen))
  return [Evidence.ofAttempts("key-reused", message, found, isTrial ? "warns" : "fails")]
}

const isForbidden = (attempt: Attempt): boolean => Attempts.means(attempt, "permission")
const isBad = (attempt: Attempt): boolean => Attempts.isForGood(attempt) && !isForbidden(attempt)
const keyOf = ({ key, vendor }: Attempt): string => `${vendor}#${key}`

/** Looks at each key, and at each key for a model; `explained` are the calls that other findings are about. */
export const find = (facts: Facts, explained: ReadonlySet<string>): ReadonlyArray<Finding> => {
  const judge = (
    attempts: ReadonlyArray<Attempt>,
    subjectOf: (attempt: Attempt) => string,
    isRefused: (attempt: Attempt) => boolean
  ): ReadonlyArray<Finding> =>
    withNews(attempts, subjectOf, isRefused).flatMap((ofSubject) =>
      toFinding(
        facts,
        reuses(facts, ofSubject, isRefused).filter(({ attempt }) => !explained.has(attempt.call ?? ""))
      )
    )
  const all = [...facts.attempts, ...facts.probes].toSorted((a, b) => a.at - b.at || a.ordinal - b.ordinal)
  return [...judge(all, keyOf, isBad), ...judge(facts.attempts, pathOf, isForbidden)]
}
