/** One run on the page: its timeline, findings, figures, and its calls with their attempts. */
import type { Attempt, CallRecord, Outcome } from "../../run/Run.ts"
import type { Finding } from "../../verdict/Finding.ts"
import type { Judged } from "../Judged.ts"
import * as JudgedCall from "../JudgedCall.ts"
import * as Standing from "../Standing.ts"
import * as Text from "../Text.ts"
import { type AttemptOutcome, outcomeOf, type Timeline } from "../Timeline.ts"
import * as Conceal from "./Conceal.ts"
import * as FigureLine from "./FigureLine.ts"
import * as Format from "./Format.ts"
import * as HtmlChart from "./HtmlChart.ts"
import { both, html, type Markup, none, sentence, words } from "./Markup.ts"
import * as RunLine from "./RunLine.ts"

/** What a section is made with. */
export interface Section {
  readonly judged: Judged
  /** The id of the section; ids of calls begin with it. */
  readonly id: string
  readonly timeline: Timeline
  /** The same for a phone. */
  readonly coarse: Timeline
  /** The calls and probes that are listed at most. */
  readonly most: number
  readonly open: boolean
}

/** Writes a section. */
export const render = (section: Section): Markup => {
  const { judged, id, timeline, open } = section
  const { run, verdict } = judged
  const kinds = [...new Set(verdict.findings.map(({ kind }) => kind))].join(" ")
  const figures = both((text) => FigureLine.parts(text, verdict.figures).join("\n"))
  const zh = figures.zh.split("\n")
  return html`<details class="run" id="${id}" data-name="${run.scenario.name}" data-passed="${verdict.passed ? "yes" : "no"}" data-kinds="${kinds}"${open ? html` open` : none}>
<summary>${HtmlChart.glyph(Standing.of(verdict))}<h2>${run.scenario.name}</h2><span class="about">${run.client} · ${words((text) => RunLine.runner(text, run))} · ${Format.duration(run.duration)}</span></summary>
<div class="body"><p class="teaches">${sentence(run.scenario.teaches)}</p>
${HtmlChart.render(run, timeline, section.coarse)}${legend(timeline)}
${error(judged)}${findings(section)}${notJudged(judged)}
<ul class="figures">${figures.en.split("\n").map((en, index) => html`<li>${sentence({ en, zh: zh[index] ?? "" })}</li>`)}</ul>
${reproduce(judged)}${calls(section)}</div></details>
`
}

const notJudged = (judged: Judged): Markup =>
  RunLine.notJudged(Text.of("en"), judged) === undefined
    ? none
    : html`<p class="note">${words((text) => RunLine.notJudged(text, judged) ?? "")}</p>`

const reproduce = ({ command }: Judged): Markup =>
  command === undefined
    ? none
    : html`<p class="again"><span class="cap">${words((text) => text.pair(text.reproduce, ""))}</span> <code>${command}</code></p>
`

const legend = ({ keys, calls: asked }: Timeline): Markup => {
  const seen = new Set<AttemptOutcome | Outcome>(
    [...keys.flatMap(({ marks }) => marks), ...asked].map((mark) => mark.outcome)
  )
  return html`<ul class="legend">${[...seen].map((outcome) => html`<li class="${outcome === "probe" ? "probe" : ""}">${HtmlChart.glyph(outcome)}${words((text) => text.outcomes[outcome])}</li>`)}</ul>`
}

const error = ({ run, verdict: { error } }: Judged): Markup => {
  if (error === undefined) return none
  const conceal = Conceal.of(run.scenario)
  const { en, zh } = error.message
  return html`<ol class="findings"><li class="fails"><b class="bad cap">${words((text) => text.error)}</b> <code>${error.kind}</code>
<p>${sentence({ en: conceal(en), zh: conceal(zh) })}</p></li></ol>`
}

/** What a finding names is linked so many times at most. */
const mostLinks = 12

const findings = (section: Section): Markup => {
  const { findings: found } = section.judged.verdict
  if (found.length === 0) return none
  return html`<h3>${words((text) => text.findings)}</h3><ol class="findings">${found.map((finding, index) => findingItem(section, finding, index + 1))}</ol>`
}

