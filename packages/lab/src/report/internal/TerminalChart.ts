/** The timeline as lines for a terminal: an axis, bands of phases and faults, and a row per lane. */
import type { Outcome } from "../../run/Run.ts"
import { state, type Text } from "../Text.ts"
import type { AttemptOutcome, Interval, Lane, Mark, Timeline } from "../Timeline.ts"
import { type Paint, type Row, row, sized } from "./Canvas.ts"
import * as Format from "./Format.ts"
import { type Glyphs, inks, precedence } from "./Glyphs.ts"

/** What a chart is drawn with. */
export interface Drawing {
  readonly text: Text
  readonly glyphs: Glyphs
  readonly paint: Paint
  /** Cells for the names before each row. */
  readonly gutter: number
}

type AnyMark = Mark<AttemptOutcome | Outcome>

/** Draws a timeline. */
export const lines = (timeline: Timeline, drawing: Drawing): ReadonlyArray<string> => {
  const { text, paint, gutter } = drawing
  const line = (name: string, cells: Row, indent = 2): string =>
    `${" ".repeat(indent)}${sized(Format.oneLine(name), gutter - indent - 1)} ${cells.text(paint)}`.trimEnd()
  const heading = (name: string): string => paint("dim", `  ${Format.oneLine(name)}`)
  const lanes = (all: ReadonlyArray<Lane>): ReadonlyArray<string> =>
    [...Map.groupBy(all, ({ group }) => group)].flatMap(([group, own]) => [
      heading(group),
      ...own.map((lane) => line(lane.name === "" ? text.noKey : lane.name, laneRow(lane, timeline, drawing), 4))
    ])
  return [
    line("", axisRow(timeline)),
    ...(timeline.phases.length === 0 ? [] : [line(text.phase, phaseRow(timeline, drawing))]),
    ...timeline.faults.map(({ name, windows }) => line(name, faultRow(windows, timeline, drawing))),
    ...lanes(timeline.keys),
    ...(timeline.targets.length === 0 ? [] : [heading(text.targets)]),
    ...timeline.targets.map((lane) => line(lane.name, laneRow(lane, timeline, drawing), 4)),
    line(text.callers, markRow(row(timeline.width), timeline.calls, drawing, true)),
    ...flagLine(timeline, drawing, line),
    ...legend(timeline, drawing)
  ]
}

const span = ({ from, to }: Interval, { end, width }: Timeline): readonly [number, number] => {
  const start = Math.min(width - 1, Math.floor((from / end) * width))
  return [start, Math.max(start + 1, Math.ceil((to / end) * width))]
}

const axisRow = (timeline: Timeline): Row => {
  const cells = row(timeline.width)
  for (const tick of Format.ticks(timeline.end, Math.max(2, Math.floor(timeline.width / 10)))) {
    const column = Math.floor((tick / timeline.end) * timeline.width)
    cells.label(column, timeline.width, Format.moment(tick), "dim")
  }
  return cells
}

const phaseRow = (timeline: Timeline, { glyphs }: Drawing): Row => {
  const cells = row(timeline.width)
  for (const phase of timeline.phases) {
    const [from, to] = span(phase, timeline)
    cells.put(from, glyphs.border, "dim")
    cells.label(from + 1, to, Format.oneLine(phase.state), "bold")
  }
  return cells
}

const faultRow = (windows: ReadonlyArray<Interval>, timeline: Timeline, { glyphs }: Drawing): Row => {
  const cells = row(timeline.width)
  for (const window of windows) cells.fill(...span(window, timeline), glyphs.fault, "yellow")
  return cells
}

const laneRow = (lane: Lane, timeline: Timeline, drawing: Drawing): Row => {
  const cells = row(timeline.width)
  const unwell = lane.states.filter((interval) => interval.state !== "valid")
  for (const interval of unwell) cells.fill(...span(interval, timeline), drawing.glyphs.unwell, "dim")
  markRow(cells, lane.marks, drawing)
  for (const interval of unwell) cells.label(...span(interval, timeline), state(drawing.text, interval.state), "dim")
  return cells
}

/** What a cell shows when most of its marks are answers: the others as its colour only. */
const rare = 0.1

/** `always` shows the worst outcome of a cell however rare it is. */
const markRow = (cells: Row, marks: ReadonlyArray<AnyMark>, { glyphs }: Drawing, always = false): Row => {
  const most = Math.max(...marks.map(({ count }) => count), 1)
  for (const [column, own] of Map.groupBy(marks, (mark) => mark.column)) {
    const seen = own.toSorted((a, b) => precedence.indexOf(a.outcome) - precedence.indexOf(b.outcome))[0]
    if (seen === undefined) continue
    const answers = own.filter(({ outcome }) => outcome === "answered").reduce((sum, { count }) => sum + count, 0)
    const asAnswers = seen.outcome === "answered" || (!always && seen.count < answers * rare)
    const level = most < 4 ? 0 : Math.max(1, Math.ceil((answers / most) * 4))
    cells.put(column, asAnswers ? (glyphs.levels[level] ?? "") : glyphs.outcomes[seen.outcome], inks[seen.outcome])
  }
  return cells
}

const flagLine = (
  timeline: Timeline,
  { text, glyphs }: Drawing,
  line: (name: string, cells: Row) => string
): ReadonlyArray<string> => {
  const marks: ReadonlyArray<AnyMark> = [...timeline.keys.flatMap((lane) => lane.marks), ...timeline.calls]
  const cells = row(timeline.width)
  const named = marks.filter(({ finding }) => finding !== undefined)
  for (const { column, finding = 0 } of named) cells.put(column, finding < 10 ? `${finding}` : glyphs.flag, "red")
  return named.length === 0 ? [] : [line(text.findings, cells)]
}

const legend = (timeline: Timeline, { text, glyphs, paint }: Drawing): ReadonlyArray<string> => {
  const marks: ReadonlyArray<AnyMark> = [...timeline.keys.flatMap((lane) => lane.marks), ...timeline.calls]
  const seen = new Set(marks.map(({ outcome }) => outcome))
  const names = precedence
    .filter((outcome) => seen.has(outcome))
    .toReversed()
    .map((outcome) => `${paint(inks[outcome], glyphs.outcomes[outcome])} ${text.outcomes[outcome]}`)
  return names.length === 0 ? [] : ["", `  ${names.join("   ")}`]
}
