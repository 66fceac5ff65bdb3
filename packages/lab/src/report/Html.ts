/**
 * The report as one page: a table of scenarios, a timeline for each with its findings, calls and attempts; in both
 * languages, of which a button shows the other.
 *
 * **Details**
 *
 * - Self-contained: no request leaves the page. Its policy allows exactly its own style and script.
 * - Everything that comes from data is escaped (`internal/Markup`); values of keys are not in it.
 * - The size is bounded by marks and rows, not by calls: the more runs, the coarser their timelines.
 */
import { createHash } from "node:crypto"
import { severities } from "../scenario/FindingKind.ts"
import * as Format from "./internal/Format.ts"
import * as HtmlChart from "./internal/HtmlChart.ts"
import * as HtmlFaults from "./internal/HtmlFaults.ts"
import * as HtmlRun from "./internal/HtmlRun.ts"
import { script } from "./internal/HtmlScript.ts"
import { style } from "./internal/HtmlStyle.ts"
import { both, html, type Markup, none, raw, words } from "./internal/Markup.ts"
import type { Judged } from "./Judged.ts"
import * as Standing from "./Standing.ts"
import * as Text from "./Text.ts"
import * as Timeline from "./Timeline.ts"

/** Columns of a timeline, finest first: as fine as the marks of all runs together allow. */
const columns = [446, 223, 111, 56] as const

/** Marks of a whole page. */
const mostMarks = 6000

/** Rows of calls of a whole page. */
const mostRows = 1200

/** So many of the scenarios that failed are unfolded. */
const mostOpen = 8

/** Columns of a timeline on a phone, and of those of many runs. */
const coarse = { few: 56, many: 20, from: 20 } as const

/** What failed comes first. */
const rank: Readonly<Record<Standing.Standing, number>> = { error: 0, failed: 0, warned: 1, passed: 2 }

const byStanding = (a: Judged, b: Judged): number => rank[Standing.of(a.verdict)] - rank[Standing.of(b.verdict)]

