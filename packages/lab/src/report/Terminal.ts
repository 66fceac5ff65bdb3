/**
 * Reports for a terminal: a timeline with findings and figures, a line per scenario, and a closing summary.
 *
 * Columns stand under one another by display width (Chinese characters take two cells). Colours and Unicode are options,
 * so that the same report goes to a log file.
 */
import type { Attempt } from "../run/Run.ts"
import type { Finding } from "../verdict/Finding.ts"
import * as Exercised from "./Exercised.ts"
import * as Canvas from "./internal/Canvas.ts"
import * as Conceal from "./internal/Conceal.ts"
import * as FigureLine from "./internal/FigureLine.ts"
import * as Format from "./internal/Format.ts"
import * as Glyphs from "./internal/Glyphs.ts"
import * as RunLine from "./internal/RunLine.ts"
import * as TerminalChart from "./internal/TerminalChart.ts"
import type { Judged } from "./Judged.ts"
import * as Standing from "./Standing.ts"
import * as Text from "./Text.ts"
import * as Timeline from "./Timeline.ts"

/** How to write for a terminal. */
export interface Options {
  readonly language: Text.Language
  /** In cells; 100 unless told otherwise. */
  readonly width?: number
  /** Colours; none unless told otherwise. */
  readonly colour?: boolean
  /** Glyphs beyond ASCII; yes unless told otherwise. */
  readonly unicode?: boolean
}

interface Pen {
  readonly language: Text.Language
  readonly text: Text.Text
  readonly width: number
  readonly glyphs: Glyphs.Glyphs
  readonly paint: Canvas.Paint
}

const toPen = ({ language, width = 100, colour = false, unicode = true }: Options): Pen => ({
  language,
  text: Text.of(language),
  width: Math.max(60, width),
  glyphs: unicode ? Glyphs.unicode : Glyphs.ascii,
  paint: Canvas.paint(colour)
})

const sign = ({ verdict }: Judged, { glyphs, paint }: Pen): string => {
  const standing = Standing.of(verdict)
  return paint(Glyphs.standingInks[standing], glyphs.standings[standing])
}

/** The attempts of a finding that are told one by one. */
const mostAttempts = 8

/** One run: its timeline, the findings with their attempts, the figures. */
export const timeline = (judged: Judged, options: Options): string => {
  const pen = toPen(options)
  const { run, verdict } = judged
  const names = [
    ...run.scenario.keys.map(({ name }) => name),
    ...new Set(run.attempts.map(({ vendor, model }) => `${vendor}/${model}`))
  ]
  const gutter = Math.min(32, Math.max(12, ...names.map((name) => name.length)) + 6)
  const chart = Timeline.of(judged, pen.width - gutter)
  const about = [run.client, RunLine.runner(pen.text, run), `${pen.text.seed} ${run.seed}`]
  return [
    `${sign(judged, pen)} ${pen.paint("bold", Format.oneLine(run.scenario.name))}  ${Format.oneLine(about.join(`  ${pen.glyphs.dot}  `))}`,
    ...paragraph(run.scenario.teaches[pen.language], pen, "  "),
    "",
    ...TerminalChart.lines(chart, { ...pen, gutter }),
    "",
    ...errorLines(judged, pen),
    ...verdict.findings.flatMap((finding, index) => findingLines(judged, finding, index + 1, pen)),
    ...(verdict.findings.length === 0 && verdict.error === undefined ? [`  ${pen.text.noFindings}`, ""] : []),
    ...notJudged(judged, pen),
    ...paragraph(FigureLine.parts(pen.text, verdict.figures).join(` ${pen.glyphs.dot} `), pen, "  "),
    ...(verdict.passed ? [] : reproduce(judged, pen, `  ${pen.text.pair(Format.capital(pen.text.reproduce), "")}`))
  ].join("\n")
}

const paragraph = (text: string, { width }: Pen, indent: string): ReadonlyArray<string> =>
  Canvas.wrap(Format.oneLine(text), width - indent.length).map((line) => `${indent}${line}`)

const notJudged = (judged: Judged, pen: Pen): ReadonlyArray<string> => {
  const note = RunLine.notJudged(pen.text, judged)
  return note === undefined ? [] : [...paragraph(note, pen, "  ").map((line) => pen.paint("yellow", line)), ""]
}

/** The command stays on one line, however long, so that it can be copied. */
const reproduce = ({ command }: Judged, { paint }: Pen, label = ""): ReadonlyArray<string> =>
  command === undefined ? [] : [paint("dim", `${label}${Format.oneLine(command)}`)]

const errorLines = ({ run, verdict: { error } }: Judged, pen: Pen): ReadonlyArray<string> =>
  error === undefined
    ? []
    : [
        `  ${pen.paint("red", error.kind)}  ${pen.text.error}`,
        ...paragraph(Conceal.of(run.scenario)(error.message[pen.language]), pen, "     "),
        ""
      ]

/** What a finding is, and how it weighs where it does not fail. */
const nameOf = ({ kind, severity }: Finding, { text }: Pen): string =>
  severity === "fails" ? text.kinds[kind] : text.weighed(text.kinds[kind], text.severities[severity])

