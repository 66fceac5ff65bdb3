/**
 * The JSON report: `{ "format": "understudy-lab", "version": 2, "runs": [StoredRun, ...] }`.
 *
 * The same runs give the same bytes: fields have a fixed order, and nothing of the machine (clock, duration, paths) is in
 * it. Values of keys are not either. Of a long run the ordinary calls and the probes that no finding names are counted by
 * the minute; all others are told.
 *
 * @see StoredRun for the fields
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { inMinute } from "../run/Rest.ts"
import type { Attempt } from "../run/Run.ts"
import * as Exercised from "./Exercised.ts"
import * as Conceal from "./internal/Conceal.ts"
import type { Judged } from "./Judged.ts"
import * as JudgedCall from "./JudgedCall.ts"
import { ReportError, type ReportReason } from "./ReportError.ts"
import { fields, StoredRun } from "./StoredRun.ts"

/** Runs of more calls are stored without their ordinary calls. */
const longest = 2000

const format = "understudy-lab"

/** Since findings have a severity. */
const version = 2

/** The text of a report; `earlier` are runs of the report before it that stay in it. */
export const encode = (list: ReadonlyArray<Judged>, earlier: ReadonlyArray<StoredRun> = []): string => {
  const runs = [...list.map(toStored), ...earlier].map(runText)
  return `{\n"format": "${format}",\n"version": ${version},\n"runs": [${runs.join(",\n")}]\n}\n`
}

/** One field a line, and one element of a list a line: to be compared by line. */
const runText = (run: StoredRun): string => {
  const lines = Object.entries(run).map(([name, value]) => {
    const text = Array.isArray(value)
      ? `[${value.map((element) => `\n${JSON.stringify(element)}`).join(",")}]`
      : JSON.stringify(value)
    return `${JSON.stringify(name)}: ${text}`
  })
  return `{\n${lines.join(",\n")}\n}`
}

/** A run as a report keeps it, to be compared with one that was read. */
export const toStored = (judged: Judged): StoredRun => {
  const { run, verdict } = judged
  const kept =
    run.rest !== undefined || run.calls.length > longest
      ? shortened(judged)
      : { calls: run.calls, attempts: run.attempts }
  const stored = {
    scenario: withoutValues(run.scenario.source),
    client: run.client,
    runner: run.runner,
    seed: run.seed,
    duration: run.duration,
    ...(run.clock === undefined ? {} : { clock: run.clock }),
    passed: verdict.passed,
    ...(verdict.error === undefined ? {} : { error: verdict.error }),
    figures: pick(fields.figures, verdict.figures),
    findings: verdict.findings.map((finding) => pick(fields.finding, finding)),
    ...(verdict.withheld.length === 0 ? {} : { withheld: verdict.withheld }),
    ...(run.rest === undefined || run.rest.beyond === 0 ? {} : { beyond: run.rest.beyond }),
    calls: kept.calls.map((call) => pick(fields.call, call)),
    attempts: kept.attempts.map((attempt) => pick(fields.attempt, attempt)),
    transitions: run.transitions.map((transition) => pick(fields.transition, transition)),
    ...(run.logged === undefined ? {} : { logged: run.logged }),
    faults: Exercised.count(run.attempts),
    ...("minutes" in kept ? { minutes: kept.minutes } : {})
  }
  return mapTexts(stored, Conceal.of(run.scenario)) as StoredRun
}

const withoutValues = (source: StoredRun["scenario"]): StoredRun["scenario"] => {
  if (source.keys === undefined) return source
  const keys = Object.entries(source.keys).map(([name, { value: _, ...key }]) => [name, key] as const)
  return { ...source, keys: Object.fromEntries(keys) }
}

const pick = <Part extends object>(names: ReadonlyArray<string>, part: Part): Part =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = part[name as keyof Part]
      return value === undefined ? [] : [[name, value]]
    })
  ) as Part

const mapTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value)
  if (Array.isArray(value)) return value.map((element) => mapTexts(element, change))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapTexts(part, change)]))
}

const shortened = (judged: Judged) => {
  const { run } = judged
  const flagged = JudgedCall.flags(judged).attempts
  const calls = JudgedCall.of(judged)
  const ordinary = new Set(calls.filter(({ ordinary }) => ordinary).map(({ call }) => call.id))
  const isCounted = ({ call, ordinal }: Attempt): boolean =>
    call === undefined ? !flagged.has(ordinal) : ordinary.has(call)
  const minutes = new Map(run.rest?.minutes)
  for (const { id, at, endedAt = at } of run.calls) {
    if (ordinary.has(id)) inMinute(minutes, at, { calls: 1, probes: 0, slowest: endedAt - at })
  }
  for (const attempt of run.attempts) {
    if (attempt.call === undefined && isCounted(attempt))
      inMinute(minutes, attempt.at, { calls: 0, probes: 1, slowest: 0 })
  }
  return {
    calls: run.calls.filter(({ id }) => !ordinary.has(id)),
    attempts: run.attempts.filter((attempt) => !isCounted(attempt)),
    minutes: [...minutes].map(([minute, rest]) => ({ minute, ...rest })).toSorted((a, b) => a.minute - b.minute)
  }
}

/** Reads a report; `source` is its file, for the error's message. */
export const decode = (text: string, source = "report"): Result.Result<ReadonlyArray<StoredRun>, ReportError> => {
  const fail = (reason: ReportReason) => Result.fail(new ReportError({ source, reason }))
  const json = parse(text)
  if (Result.isFailure(json)) return fail({ _tag: "NotJson", why: firstLine(json.failure.message) })
  const head = parseHead(json.success)
  if (Result.isFailure(head)) return fail({ _tag: "NotAReport" })
  if (head.success.version !== version) return fail({ _tag: "OtherVersion", version: head.success.version })
  const report = parseReport(json.success)
  if (Result.isFailure(report)) return fail({ _tag: "Damaged", why: firstLine(report.failure.message) })
  return Result.succeed(report.success.runs)
}

const parse = Schema.decodeUnknownResult(Schema.fromJsonString(Schema.Unknown))

const parseHead = Schema.decodeUnknownResult(
  Schema.Struct({ format: Schema.Literal(format), version: Schema.optionalKey(Schema.Unknown) })
)

const parseReport = Schema.decodeUnknownResult(Schema.Struct({ runs: Schema.Array(StoredRun) }))

/** Of many names that would fit, none is the news; the place is. */
const names = /Expected (?:"[^"]*" \| ){8,}"[^"]*"/g

const firstLine = (message: string): string =>
  message
    .replace(names, "a name that is unknown")
    .split("\n")
    .slice(0, 2)
    .map((line) => line.trim())
    .join(" ")
