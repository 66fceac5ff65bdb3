/**
 * `stall-undetected`: an attempt was silent for longer than the scenario's `stallWithin`, and the client waited on.
 *
 * **Details**
 *
 * Silence is time without content: keep-alives and blank lines are no sign of life. It ends when the caller's call does. What
 * it grants:
 *
 * - JSON answers two minutes: they show nothing until they are finished, so that silence cannot be told from work;
 * - before the first content, waiting when no other target was healthy, and known to be, all the while;
 * - one second.
 */
import type { Attempt } from "../../run/Run.ts"
import { targetOf } from "../../run/Whereabouts.ts"
import * as Attempts from "../Attempts.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"
import { placeOf } from "../Paths.ts"

const longestJson = 120_000
const slack = 1_000

interface Silence {
  readonly attempt: Attempt
  readonly millis: number
}

/** The longest silence that an attempt can be blamed for: content is counted as if it had come as late as it may. */
const silenceOf = (attempt: Attempt, end: number, pace: number): number => {
  const { at, chunks, firstByteAt, headersAt } = attempt
  const talk = chunks * pace
  if (Attempts.means(attempt, "queued") || chunks === 0) return end - at - talk
  return end - (firstByteAt ?? headersAt ?? at) - talk
}

const isSilent = (attempt: Attempt): boolean =>
  Attempts.means(attempt, "silent", "queued") && !Attempts.means(attempt, "late")

const silences = (facts: Facts, { attempts, call }: Case): ReadonlyArray<Silence> =>
  attempts.filter(isSilent).flatMap((attempt) => {
    const end = Math.min(facts.endOf(attempt), call.endedAt ?? facts.run.duration)
    const millis = silenceOf(attempt, end, facts.run.scenario.pace)
    const { stallWithin } = facts.expect
    if (millis <= (attempt.stream ? stallWithin : Math.max(stallWithin, longestJson)) + facts.own(slack)) return []
    const hadBegun = attempt.stream && attempt.chunks > 0 && !Attempts.means(attempt, "queued")
    const others = facts.healthyFor(attempt, attempt.at, end)
    const isAlone = others.every((path) => placeOf(path).target === targetOf(attempt))
    return isAlone && !hadBegun ? [] : [{ attempt, millis }]
  })

/** Looks at the attempts that fell silent. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const found = facts.cases.flatMap((each) => silences(facts, each)).toSorted((a, b) => b.millis - a.millis)
  const [worst] = found
  if (worst === undefined) return []
  const [longest, limit] = [Evidence.duration(worst.millis), Evidence.duration(facts.expect.stallWithin)]
  const message = {
    en: `${Evidence.many(found.length, "silent request")} kept a caller waiting, the longest ${longest} (allowed ${limit}): set time limits for the first word and for the gaps between words.`,
    zh: `${found.length} 个无响应的请求被一直等待，最长 ${longest}（允许 ${limit}）：请为首个内容和内容间隔设置超时。`
  }
  const silent = found.map(({ attempt }) => attempt)
  return [Evidence.ofAttempts("stall-undetected", message, silent)]
}
