/** The timeline as SVG: bands behind, a lane per key, target and the callers, and a shape per outcome. */
import type { Attempt, Outcome, Run } from "../../run/Run.ts"
import type { Standing } from "../Standing.ts"
import { state } from "../Text.ts"
import type { AttemptOutcome, Interval, Lane, Mark, Timeline } from "../Timeline.ts"
import * as Format from "./Format.ts"
import { both, drawnWords, html, type Markup, none, raw } from "./Markup.ts"

type AnyMark = Mark<AttemptOutcome | Outcome>

/** The shapes of outcomes, in a square of 14, drawn once a page. Callers' outcomes borrow those of attempts. */
export const shapes: Markup = raw(
  `<svg width="0" height="0" aria-hidden="true" class="defs"><defs>${Object.entries({
    answered: '<circle r="3.4" fill="currentColor"/>',
    refused: '<path d="M0-4.6 4.6 0 0 4.6-4.6 0Z" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    failed:
      '<path d="M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
    stalled:
      '<path d="M0-4.4 4.6 3.6H-4.6Z" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"/>',
    cancelled: '<path d="M-3.2 4 3.2-4" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>',
    probe: '<circle r="2.6" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    unknown: '<path d="M-3.6 0H3.6" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>',
    passed:
      '<path d="M-4.6.2-1.4 3.6 4.6-3.6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'
  })
    .map(([name, shape]) => `<g id="s-${name}">${shape}</g>`)
    .join("")}</defs></svg>`
)

/** What there is a shape for: outcomes, and how runs stand. */
type Shown = AttemptOutcome | Outcome | Standing

const borrowed: { readonly [Name in Shown]?: Shown } = {
  left: "cancelled",
  unfinished: "stalled",
  warned: "stalled",
  error: "unknown"
}

const shapeOf = (outcome: Shown): Shown => borrowed[outcome] ?? outcome

/** The shape of an outcome within a line of text. */
export const glyph = (outcome: Shown): Markup =>
  html`<svg class="g ${outcome}" viewBox="-7 -7 14 14" aria-hidden="true"><use href="#s-${shapeOf(outcome)}"/></svg>`

/** How wide a chart is, and where the names of its lanes stand: in a gutter beside them, or above them. */
interface Layout {
  readonly name: "wide" | "narrow"
  readonly gutter: number
  readonly plot: number
  readonly ticks: number
}

/** For a desk, and for a phone, which shows the whole of it without being pushed about. */
const layouts: ReadonlyArray<Layout> = [
  { name: "wide", gutter: 168, plot: 892, ticks: 9 },
  { name: "narrow", gutter: 6, plot: 334, ticks: 4 }
]

const laneHeight = 24
/** A key's state is written above its marks. */
const labelled = 10
/** The line of a name that stands above its lane. */
const named = 14

/** A timeline that is given its place. */
type Drawn = Timeline & Layout

/** Where things are drawn, and what they were. */
interface Sheet {
  readonly timeline: Drawn
  readonly attempts: ReadonlyMap<number | string, Attempt>
}

const x = ({ end, gutter, plot }: Drawn, at: number): number =>
  Math.round((gutter + (Math.min(at, end) / end) * plot) * 10) / 10

