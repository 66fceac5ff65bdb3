/**
 * How findings are put: bounded lists, and numbers as people read them.
 */
import type { Attempt } from "../run/Run.ts"
import { type FindingKind, findings, type Severity } from "../scenario/FindingKind.ts"
import type { Sentence } from "../scenario/Sentence.ts"
import type { Case } from "./Case.ts"
import type { Finding } from "./Finding.ts"

/** How many calls and attempts a finding lists in the end; its message has the full count. */
export const most = 20

/** A finding about calls, as severe as its kind unless told otherwise. */
export const ofCalls = (
  kind: FindingKind,
  message: Sentence,
  calls: ReadonlyArray<string>,
  attempts: ReadonlyArray<number> = [],
  severity: Severity = findings[kind].severity
): Finding => ({ kind, severity, message, calls, attempts })

/** A finding that attempts show, as severe as its kind unless told otherwise. */
export const ofAttempts = (
  kind: FindingKind,
  message: Sentence,
  attempts: ReadonlyArray<Attempt>,
  severity?: Severity
): Finding => {
  const calls = new Set(attempts.flatMap(({ call }) => call ?? []))
  const ordinals = attempts.map(({ ordinal }) => ordinal)
  return ofCalls(kind, message, [...calls], ordinals, severity)
}

/** A finding that calls show, with some of their attempts. */
export const ofCases = <Shown extends Pick<Case, "call">>(
  kind: FindingKind,
  message: Sentence,
  cases: ReadonlyArray<Shown>,
  attemptsOf: (each: Shown) => ReadonlyArray<Attempt> = () => []
): Finding => {
  const ids = cases.map(({ call }) => call.id)
  return ofCalls(
    kind,
    message,
    ids,
    cases.flatMap((each) => attemptsOf(each).map(({ ordinal }) => ordinal))
  )
}

/** A finding as it is told: with no more calls and attempts than anybody looks at. */
export const bounded = (finding: Finding): Finding => ({
  ...finding,
  calls: finding.calls.slice(0, most),
  attempts: finding.attempts.slice(0, most)
})

/** The longest text that is quoted, in characters. */
const longestQuote = 60

/** A text in quotes, shortened: what callers were given may be anything. */
export const quote = (text: string): string => {
  const characters = [...text.trim().replaceAll(/\s+/g, " ")]
  return `"${characters.slice(0, longestQuote).join("")}${characters.length > longestQuote ? "…" : ""}"`
}

/** A number of things: `1 call`, `2 calls`. */
export const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

/** A share as a percentage, never rounded up to more than it is. */
export const percent = (share: number): string => `${Math.floor(share * 10_000 + 1e-6) / 100}%`

/** A duration: `850 ms`, `12.5 s`, `3 min`. */
export const duration = (millis: number): string => {
  if (millis < 1_000) return `${Math.round(millis)} ms`
  if (millis < 60_000) return `${Math.round(millis / 100) / 10} s`
  return `${Math.round(millis / 6_000) / 10} min`
}
