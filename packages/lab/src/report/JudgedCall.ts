/**
 * Calls with their attempts, and which of them are worth a look: what the details of every report are made from.
 *
 * A call is ordinary when it was answered by its only attempt and no finding names it. Of a long run the ordinary calls are
 * counted and the others told.
 */
import type { Attempt, CallRecord } from "../run/Run.ts"
import type { Judged } from "./Judged.ts"

/** One call, the attempts that were made for it, and the findings that name either, counted from 1. */
export interface JudgedCall {
  readonly call: CallRecord
  readonly attempts: ReadonlyArray<Attempt>
  readonly findings: ReadonlyArray<number>
  readonly ordinary: boolean
}

/** Which findings, counted from 1, name which call and which attempt. */
export interface Flags {
  readonly calls: ReadonlyMap<string, ReadonlyArray<number>>
  readonly attempts: ReadonlyMap<number, ReadonlyArray<number>>
}

/** What is named by findings. */
export const flags = ({ verdict }: Judged): Flags => ({
  calls: indexed(verdict.findings.map((finding) => finding.calls)),
  attempts: indexed(verdict.findings.map((finding) => finding.attempts))
})

/** Every call of a run. */
export const of = (judged: Judged): ReadonlyArray<JudgedCall> => {
  const { run } = judged
  const flagged = flags(judged)
  const attempts = Map.groupBy(run.attempts, (attempt) => attempt.call)
  return run.calls.map((call) => {
    const own = attempts.get(call.id) ?? []
    const named = [
      ...(flagged.calls.get(call.id) ?? []),
      ...own.flatMap(({ ordinal }) => flagged.attempts.get(ordinal) ?? [])
    ]
    const findings = [...new Set(named)].toSorted((a, b) => a - b)
    return { call, attempts: own, findings, ordinary: isOrdinary(call, own, findings) }
  })
}

const isOrdinary = (call: CallRecord, attempts: ReadonlyArray<Attempt>, findings: ReadonlyArray<number>): boolean =>
  call.outcome === "answered" && attempts.length <= 1 && findings.length === 0

const indexed = <Name>(named: ReadonlyArray<ReadonlyArray<Name>>): ReadonlyMap<Name, ReadonlyArray<number>> => {
  const found = new Map<Name, Array<number>>()
  for (const [index, names] of named.entries()) {
    for (const name of names) {
      const numbers = found.get(name)
      if (numbers === undefined) found.set(name, [index + 1])
      else numbers.push(index + 1)
    }
  }
  return found
}
