/**
 * The summary for a pull request: one table of all scenarios, and what failed in sections to unfold.
 *
 * It stays under GitHub's limit for a comment: sections that do not fit are left out, and then rows, with a note.
 */
import type { Finding } from "../verdict/Finding.ts"
import * as Exercised from "./Exercised.ts"
import * as Conceal from "./internal/Conceal.ts"
import * as FigureLine from "./internal/FigureLine.ts"
import * as Format from "./internal/Format.ts"
import * as RunLine from "./internal/RunLine.ts"
import type { Judged } from "./Judged.ts"
import * as Standing from "./Standing.ts"
import * as Text from "./Text.ts"

/** GitHub takes 65,536 characters; the rest is for what others put around. */
const mostCharacters = 60_000

/** The findings of a scenario that are told one by one. */
const mostFindings = 20

/** The summary of the runs. */
export const render = (list: ReadonlyArray<Judged>, language: Text.Language): string => {
  const text = Text.of(language)
  const failed = list.filter(({ verdict }) => !verdict.passed)
  const warned = list.filter(({ verdict }) => Standing.of(verdict) === "warned")
  const counted = Standing.counted(text, list)
  const head = ["", text.scenario, text.client, text.availability, text.calls, text.attempts, "P95", text.findings]
  const start = [
    `### ${failed.length === 0 ? "✅" : "❌"} ${text.pair(text.title, counted)}`,
    "",
    toRow(head.map(Format.capital)),
    "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |"
  ]
  const note = `\n${text.shortened}\n`
  const blocks = [
    ...[...failed, ...list.filter(({ verdict }) => verdict.passed)].map(summaryRow),
    ...list.flatMap((judged) => notJudged(judged, text)),
    ...[...failed, ...warned].map((judged) => `\n${section(judged, language)}`),
    ...(list.length === 0 ? [] : [`\n${faults(list, text)}`])
  ]
  const kept = [start.join("\n")]
  let room = mostCharacters - start.join("\n").length - note.length
  for (const block of blocks) {
    room -= block.length + 1
    if (room < 0) return [...kept, note].join("\n")
    kept.push(block)
  }
  return `${kept.join("\n")}\n`
}

const notJudged = (judged: Judged, text: Text.Text): ReadonlyArray<string> => {
  const note = RunLine.notJudged(text, judged)
  return note === undefined ? [] : [`\n${text.pair(escape(judged.run.scenario.name), escape(note))}`]
}

const signs: Readonly<Record<Standing.Standing, string>> = { passed: "✅", warned: "⚠️", failed: "❌", error: "❔" }

const signOf = ({ verdict }: Judged): string => signs[Standing.of(verdict)]

const toRow = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

const summaryRow = (judged: Judged): string => {
  const { run, verdict } = judged
  const { error, figures, findings } = verdict
  const names = [...(error === undefined ? [] : [error.kind]), ...findings.map(({ kind }) => kind)]
  const kinds = [...new Set(names)].map((kind) => `\`${kind}\``)
  return toRow([
    signOf(judged),
    escape(run.scenario.name),
    escape(run.client),
    Format.percent(figures.availability),
    Format.count(figures.calls),
    Format.count(figures.attempts),
    Format.duration(figures.p95Answer),
    kinds.join(" ")
  ])
}

/** Which kinds of faults the runs exercised. */
const faults = (list: ReadonlyArray<Judged>, text: Text.Text): string => {
  const all = Exercised.of(list)
  const [met, unmet] = [all.filter(({ requests }) => requests > 0), all.filter(({ requests }) => requests === 0)]
  const kinds = unmet.map(({ kind }) => `\`${kind}\``).join(" ")
  return [
    `<details><summary>${text.exercised(Format.count(met.length), Format.count(all.length))}</summary>`,
    "",
    toRow([text.fault, text.requests, text.scenarios].map(Format.capital)),
    "| --- | ---: | ---: |",
    ...met.map(({ kind, requests, scenarios }) =>
      toRow([`\`${kind}\``, Format.count(requests), Format.count(scenarios)])
    ),
    "",
    ...(kinds === "" ? [] : [text.notExercised(kinds), ""]),
    "</details>"
  ].join("\n")
}

const section = (judged: Judged, language: Text.Language): string => {
  const text = Text.of(language)
  const { run, verdict } = judged
  const shown = verdict.findings.slice(0, mostFindings)
  const hidden = verdict.findings.length - shown.length
  return [
    `<details><summary>${signOf(judged)} ${escape(run.scenario.name)} · ${escape(run.client)}</summary>`,
    "",
    escape(run.scenario.teaches[language]),
    "",
    ...errorItem(judged, language),
    ...shown.map((finding) => toItem(judged, finding, language)),
    ...(hidden > 0 ? [`- ${text.more(Format.count(hidden))}`] : []),
    "",
    FigureLine.parts(text, verdict.figures).join(" · "),
    "",
    ...reproduce(judged, text),
    "</details>"
  ].join("\n")
}

const reproduce = ({ command }: Judged, text: Text.Text): ReadonlyArray<string> => {
  if (command === undefined) return []
  const block = ["```sh", Format.oneLine(command).replaceAll("`", "'"), "```"]
  return [text.pair(Format.capital(text.reproduce), "").trimEnd(), "", ...block, ""]
}

const toItem = ({ run }: Judged, { kind, message, severity }: Finding, language: Text.Language): string => {
  const told = escape(Conceal.of(run.scenario)(message[language]))
  const text = Text.of(language)
  const name = severity === "fails" ? text.kinds[kind] : text.weighed(text.kinds[kind], text.severities[severity])
  return `- **\`${kind}\`** ${text.pair(name, told)}`
}

const errorItem = ({ run, verdict: { error } }: Judged, language: Text.Language): ReadonlyArray<string> => {
  if (error === undefined) return []
  const message = escape(Conceal.of(run.scenario)(error.message[language]))
  return [`- **\`${error.kind}\`** ${Text.of(language).pair(Text.of(language).error, message)}`]
}

/** Plain text as Markdown, on one line: nothing in it is a link, a mention, a tag or a border of a table. */
const escape = (text: string): string =>
  Format.shorten(Format.oneLine(text), 600)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]|~]/g, (character) => `\\${character}`)
    .replaceAll("@", "@\u200b")
