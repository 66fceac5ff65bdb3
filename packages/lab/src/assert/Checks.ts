/**
 * What can be asked of a judged run, and what is said of it: the same for vitest's matchers and for assertions anywhere else.
 *
 * **Gotchas**
 *
 * - `answersWithin` is about the slowest whole answer, not about a percentile: a single caller who waited fails it, and so
 *   does a run without any answer.
 * - Findings that a scenario allows are none, here too.
 */
import { Duration } from "@understudy/core/config/Texts"
import type { Judged } from "../report/Judged.ts"
import { type FindingKind, findingKinds } from "../scenario/FindingKind.ts"
import type { Sentence } from "../scenario/Sentence.ts"
import * as Suggest from "../scenario/Suggest.ts"
import * as Evidence from "../verdict/Evidence.ts"

/** What calls may cost. */
export interface Cost {
  /** Requests made for the call that took most of them. */
  readonly attemptsPerCall: number
}

/** What came of a check. */
export interface Check {
  readonly judged: Judged
  readonly pass: boolean
  /** Said when the check, or its opposite, fails. */
  readonly sentence: Sentence
}

const isJudged = (value: unknown): value is Judged =>
  typeof value === "object" && value !== null && "run" in value && "verdict" in value

/** What was given instead, and what to do about it. */
const describe = (value: unknown): string => {
  if (value instanceof Promise) return "a promise of one: put `await` before lab.run"
  const kind = value === null ? "null" : typeof value
  return `${kind === "object" ? "an object without run and verdict" : kind}: pass on what lab.run resolves to`
}

/** A check that is asked for by the name of `asker`. */
const judge = (asker: string, given: unknown, check: (judged: Judged) => readonly [boolean, Sentence]): Check => {
  if (!isJudged(given)) throw new TypeError(`${asker} wants a judged run, got ${describe(given)}`)
  const [pass, sentence] = check(given)
  return { judged: given, pass, sentence }
}

const millis = (asker: string, text: string): number => {
  const found = Duration.parse(text)
  if (found === undefined) throw new TypeError(`${asker} wants a duration such as "500ms" or "2s", got "${text}"`)
  return found
}

const share = (asker: string, value: number): number => {
  if (value >= 0 && value <= 1) return value
  throw new TypeError(`${asker} wants a share between 0 and 1, got ${value}`)
}

const rounding = 1e-9

/** The run shows something, and nothing in it fails; what merely warns does not count. */
export const resilient = (asker: string, given: unknown): Check =>
  judge(asker, given, ({ run: { client, scenario }, verdict: { error, passed } }) => [
    passed,
    error !== undefined
      ? {
          en: `There is no verdict on ${client} in ${scenario.name}: ${error.message.en}`,
          zh: `无法判定 ${client} 在 ${scenario.name} 中的表现：${error.message.zh}`
        }
      : passed
        ? {
            en: `${client} gets through ${scenario.name}, expected not`,
            zh: `${client} 通过了 ${scenario.name}，预期不通过`
          }
        : { en: `${client} does not get through ${scenario.name}`, zh: `${client} 未通过 ${scenario.name}` }
  ])

/** At least this share of the calls whose callers stayed ended well. */
export const availability = (asker: string, given: unknown, wanted: number): Check => {
  const least = share(asker, wanted)
  return judge(asker, given, ({ verdict: { figures } }) => {
    const pass = figures.availability + rounding >= least
    const [got, limit] = [Evidence.percent(figures.availability), Evidence.percent(least)]
    return [
      pass,
      {
        en: `${got} of the calls ended well, expected ${pass ? "less than" : "at least"} ${limit}`,
        zh: `${got} 的调用结果正常，预期${pass ? "低于" : "不低于"} ${limit}`
      }
    ]
  })
}

/** This is held against the client. */
export const finding = (asker: string, given: unknown, kind: FindingKind): Check => {
  if (!findingKinds.includes(kind)) {
    throw new TypeError(`${asker} knows no finding "${kind}": ${Suggest.hint(kind, findingKinds)}`)
  }
  return judge(asker, given, ({ run: { client }, verdict }) => {
    const pass = verdict.findings.some((finding) => finding.kind === kind)
    return [
      pass,
      pass
        ? { en: `${kind} is held against ${client}, expected not`, zh: `${client} 有 ${kind} 的问题，预期没有` }
        : { en: `${kind} is not held against ${client}`, zh: `${client} 没有 ${kind} 的问题` }
    ]
  })
}

/** The slowest whole answer took no longer: `"2s"`, `"500ms"`. */
export const answersWithin = (asker: string, given: unknown, duration: string): Check => {
  const most = millis(asker, duration)
  return judge(asker, given, ({ verdict: { figures } }) => {
    if (figures.answered === 0) return [false, { en: "no call got an answer", zh: "没有任何调用得到回答" }]
    const pass = figures.slowestAnswer <= most
    const slowest = Evidence.duration(figures.slowestAnswer)
    return [
      pass,
      {
        en: `the slowest answer took ${slowest}, expected ${pass ? "more than" : "at most"} ${duration}`,
        zh: `最慢的回答用时 ${slowest}，预期${pass ? "超过" : "不超过"} ${duration}`
      }
    ]
  })
}

/** No call cost more. */
export const costsAtMost = (asker: string, given: unknown, { attemptsPerCall }: Cost): Check =>
  judge(asker, given, ({ verdict: { figures } }) => {
    const pass = figures.mostAttempts <= attemptsPerCall
    const most = Evidence.many(figures.mostAttempts, "attempt")
    return [
      pass,
      {
        en: `the most expensive call cost ${most}, expected ${pass ? "more than" : "at most"} ${attemptsPerCall}`,
        zh: `最贵的一次调用用了 ${figures.mostAttempts} 次尝试，预期${pass ? "超过" : "不超过"} ${attemptsPerCall} 次`
      }
    ]
  })
