/** What a run of the simulator tells: progress, totals, one seed's trails, a failure with its shrunk schedule. */
import type { Checked } from "./Check.ts"
import { toLine, type Violation } from "./oracle/Violation.ts"
import * as Print from "./Print.ts"
import { hashOf } from "./Simulate.ts"
import type { CallRecord } from "./world/Journal.ts"
import type { Plan } from "./world/Plan.ts"

/** What many seeds came to. */
export interface Totals {
  seeds: number
  calls: number
  requests: number
  answered: number
  /** Answered although something that they asked before had failed. */
  rescued: number
  left: number
  /** Failures by their reason. */
  readonly failed: Record<string, number>
  /** Virtual time, in milliseconds. */
  simulated: number
  /** Real time, in milliseconds. */
  elapsed: number
}

/** Nothing yet. */
export const zero = (): Totals => ({
  seeds: 0,
  calls: 0,
  requests: 0,
  answered: 0,
  rescued: 0,
  left: 0,
  failed: {},
  simulated: 0,
  elapsed: 0
})

/** Adds one seed. */
export const add = (totals: Totals, { journal, rescued }: Checked): void => {
  totals.seeds++
  totals.calls += journal.calls.length
  totals.requests += journal.exchanges.length
  totals.rescued += rescued
  totals.simulated += journal.plan.horizon
  for (const { ending } of journal.calls) {
    if (ending?.tag === "answered") totals.answered++
    else if (ending?.tag === "left") totals.left++
    else if (ending?.tag === "failed") totals.failed[ending.reason] = (totals.failed[ending.reason] ?? 0) + 1
  }
}

/** Adds what others came to; the time that it took goes by for all of them at once. */
export const merge = (totals: Totals, more: Totals): void => {
  totals.seeds += more.seeds
  totals.calls += more.calls
  totals.requests += more.requests
  totals.answered += more.answered
  totals.rescued += more.rescued
  totals.left += more.left
  totals.simulated += more.simulated
  for (const [reason, count] of Object.entries(more.failed))
    totals.failed[reason] = (totals.failed[reason] ?? 0) + count
}

const thousands = (value: number): string => Math.round(value).toLocaleString("en-US")

const rate = (count: number, { elapsed }: Totals): string => thousands((count * 1_000) / Math.max(1, elapsed))

/** One line while it goes on. */
export const progress = (totals: Totals): string =>
  `${thousands(totals.seeds)} seeds, ${thousands(totals.calls)} calls: ${rate(totals.calls, totals)} calls/s, ${rate(totals.seeds, totals)} seeds/s`

/** What it came to. */
export const summary = (totals: Totals, broken: ReadonlyArray<Broken>): string => {
  const failed = Object.entries(totals.failed)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${thousands(count)} ${reason}`)
  return [
    progress(totals),
    `  ${thousands(totals.simulated / 86_400_000)} days of virtual time in ${(totals.elapsed / 1_000).toFixed(1)} s, ${thousands(totals.requests)} requests to vendors`,
    `  ${thousands(totals.answered)} answered, ${thousands(totals.rescued)} of them after something had failed; ${thousands(totals.left)} callers left`,
    `  failed: ${failed.length === 0 ? "none" : failed.join(", ")}`,
    broken.length === 0
      ? "  every promise was kept"
      : `  promises were broken by ${broken.length} seeds: ${broken.map(({ seed }) => seed).join(", ")}`
  ].join("\n")
}

const ending = ({ ending: end }: CallRecord): string => {
  if (end === undefined) return "not over"
  return end.tag === "failed" ? `failed ${end.reason}` : end.tag
}

const callLine = (call: CallRecord): string => {
  const { at, flaw, id, leaves, model, stream } = call.plan
  const what = [model, stream === true ? "stream" : "json", flaw, leaves === undefined ? undefined : `leaves ${leaves}`]
  const took = call.endedAt === undefined ? "?" : call.endedAt - call.startedAt
  return `${String(at).padStart(9)} ${id.padEnd(8)} ${what.filter((each) => each !== undefined).join(" ")}: ${ending(call)} in ${took} ms\n${" ".repeat(19)}${call.trailLine}`
}

/** One seed in full. */
export const verbose = ({ journal, violations }: Checked): string =>
  [
    Print.toSource(journal.plan),
    ...journal.calls.map(callLine),
    ...violations.map(toLine),
    `hash ${hashOf(journal).slice(0, 16)}`
  ].join("\n")

/** A failing seed, and what it broke. */
export interface Broken {
  readonly seed: number
  readonly violations: ReadonlyArray<Violation>
}

/** A failing seed, and how to see it again. */
export const broken = ({ seed, violations }: Broken, calls: number | undefined): string =>
  [
    `\nSeed ${seed} breaks ${violations.length} promise${violations.length === 1 ? "" : "s"}:`,
    ...violations.slice(0, 5).map((violation) => `  ${toLine(violation)}`),
    `Again: npm run simulate -- --seed ${seed}${calls === undefined ? "" : ` --calls ${calls}`} --verbose`
  ].join("\n")

/** A failing seed's shrunk schedule, as a test. */
export const shrunk = ({ seed, violations }: Broken, plan: Plan): string =>
  [
    `\nSeed ${seed}, shrunk, as a regression test for test/simulation/regressions:\n`,
    Print.toTest(plan, violations[0]?.message ?? "")
  ].join("\n")
