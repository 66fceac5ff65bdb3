/** Scenarios of a second, for runners in real time. Calls that must not know of one another's end do not overlap it. */
import * as Duration from "@understudy/core/config/Duration"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Library from "../../src/library/Library.ts"
import type { ScenarioOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import * as Standard from "../../src/scenario/Standard.ts"

/** The standard setting with a short deadline for the first content. */
const hurried = (firstContent: string): UnderstudyOptions => {
  const standard = Standard.config()
  const providers = Object.entries(standard.providers).map(([name, provider]) => [
    name,
    { ...provider, deadlines: { firstContent } }
  ])
  return { ...standard, providers: Object.fromEntries(providers) }
}

const make = (name: string, more: Partial<ScenarioOptions>): Scenario.Scenario =>
  Scenario.make({
    name,
    teaches: { en: "A test's own.", zh: "测试专用。" },
    pace: "1ms",
    traffic: { model: "qwen-plus", stream: true, every: "200ms", for: "1s" },
    ...more
  })

/** A key that is wrong from the start. */
export const badKey = make("bad-key", { keys: { ...Standard.keys, "qwen-1": { vendor: "qwen", state: "invalid" } } })

/** A vendor that asks for five seconds. */
export const limited = make("limited", { faults: [{ kind: "rate.limit", vendor: "qwen", retryAfter: 5 }] })

/** Requests that are wrong everywhere. */
export const wrong = make("wrong", {
  faults: [{ kind: "request.invalid", vendor: "qwen" }],
  expect: { outcome: "rejected" }
})

/** Streams that end without a finish reason. */
export const unfinished = make("unfinished", {
  faults: [{ kind: "eof.noDone", vendor: "qwen", ordinals: [2, 4] }],
  expect: { availability: 0.6 }
})

/** First words after a second and a half, where another vendor's are to be had. */
export const late = make("late", {
  faults: [{ kind: "slow.firstToken", vendor: "qwen", delay: "1500ms" }],
  traffic: { model: "qwen-plus", stream: true, every: "100ms", for: "500ms" },
  config: hurried("700ms"),
  expect: { within: "1400ms" }
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
