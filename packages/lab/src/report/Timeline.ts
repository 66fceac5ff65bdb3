/**
 * A run over time, as the terminal and the page draw it: phases and faults as bands, a lane per key and per target, and a
 * lane for what the callers saw.
 *
 * **Details**
 *
 * - The size is bounded by `width` (columns), not by calls: marks of one lane, column and outcome are one mark with a
 *   count. What a finding names is a mark apart from the others.
 * - Lanes of keys are in the order of the scenario, then come strangers; keys that were never asked have a lane too.
 */
import type { Attempt, CallRecord, Outcome, Run, Transition } from "../run/Run.ts"
import * as Attempts from "../verdict/Attempts.ts"
import type { Judged } from "./Judged.ts"
import * as JudgedCall from "./JudgedCall.ts"

/** How an attempt is drawn; `refused` is the vendor's no, `failed` everything that broke. */
export const attemptOutcomes = ["answered", "refused", "failed", "stalled", "cancelled", "probe"] as const

/** How an attempt is drawn. */
export type AttemptOutcome = (typeof attemptOutcomes)[number]

/** A state from one moment to another, in milliseconds. */
export interface Interval {
  readonly from: number
  readonly to: number
  readonly state: string
}

/** One or more attempts, or calls, of the same outcome within a column. */
export interface Mark<Kind extends string> {
  readonly outcome: Kind
  readonly column: number
  /** The first beginning and the last end. */
  readonly at: number
  readonly until: number
  readonly count: number
  /** The first finding that names it, counted from 1. */
  readonly finding: number | undefined
  /** The first of them: an attempt's ordinal or a call's id. */
  readonly first: number | string
}

/** The attempts of one key or of one target. */
export interface Lane {
  /** The vendor; of a key also the account, when that is not the key's own. */
  readonly group: string
  readonly name: string
  readonly states: ReadonlyArray<Interval>
  readonly marks: ReadonlyArray<Mark<AttemptOutcome>>
}

/** A fault and when it was on. */
export interface FaultBand {
  readonly name: string
  readonly windows: ReadonlyArray<Interval>
}

/** What is drawn. */
export interface Timeline {
  readonly width: number
  /** Milliseconds. */
  readonly end: number
  readonly phases: ReadonlyArray<Interval>
  readonly faults: ReadonlyArray<FaultBand>
  readonly keys: ReadonlyArray<Lane>
  readonly targets: ReadonlyArray<Lane>
  readonly calls: ReadonlyArray<Mark<Outcome>>
}

/** How an attempt is drawn; `call` is the call that it was made for. */
export const outcomeOf = (attempt: Attempt, call?: CallRecord): AttemptOutcome => {
  if (attempt.call === undefined) return "probe"
  if (attempt.status >= 400) return attempt.status < 500 ? "refused" : "failed"
  if (Attempts.isWhole(attempt)) return "answered"
  switch (attempt.end) {
    case "client-left":
      return Attempts.isSlow(attempt) && call?.outcome !== "left" ? "stalled" : "cancelled"
    case "open":
    case "server-closed":
      return "stalled"
    default:
      return "failed"
  }
}

/** Draws a run in so many columns. */
export const of = (judged: Judged, width: number): Timeline => {
  const { run } = judged
  const end = Math.max(1, run.duration)
  const calls = new Map(run.calls.map((call) => [call.id, call]))
  const flags = JudgedCall.flags(judged)
  const axis: Axis = { end, width }
  const marksOf = (attempts: ReadonlyArray<Attempt>) =>
    gather(attempts, axis, (attempt) => ({
      outcome: outcomeOf(attempt, attempt.call === undefined ? undefined : calls.get(attempt.call)),
      until: attempt.endedAt ?? end,
      finding: flags.attempts.get(attempt.ordinal)?.[0],
      first: attempt.ordinal
    }))
  return {
    width,
    end,
    phases: intervals(changesOf(run.transitions, "phase", ""), axis),
    faults: faultsOf(run, axis),
    keys: keysOf(run, axis, marksOf),
    targets: targetsOf(run, marksOf),
    calls: withRest(
      gather(run.calls, axis, (call) => ({
        outcome: call.outcome,
        until: call.endedAt ?? end,
        finding: flags.calls.get(call.id)?.[0],
        first: call.id
      })),
      run,
      axis
    )
  }
}