const findingLines = (judged: Judged, finding: Finding, number: number, pen: Pen): ReadonlyArray<string> => {
  const { text, paint, language } = pen
  const named = new Set(finding.attempts)
  const attempts = judged.run.attempts.filter(({ ordinal }) => named.has(ordinal))
  const hidden = attempts.length - mostAttempts
  return [
    `  ${paint(Glyphs.severityInks[finding.severity], `${number}. ${finding.kind}`)}  ${nameOf(finding, pen)}`,
    ...paragraph(Conceal.of(judged.run.scenario)(finding.message[language]), pen, "     "),
    ...attempts.slice(0, mostAttempts).map((attempt) => paint("dim", `     ${attemptLine(attempt, pen)}`)),
    ...(hidden > 0 ? [paint("dim", `     ${text.more(Format.count(hidden))}`)] : []),
    ""
  ]
}

const attemptLine = (attempt: Attempt, { text, width }: Pen): string => {
  const { ordinal, at, call, vendor, model, path, key, status, recipe, end, endedAt } = attempt
  const parts = [
    Canvas.sized(`#${ordinal}`, 5),
    Canvas.sized(Format.moment(at), 8),
    Canvas.sized(call ?? text.outcomes.probe, 8),
    `${vendor}/${model === "" ? path : model}`,
    key === "" ? text.noKey : key,
    status === 0 ? recipe : `${status} ${recipe}`,
    endedAt === undefined ? end : `${end} ${Format.moment(endedAt)}`
  ]
  return Canvas.sized(Format.oneLine(parts.join("  ")), width - 5).trimEnd()
}

/** One scenario in one line; lines of several scenarios stand under one another. */
export const line = (judged: Judged, options: Options): string => {
  const pen = toPen(options)
  const { run, verdict } = judged
  const { figures } = verdict
  const rest = [
    Canvas.sized(Format.percent(figures.availability), 7, "right"),
    Canvas.sized(pen.text.someCalls(Format.count(figures.calls)), 14, "right"),
    Canvas.sized(pen.text.someAttempts(Format.count(figures.attempts)), 17, "right"),
    Canvas.sized(pen.text.p95(Format.duration(figures.p95Answer)), 11, "right"),
    Canvas.sized(Format.duration(run.duration), 9, "right")
  ].join("  ")
  const name = Canvas.sized(Format.oneLine(run.scenario.name), Math.max(16, pen.width - 72))
  const mark = Canvas.sized(sign(judged, pen), options.unicode === false ? 2 : 1)
  return `${mark} ${name}  ${rest}`
}

/** What comes after the lines: a row per client, and what failed or warned with the command to see it again. */
export const summary = (list: ReadonlyArray<Judged>, options: Options): string => {
  const pen = toPen(options)
  const told = list.filter(({ verdict }) => Standing.of(verdict) !== "passed")
  return [
    ...clientTable(list, pen),
    ...exercised(list, pen),
    ...told.flatMap((judged) => [
      "",
      `${sign(judged, pen)} ${Format.oneLine(judged.run.scenario.name)}  ${Format.oneLine(judged.run.client)}`,
      ...(judged.verdict.error === undefined ? [] : [`    ${judged.verdict.error.kind}  ${pen.text.error}`]),
      ...judged.verdict.findings.map((finding) => `    ${finding.kind}  ${nameOf(finding, pen)}`),
      ...reproduce(judged, pen, "    ")
    ])
  ].join("\n")
}

const exercised = (list: ReadonlyArray<Judged>, { paint, text, width }: Pen): ReadonlyArray<string> => {
  const all = Exercised.of(list)
  const met = all.filter(({ requests }) => requests > 0)
  const told = met.map(({ kind, requests }) => `${kind} ${Format.count(requests)}`).join(", ")
  const head = text.exercised(Format.count(met.length), Format.count(all.length))
  return ["", ...Canvas.wrap(met.length === 0 ? head : text.pair(head, told), width).map((line) => paint("dim", line))]
}

const clientTable = (list: ReadonlyArray<Judged>, { text, paint }: Pen): ReadonlyArray<string> => {
  const sum = (runs: ReadonlyArray<Judged>, read: (judged: Judged) => number): string =>
    Format.count(runs.reduce((total, judged) => total + read(judged), 0))
  const hasErrors = list.some(({ verdict }) => verdict.error !== undefined)
  const withErrors = (cell: string): ReadonlyArray<string> => (hasErrors ? [cell] : [])
  const rows = [...Map.groupBy(list, ({ run }) => run.client)].map(([client, runs]) => [
    Format.oneLine(client),
    sum(runs, ({ verdict }) => Number(verdict.passed)),
    sum(runs, ({ verdict }) => Number(Standing.of(verdict) === "failed")),
    ...withErrors(sum(runs, ({ verdict }) => Number(verdict.error !== undefined))),
    sum(runs, ({ verdict }) => verdict.findings.length),
    sum(runs, ({ verdict }) => verdict.figures.calls),
    sum(runs, ({ verdict }) => verdict.figures.attempts),
    Format.duration(runs.reduce((total, { run }) => total + run.duration, 0))
  ])
  const counts = [text.passed, text.failed, ...withErrors(text.error)]
  const head = [text.client, ...counts, text.findings, text.calls, text.attempts, text.duration]
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => Canvas.widthOf(cells[column] ?? "")))
  )
  const [first, ...others] = [head, ...rows].map((cells) =>
    cells.map((cell, column) => Canvas.sized(cell, widths[column] ?? 0, column === 0 ? "left" : "right")).join("  ")
  )
  return [paint("dim", first ?? ""), ...others]
}