const findingItem = ({ judged, id }: Section, finding: Finding, number: number): Markup => {
  const conceal = Conceal.of(judged.run.scenario)
  const { en, zh } = finding.message
  const links = finding.calls
    .slice(0, mostLinks)
    .map((call) => html` <a href="#${id}-${encodeURIComponent(call)}">${call}</a>`)
  const attempts = finding.attempts.slice(0, mostLinks).map((ordinal) => html` #${ordinal}`)
  // A finding holds no more than some of them itself: its sentence has the number.
  const more = Math.max(finding.calls.length, finding.attempts.length) > mostLinks ? " …" : ""
  const { severity } = finding
  const weight =
    severity === "fails" ? none : html` <span class="soft">${words((text) => text.severities[severity])}</span>`
  return html`<li class="${severity}"><b class="cap">${number}. ${words((text) => text.kinds[finding.kind])}</b> <code>${finding.kind}</code>${weight}
<p>${sentence({ en: conceal(en), zh: conceal(zh) })}</p><p class="refs mono">${links}${attempts}${more}</p></li>`
}

/** A call with its attempts, or a probe. */
type Entry = { readonly at: number; readonly ordinary: boolean; readonly row: (section: Section) => Markup }

const calls = (section: Section): Markup => {
  const { judged, most } = section
  const flagged = JudgedCall.flags(judged).attempts
  const entries: ReadonlyArray<Entry> = [
    ...JudgedCall.of(judged).map((judged) => ({ at: judged.call.at, ordinary: judged.ordinary, row: callRow(judged) })),
    ...judged.run.attempts
      .filter(({ call }) => call === undefined)
      .map((probe) => ({ at: probe.at, ordinary: !flagged.has(probe.ordinal), row: probeRow(probe) }))
  ]
  const chosen = entries.toSorted((a, b) => Number(a.ordinary) - Number(b.ordinary) || a.at - b.at).slice(0, most)
  const rows = chosen.toSorted((a, b) => a.at - b.at).map(({ row }) => row(section))
  const hidden = entries.length - chosen.length
  const head = html`<tr><th scope="col" class="num">${words((text) => text.time)}</th><th scope="col">${words((text) => text.call)}</th><th scope="col">${words((text) => text.outcome)}</th><th scope="col">${words((text) => text.attempts)}</th></tr>`
  return html`<details class="calls"><summary class="cap">${words((text) => text.details)}</summary><div class="scroll" tabindex="0" role="region" aria-label="${judged.run.scenario.name}"><table><thead>${head}</thead><tbody>${rows}</tbody></table></div>${hidden === 0 ? none : html`<p class="note">${words((text) => text.more(Format.count(hidden)))}</p>`}</details>`
}

const callRow =
  ({ call, attempts }: JudgedCall.JudgedCall) =>
  ({ judged, id }: Section): Markup =>
    html`<tr id="${id}-${call.id}" data-c="${call.id}"><td class="num">${Format.moment(call.at)}</td><td><span class="mono">${call.id}</span> <span class="soft">${call.model}</span></td><td>${outcome(call.outcome)}${took(call.at, call.endedAt)}${seen(judged, call)}</td><td><ol>${attempts.map((attempt) => html`<li>${attemptLine(attempt, call)}</li>`)}</ol></td></tr>`

const probeRow = (probe: Attempt) => (): Markup =>
  html`<tr class="probe"><td class="num">${Format.moment(probe.at)}</td><td></td><td>${outcome("probe")}</td><td>${attemptLine(probe, undefined)}</td></tr>`

const outcome = (name: AttemptOutcome | Outcome): Markup =>
  html`${HtmlChart.glyph(name)} ${words((text) => text.outcomes[name])}`

const took = (at: number, endedAt: number | undefined): Markup =>
  endedAt === undefined ? none : html` <span class="soft">${Format.duration(endedAt - at)}</span>`

const seen = ({ run }: Judged, call: CallRecord): Markup => {
  if (call.error === undefined) return none
  const { status, message } = call.error
  const told = Format.shorten(Conceal.of(run.scenario)(message), 240)
  return html`<div class="error">${status === undefined ? "" : `${status} `}${told}</div>`
}

const attemptLine = (attempt: Attempt, call: CallRecord | undefined): Markup => {
  const { ordinal, at, endedAt, vendor, model, path, key, status, recipe, end } = attempt
  const how = [status === 0 ? "" : status, recipe, end === "complete" ? "" : end]
    .filter((part) => part !== "")
    .join(" ")
  return html`${HtmlChart.glyph(outcomeOf(attempt, call))} <span class="soft">#${ordinal} ${Format.moment(at)}</span> ${vendor}/${model === "" ? path : model} <span class="soft">${key}</span> ${how}${took(at, endedAt)}`
}