/** The calls that were counted by the minute and not kept went as they should: they are drawn with those that did. */
const withRest = (kept: ReadonlyArray<Mark<Outcome>>, { rest }: Run, axis: Axis): ReadonlyArray<Mark<Outcome>> => {
  if (rest === undefined) return kept
  const marks = kept.map((mark) => ({ ...mark }))
  const byColumn = new Map(
    marks
      .filter(({ finding, outcome }) => outcome === "answered" && finding === undefined)
      .map((mark) => [mark.column, mark])
  )
  for (const [minute, { calls, slowest }] of rest.minutes) {
    const at = minute * 60_000
    const column = columnOf(at, axis)
    const mark = byColumn.get(column)
    if (mark !== undefined) mark.count += calls
    else if (calls > 0) {
      const made = {
        outcome: "answered" as const,
        column,
        at,
        until: at + slowest,
        count: calls,
        finding: undefined,
        first: ""
      }
      marks.push(made)
      byColumn.set(column, made)
    }
  }
  return marks.sort((a, b) => a.at - b.at)
}

interface Axis {
  readonly end: number
  readonly width: number
}

type Writable<Kind extends string> = { -readonly [Field in keyof Mark<Kind>]: Mark<Kind>[Field] }

type Draw = (attempts: ReadonlyArray<Attempt>) => ReadonlyArray<Mark<AttemptOutcome>>

const columnOf = (at: number, { end, width }: Axis): number =>
  Math.max(0, Math.min(width - 1, Math.floor((at / end) * width)))

const gather = <Item extends { readonly at: number }, Kind extends string>(
  items: ReadonlyArray<Item>,
  axis: Axis,
  read: (item: Item) => Pick<Mark<Kind>, "outcome" | "until" | "finding" | "first">
): ReadonlyArray<Mark<Kind>> => {
  const marks = new Map<string, Writable<Kind>>()
  let last: Writable<Kind> | undefined
  for (const item of items) {
    const { outcome, until, finding, first } = read(item)
    const column = columnOf(item.at, axis)
    const isSame =
      last?.column === column && last.outcome === outcome && (last.finding === undefined) === (finding === undefined)
    // Neighbours mostly go into one mark: of a day, only the first in a column is looked up.
    const place = isSame ? "" : `${column} ${outcome} ${finding !== undefined}`
    const mark = isSame ? last : marks.get(place)
    if (mark === undefined) {
      last = { outcome, column, at: item.at, until, count: 1, finding, first }
      marks.set(place, last)
    } else {
      mark.until = Math.max(mark.until, until)
      mark.count += 1
      last = mark
    }
  }
  return [...marks.values()].toSorted((a, b) => a.at - b.at)
}

const changesOf = (transitions: ReadonlyArray<Transition>, what: Transition["what"], name: string) =>
  transitions.filter((transition) => transition.what === what && transition.name === name)

/** States from one change to the next. More of them than columns are joined: what is shorter than a column goes under. */
const intervals = (changes: ReadonlyArray<Transition>, { end, width }: Axis): ReadonlyArray<Interval> => {
  const all = changes.map(({ at, to }, index) => ({ from: at, to: changes[index + 1]?.at ?? end, state: to }))
  const seen = all.filter(({ from, to, state }) => to > from && state !== "")
  if (seen.length <= width) return seen
  const joined: Array<Interval> = []
  for (const interval of seen) {
    const last = joined.at(-1)
    const column = end / width
    if (last !== undefined && (interval.to - interval.from < column || last.to - last.from < column)) {
      joined[joined.length - 1] = { ...last, to: interval.to }
    } else joined.push(interval)
  }
  return joined
}

const faultsOf = (run: Run, axis: Axis): ReadonlyArray<FaultBand> => {
  const names = run.transitions.filter(({ what }) => what === "fault").map(({ name }) => name)
  return [...new Set(names)].map((name) => {
    const windows = intervals(changesOf(run.transitions, "fault", name), axis)
    return { name, windows: windows.filter(({ state }) => state !== "off") }
  })
}

const keysOf = (run: Run, axis: Axis, draw: Draw): ReadonlyArray<Lane> => {
  const attempts = Map.groupBy(run.attempts, ({ key }) => key)
  const known = run.scenario.keys.map(({ name, vendor, account }) => ({
    name,
    group: account === name ? vendor : `${vendor} · ${account}`
  }))
  const names = new Set(known.map(({ name }) => name))
  const strangers = [...attempts].flatMap(([name, [first]]) =>
    names.has(name) || first === undefined ? [] : [{ name, group: first.vendor }]
  )
  return [...known, ...strangers].map(({ name, group }) => ({
    group,
    name,
    states: intervals(changesOf(run.transitions, "key", name), axis),
    marks: draw(attempts.get(name) ?? [])
  }))
}

const targetsOf = (run: Run, draw: Draw): ReadonlyArray<Lane> => {
  const asked = run.attempts.filter(({ model }) => model !== "")
  const targets = [...Map.groupBy(asked, ({ model }) => model)].flatMap(([model, ofModel]) =>
    [...Map.groupBy(ofModel, ({ vendor }) => vendor)].map(
      ([vendor, attempts]) => [`${vendor}/${model}`, attempts] as const
    )
  )
  return targets
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, attempts]) => ({ group: attempts[0]?.vendor ?? "", name, states: [], marks: draw(attempts) }))
}
