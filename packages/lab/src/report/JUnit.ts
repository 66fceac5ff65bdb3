/**
 * The report that build servers read: a suite per client, a case per scenario, a failure per finding that fails,
 * an error where there is no verdict. What merely warns is in the case's output. Times are those that the
 * runs really took.
 */
import type { Finding } from "../verdict/Finding.ts"
import type { RunError } from "../verdict/RunError.ts"
import * as Conceal from "./internal/Conceal.ts"
import * as FigureLine from "./internal/FigureLine.ts"
import * as RunLine from "./internal/RunLine.ts"
import type { Judged } from "./Judged.ts"
import * as Standing from "./Standing.ts"
import * as Text from "./Text.ts"

/** JUnit XML of the runs. */
export const render = (list: ReadonlyArray<Judged>, language: Text.Language): string => {
  const suites = [...Map.groupBy(list, ({ run }) => run.client)]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "understudy lab", ...totals(list) })}>`,
    ...suites.flatMap(([client, runs]) => [
      `  <testsuite${attributes({ name: client, ...totals(runs) })}>`,
      ...runs.flatMap((judged) => toCase(judged, language)),
      "  </testsuite>"
    ]),
    "</testsuites>",
    ""
  ].join("\n")
}

const seconds = (millis: number): string => (millis / 1000).toFixed(3)

const tookOf = ({ run, took = run.duration }: Judged): number => took

const totals = (runs: ReadonlyArray<Judged>) => ({
  tests: String(runs.length),
  failures: String(runs.filter(({ verdict }) => Standing.of(verdict) === "failed").length),
  errors: String(runs.filter(({ verdict }) => Standing.of(verdict) === "error").length),
  time: seconds(runs.reduce((sum, judged) => sum + tookOf(judged), 0))
})

const toCase = (judged: Judged, language: Text.Language): ReadonlyArray<string> => {
  const { run, verdict } = judged
  const text = Text.of(language)
  const figures = FigureLine.parts(text, verdict.figures).join(", ")
  const { error } = verdict
  const notJudged = RunLine.notJudged(text, judged)
  // Where there is no verdict, a finding beside it is no failure of its own: a case has one outcome.
  const [failures, others] =
    error === undefined
      ? [verdict.findings.filter(isFailure), verdict.findings.filter((finding) => !isFailure(finding))]
      : [[], verdict.findings]
  const out = [
    ...others.map(({ kind, message, severity }) =>
      text.pair(text.weighed(kind, text.severities[severity]), Conceal.of(run.scenario)(message[language]))
    ),
    ...(notJudged === undefined ? [] : [notJudged]),
    figures,
    ...(judged.command === undefined ? [] : [judged.command])
  ]
  return [
    `    <testcase${attributes({ name: run.scenario.name, classname: run.client, time: seconds(tookOf(judged)) })}>`,
    ...(error === undefined ? [] : [toError(judged, error, language)]),
    ...failures.map((finding) => toFailure(judged, finding, language)),
    `      <system-out>${escape(out.join("\n"))}</system-out>`,
    "    </testcase>"
  ]
}

const isFailure = ({ severity }: Finding): boolean => severity === "fails"

const toError = ({ run }: Judged, error: RunError, language: Text.Language): string => {
  const message = Conceal.of(run.scenario)(error.message[language])
  return `      <error${attributes({ type: error.kind, message })}>${escape(message)}</error>`
}

const toFailure = ({ run }: Judged, finding: Finding, language: Text.Language): string => {
  const text = Text.of(language)
  const message = Conceal.of(run.scenario)(finding.message[language])
  const named = [
    message,
    ...(finding.calls.length === 0 ? [] : [text.pair(text.calls, finding.calls.join(", "))]),
    ...(finding.attempts.length === 0
      ? []
      : [text.pair(text.attempts, finding.attempts.map((one) => `#${one}`).join(", "))])
  ]
  return `      <failure${attributes({ type: finding.kind, message })}>${escape(named.join("\n"))}</failure>`
}

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(value).replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`)
    .join("")

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;"
}

// XML 1.0 has no way to write the other control characters, lone surrogates or U+FFFE and U+FFFF, not even as entities.
const unwritable = /(?![\n\r\t])[\p{Cc}\p{Cs}\ufffe\uffff]/gu

const escape = (text: string): string =>
  text.replace(unwritable, "\ufffd").replace(/[&<>"'\r]/g, (character) => entities[character] ?? character)