/** Draws a timeline: finely for a desk, and as coarsely as it is given for a phone. */
export const render = (run: Run, timeline: Timeline, coarse: Timeline): Markup => {
  const attempts = new Map(run.attempts.map((attempt) => [attempt.ordinal, attempt]))
  const charts = layouts.map((layout) => {
    const drawn: Drawn = { ...(layout.name === "wide" ? timeline : coarse), ...layout }
    return draw(run, { timeline: drawn, attempts })
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${run.scenario.name}">${charts}</div>`
}

const draw = (run: Run, sheet: Sheet): Markup => {
  const { timeline } = sheet
  const isAbove = timeline.name === "narrow"
  let y = timeline.phases.length === 0 ? 24 : 42
  const place = (height: number): number => {
    y += height
    return y - height / 2
  }
  const group = (name: Markup): Markup => html`<text class="group" x="0" y="${place(20) + 5}">${name}</text>`
  const nameOf = (name: string | Markup): Markup =>
    isAbove ? html`<text class="name" x="0" y="${place(named) + 4}">${name}</text>` : none
  const laneFor = (lane: Lane): Markup => {
    const name = lane.name === "" ? drawnWords((text) => text.noKey) : Format.shorten(lane.name, 24)
    const above = nameOf(name)
    if (unwellOf(lane.states).length > 0) place(labelled)
    return html`${above}${laneOf(name, lane.states, lane.marks, place(laneHeight), sheet)}`
  }
  const lanes = (all: ReadonlyArray<Lane>): ReadonlyArray<Markup> =>
    [...Map.groupBy(all, (lane) => lane.group)].flatMap(([name, own]) => [group(html`${name}`), ...own.map(laneFor)])
  const faults = timeline.faults.map(({ name, windows }) => {
    const above = nameOf(Format.shorten(name, 24))
    return html`${above}${faultAt(name, windows, place(18), timeline)}`
  })
  const keys = lanes(timeline.keys)
  const targets = timeline.targets.length === 0 ? [] : [group(drawnWords((text) => text.targets))]
  const asked = timeline.targets.map(laneFor)
  place(8)
  const name = drawnWords((text) => text.callers)
  const above = nameOf(name)
  const callers = laneOf(name, [], timeline.calls, place(laneHeight), sheet)
  const height = y + 6
  return html`<svg class="chart ${timeline.name}" viewBox="0 0 ${timeline.gutter + timeline.plot + 12} ${height}" role="img" aria-label="${run.scenario.name}">${phases(timeline, height)}${axis(timeline, height)}${faults}${keys}${targets}${asked}${above}${callers}</svg>`
}

const axis = (timeline: Drawn, height: number): ReadonlyArray<Markup> =>
  Format.ticks(timeline.end, timeline.ticks).map((tick) => {
    const at = x(timeline, tick)
    const anchor = at > timeline.gutter + timeline.plot - 36 ? html` text-anchor="end"` : none
    return html`<line class="tick" x1="${at}" x2="${at}" y1="18" y2="${height}"/><text x="${at}" y="12"${anchor}>${Format.moment(tick)}</text>`
  })

const room = (timeline: Drawn, { from, to }: Interval): number => x(timeline, to) - x(timeline, from)

/** The width of a label, roughly; Chinese characters are twice as wide. */
const widthOf = (label: string): number => [...label].reduce((sum, one) => sum + (one > "\u2e80" ? 11 : 6.4), 6)

const phases = (timeline: Drawn, height: number): ReadonlyArray<Markup> =>
  timeline.phases.map((phase, index) => {
    const from = x(timeline, phase.from)
    const wide = Math.max(1, Math.round(room(timeline, phase)))
    const band =
      index % 2 === 0 ? none : html`<rect class="phase" x="${from}" y="18" width="${wide}" height="${height - 18}"/>`
    const label =
      widthOf(phase.state) > wide ? none : html`<text class="cap" x="${from + 4}" y="33">${phase.state}</text>`
    return html`<g><title>${phase.state} ${between(phase)}</title>${band}${label}</g>`
  })

const between = ({ from, to }: Interval): string => `${Format.moment(from)} – ${Format.moment(to)}`

/** A name in the gutter, where there is one. */
const nameAt = (name: string | Markup, y: number, { name: layout }: Drawn): Markup =>
  layout === "narrow" ? none : html`<text class="name" x="12" y="${y + 4}">${name}</text>`

const faultAt = (name: string, windows: ReadonlyArray<Interval>, y: number, timeline: Drawn): Markup => {
  const bars = windows.map((window) => {
    const wide = Math.max(1.5, Math.round(room(timeline, window) * 10) / 10)
    return html`<rect class="fault" x="${x(timeline, window.from)}" y="${y - 4}" width="${wide}" height="8" rx="2"><title>${name} ${between(window)}</title></rect>`
  })
  return html`${nameAt(Format.shorten(name, 24), y, timeline)}${bars}`
}

const unwellOf = (states: ReadonlyArray<Interval>): ReadonlyArray<Interval> =>
  states.filter(({ state: name }) => name !== "valid")

const laneOf = (
  name: string | Markup,
  states: ReadonlyArray<Interval>,
  marks: ReadonlyArray<AnyMark>,
  y: number,
  sheet: Sheet
): Markup => {
  const { timeline } = sheet
  const { gutter, plot } = timeline
  const most = Math.max(1, ...marks.map(({ count }) => count))
  const bands = unwellOf(states).map((interval) => stateAt(interval, y, timeline))
  const firsts = new Set([...Map.groupBy(marks, ({ finding }) => finding).values()].map(([first]) => first))
  return html`<line class="base" x1="${gutter}" x2="${gutter + plot}" y1="${y}" y2="${y}"/>${nameAt(name, y, timeline)}${bands}${marks.map((mark) => markAt(mark, most, y, sheet, mark.finding !== undefined && firsts.has(mark)))}`
}

const stateAt = (interval: Interval, y: number, timeline: Drawn): Markup => {
  const from = x(timeline, interval.from)
  const wide = Math.max(1, Math.round(room(timeline, interval)))
  const top = y - laneHeight / 2 - labelled
  const label = both((text) => state(text, interval.state))
  const labels = (["en", "zh"] as const).map((language) =>
    widthOf(label[language]) + 8 > wide
      ? none
      : html`<text class="in" lang="${language}" x="${from + 4}" y="${y - 11}">${label[language]}</text>`
  )
  return html`<g><title>${interval.state} ${between(interval)}</title><rect class="state" x="${from}" y="${top}" width="${wide}" height="${laneHeight + labelled}"/><line class="edge" x1="${from}" x2="${from}" y1="${top}" y2="${y + laneHeight / 2}"/>${labels}</g>`
}

/** `numbered` writes the number of its finding beside the mark. */
const markAt = (mark: AnyMark, most: number, y: number, { timeline, attempts }: Sheet, numbered: boolean): Markup => {
  const at = x(timeline, mark.at)
  const attempt = attempts.get(mark.first)
  const told =
    mark.count > 1 ? `${mark.count} · ${between({ from: mark.at, to: mark.until, state: "" })}` : titleOf(mark, attempt)
  // Nobody hovers over a phone.
  const title = timeline.name === "narrow" ? none : html`<title>${told}</title>`
  const call = attempt === undefined ? (typeof mark.first === "string" ? mark.first : "") : (attempt.call ?? "")
  const long = mark.count === 1 && x(timeline, mark.until) - at > 5
  const tail = long ? html`<line class="span" x1="${at}" x2="${x(timeline, mark.until)}" y1="${y}" y2="${y}"/>` : none
  const number = numbered ? html`<text class="no" x="${at + 9}" y="${y + 11}">${mark.finding ?? ""}</text>` : none
  const ring = mark.finding === undefined ? none : html`<circle class="ring" cx="${at}" cy="${y}" r="7"/>${number}`
  return html`<g class="${mark.outcome}"${call === "" ? none : html` data-c="${call}"`}>${title}${tail}${bodyOf(mark, most, at, y, timeline)}${ring}</g>`
}

const bodyOf = (mark: AnyMark, most: number, at: number, y: number, { gutter, plot, width }: Drawn): Markup => {
  if (mark.outcome !== "answered" || mark.count < 4) {
    return html`<use href="#s-${shapeOf(mark.outcome)}" x="${at}" y="${y}"/>`
  }
  const tall = Math.max(3, Math.round((mark.count / most) * 18))
  const left = Math.round((gutter + (mark.column / width) * plot) * 10) / 10
  return html`<rect class="many" x="${left}" y="${y + 9 - tall}" width="${Math.max(1, Math.floor((plot / width) * 10 - 3) / 10)}" height="${tall}"/>`
}

const titleOf = ({ first, at, until }: AnyMark, attempt: Attempt | undefined): string => {
  if (attempt === undefined) return `${first} · ${between({ from: at, to: until, state: "" })}`
  const { ordinal, call, vendor, model, path, key, status, recipe } = attempt
  const how = status === 0 ? recipe : `${status} ${recipe}`
  return [
    call === undefined ? `#${ordinal}` : `#${ordinal} ${call}`,
    between({ from: at, to: until, state: "" }),
    `${vendor}/${model === "" ? path : model} ${key}`.trim(),
    how
  ].join(" · ")
}