/** The page, in the language that it shows first. */
export const render = (given: ReadonlyArray<Judged>, language: Text.Language): string => {
  const list = given.toSorted(byStanding)
  const most = Math.max(15, Math.min(500, Math.floor(mostRows / Math.max(1, list.length))))
  const timelines = drawAll(list)
  const sections = list.map((judged, index) =>
    HtmlRun.render({
      judged,
      id: `r${index}`,
      timeline: timelines[index] ?? Timeline.of(judged, 56),
      coarse: Timeline.of(judged, list.length < coarse.from ? coarse.few : coarse.many),
      most,
      open: list.length === 1 || (!judged.verdict.passed && index < mostOpen)
    })
  )
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${Text.of(language).title}</title>
<style>${raw(style)}</style>
</head>
<body>
${HtmlChart.shapes}
${header(list)}
<main>
${controls(list, language)}
${table(list, language)}
<p class="note" id="nothing" hidden>${words((text) => text.nothingShown)}</p>
${sections}
${HtmlFaults.render(list)}
</main>
<footer></footer>
<script>${raw(script)}</script>
</body>
</html>
`
  return page.html
}

const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`

const marksOf = ({ keys, targets, calls }: Timeline.Timeline): number =>
  [...keys, ...targets].reduce((sum, { marks }) => sum + marks.length, calls.length)

const drawAll = (list: ReadonlyArray<Judged>): ReadonlyArray<Timeline.Timeline> => {
  const share = mostMarks / Math.max(1, list.length)
  return list.map((judged) => {
    const [finest, ...coarser] = columns
    const fits = (timeline: Timeline.Timeline): boolean => marksOf(timeline) <= share
    return coarser.reduce<Timeline.Timeline>(
      (drawn, width) => (fits(drawn) ? drawn : Timeline.of(judged, width)),
      Timeline.of(judged, finest)
    )
  })
}

const header = (list: ReadonlyArray<Judged>): Markup => {
  const sum = (read: (judged: Judged) => number): string =>
    Format.count(list.reduce((total, judged) => total + read(judged), 0))
  const time = Format.duration(list.reduce((total, { run }) => total + run.duration, 0))
  const told = (text: Text.Text): string =>
    [
      Standing.counted(text, list),
      text.someCalls(sum(({ verdict }) => verdict.figures.calls)),
      text.someAttempts(sum(({ verdict }) => verdict.figures.attempts)),
      text.virtual(time)
    ].join(" · ")
  const lede = list.length === 0 ? words((text) => text.noScenarios) : words(told)
  return html`<header><div><h1 class="cap">${words((text) => text.title)}</h1><p class="lede">${lede}</p></div><button type="button" id="speak" hidden>${words((text) => text.otherLanguage)}</button></header>`
}

/** A text that the script changes with the language: options and placeholders cannot hold both. */
const told = (read: (text: Text.Text) => string): Markup => {
  const { en, zh } = both((text) => Format.capital(read(text)))
  return html` data-en="${en}" data-zh="${zh}"`
}

const controls = (list: ReadonlyArray<Judged>, language: Text.Language): Markup => {
  const text = Text.of(language)
  const kinds = new Set(list.flatMap(({ verdict }) => verdict.findings.map(({ kind }) => kind)))
  const options = [...kinds].toSorted().map((kind) => html`<option value="${kind}">${kind}</option>`)
  const box = (id: string, checked: Markup, read: (words: Text.Text) => string): Markup =>
    html`<label><input type="checkbox" id="${id}"${checked}>${words(read)}</label>`
  const field = (id: string, size: string, read: (words: Text.Text) => string): Markup =>
    html`<input type="search" id="${id}" class="${size}" autocomplete="off" aria-label="${read(text)}"${told(read)}>`
  return html`<form id="filter" role="search" hidden>${field("name", "", (words) => words.scenario)}<select id="kind" aria-label="${text.findings}"${told((words) => words.findings)}><option value=""${told((words) => words.anyKind)}></option>${options}</select>${field("call", "short", (words) => words.callId)}${box("failed", none, (words) => words.onlyFailed)}${box("probes", html` checked`, (words) => words.showProbes)}</form>`
}

const table = (list: ReadonlyArray<Judged>, language: Text.Language): Markup => {
  if (list.length === 0) return none
  const clients = new Set(list.map(({ run }) => run.client)).size > 1
  const head = (read: (text: Text.Text) => string, kind = ""): Markup =>
    html`<th scope="col"${kind === "" ? none : html` class="${kind}"`}>${words(read)}</th>`
  const rows = list.map((judged, index) => tableRow(judged, index, clients))
  return html`<div class="list scroll" tabindex="0" role="region" aria-label="${Text.of(language).scenario}"${told((text) => text.scenario)}><table><thead><tr><th scope="col"><span class="hide"></span></th>${head((text) => text.scenario)}${clients ? head((text) => text.client, "who") : none}${head((text) => text.availability, "num")}${head((text) => text.calls, "num wide")}${head((text) => text.attempts, "num wide")}${head(() => "P95", "num wide")}${head((text) => text.duration, "num wide")}${head((text) => text.findings, "kinds")}</tr></thead><tbody>${rows}</tbody></table></div>`
}

/** Each kind once, as its heaviest finding weighs. */
const tags = ({ verdict: { error, findings } }: Judged): ReadonlyArray<Markup> => [
  ...(error === undefined ? [] : [html`<span class="tag">${words((text) => text.error)}</span>`]),
  ...[...Map.groupBy(findings, ({ kind }) => kind)].map(([kind, all]) => {
    const severity = severities.find((each) => all.some((finding) => finding.severity === each)) ?? "fails"
    return html`<span class="tag ${severity}">${words((text) => text.kinds[kind])}</span>`
  })
]

const tableRow = (judged: Judged, index: number, clients: boolean): Markup => {
  const { run, verdict } = judged
  const { figures } = verdict
  const name = Standing.of(verdict)
  const number = (value: number, shown: string, kind = "num wide"): Markup =>
    html`<td class="${kind}" data-v="${value}">${shown}</td>`
  return html`<tr id="row-r${index}"><td data-v="${rank[name]}">${HtmlChart.glyph(name)}<span class="hide">${words((text) => text[name])}</span></td><td><a href="#r${index}">${run.scenario.name}</a></td>${clients ? html`<td class="who">${run.client}</td>` : none}${number(figures.availability, Format.percent(figures.availability), "num")}${number(figures.calls, Format.count(figures.calls))}${number(figures.attempts, Format.count(figures.attempts))}${number(figures.p95Answer, Format.duration(figures.p95Answer))}${number(run.duration, Format.duration(run.duration))}<td class="kinds" data-v="${verdict.findings.length}">${tags(judged)}</td></tr>
`
}
