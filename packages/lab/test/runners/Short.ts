/**
 * Scenarios of some seconds, for runners in real time.
 *
 * What a call learns must not be a matter of milliseconds: the first call of each has two seconds for itself, so that the others
 * know, or, where they must not know, all begin before the first deadline.
 */
import { Duration } from "@understudy/core/config/Texts"
import * as Library from "../../src/library/Library.ts"
import type { ScenarioOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as Standard from "../../src/scenario/Standard.ts"

const traffic = {
  model: "qwen-plus",
  stream: true,
  calls: ["0s", "2000ms", "2100ms", "2200ms", "2300ms"].map((at) => ({ at }))
}

const make = (name: string, more: Partial<ScenarioOptions>): Scenario.Scenario =>
  Scenario.make({ name, teaches: { en: "A test's own.", zh: "测试专用。" }, pace: "1ms", traffic, ...more })

/** A key that is wrong from the start. */
export const badKey = make("bad-key", { keys: { ...Standard.keys, "qwen-1": { vendor: "qwen", state: "invalid" } } })

/** A vendor that asks for eight seconds. */
export const limited = make("limited", { faults: [{ kind: "rate.limit", vendor: "qwen", retryAfter: 8 }] })

/** Requests that are wrong everywhere. */
export const wrong = make("wrong", {
  faults: [{ kind: "request.invalid", vendor: "qwen" }],
  expect: { outcome: "rejected" }
})

/** Streams that end without a finish reason. */
export const unfinished = make("unfinished", {
  faults: [{ kind: "eof.noDone", vendor: "qwen", stream: true }],
  traffic: { ...traffic, calls: traffic.calls.map((call, index) => ({ ...call, stream: index % 2 === 1 })) },
  expect: { availability: 0.6 }
})

const standard = Standard.config()

/** First words after eight seconds, where another vendor's are to be had. */
export const late = make("late", {
  faults: [{ kind: "slow.firstToken", vendor: "qwen", delay: "8s" }],
  traffic: { model: "qwen-plus", stream: true, every: "100ms", for: "500ms" },
  config: {
    ...standard,
    providers: { ...standard.providers, qwen: { ...standard.providers["qwen"]!, deadlines: { firstContent: "2s" } } }
  },
  expect: { within: "6s" }
})

const leavers = Library.find("callers.leave@qwen").source

/** A minute of callers, a third of whom leave. */
export const leaving = Scenario.make({ ...leavers, traffic: { ...leavers.traffic, for: "1m" } })

const shorter = (text: string): string => `${(Duration.parse(text) ?? 0) / 24}ms`

const day = Library.find("day-of-outages@qwen").source

/** The day of outages within an hour: what goes wrong does so 24 times as soon, and lasts as much less. */
export const hour = Scenario.make({
  ...day,
  name: "hour-of-outages",
  keys: Object.fromEntries(
    Object.entries(day.keys ?? {}).map(([name, { changes = [], ...key }]) => [
      name,
      { ...key, changes: changes.map(({ after = "0s", state }) => ({ state, after: shorter(after) })) }
    ])
  ),
  faults: (day.faults ?? []).map((fault) => ({
    ...fault,
    ...(fault.from === undefined ? {} : { from: shorter(fault.from) }),
    ...(fault.for === undefined ? {} : { for: shorter(fault.for) })
  })),
  traffic: { ...day.traffic, for: "1h" }
})
