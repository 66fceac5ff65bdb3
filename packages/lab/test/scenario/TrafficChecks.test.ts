import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Scenario from "../../src/scenario/Scenario.ts"

const head = "name: tried\nteaches: { en: x, zh: y }\n"

/** The lines that tell what is wrong with a file. */
const problems = (text: string) =>
  Effect.map(Effect.flip(Scenario.fromYaml(text, { env: {} })), ({ message }) => message.split("\n").slice(1))

const traffics: ReadonlyArray<readonly [what: string, yaml: string, line: string]> = [
  [
    "two kinds of traffic",
    "every: 1s, for: 1m, calls: [{ at: 1s }]",
    "calls: cannot stand beside every and for: leave one of them out"
  ],
  ["no traffic", "stream: true", "makes no calls: give every and for, or a list of calls"],
  ["an empty list", "calls: []", "calls: is empty: a run without calls shows nothing"],
  ["calls that never end", "every: 0s, for: 1m", "every: must be longer than nothing"],
  ["half a rhythm", "every: 1s", "for: is missing: every says how often, for how long"],
  [
    "a list that comes whenever it likes",
    "arrivals: poisson, calls: [{ at: 1s }]",
    "calls: cannot stand beside arrivals and bursts: a list says when each call is made"
  ],
  [
    "two lengths",
    "every: 1s, for: 1m, ramp: [{ for: 1m, every: 1s }]",
    "for: cannot stand beside ramp, whose stages say how long: leave one of them out"
  ],
  ["a ramp without stages", "every: 1s, ramp: []", "ramp: is empty: a run without calls shows nothing"],
  [
    "a stage that takes no time",
    "every: 1s, ramp: [{ for: 0s, every: 1s }]",
    "ramp[0].for: must be longer than nothing"
  ],
  [
    "bursts without end",
    "every: 1s, for: 1m, bursts: { every: 0s, calls: 2 }",
    "bursts.every: must be longer than nothing"
  ],
  [
    "a pause before nothing",
    "every: 1s, for: 1m, pause: 2s",
    "pause: comes before a second question, and there is none: give turns, or leave it out"
  ],
  [
    "JSON that is not asked for in words",
    "every: 1s, for: 1m, answer: json, text: Hello",
    "text: does not say JSON, and vendors refuse answer: json then: say it in the text"
  ],
  ["too many calls", "every: 1ms, for: 24h", "makes 86400000 calls: at most 10000000 can be made, so call less often"]
]

describe("traffic", () => {
  it.effect("refuses links that lead nowhere, and latencies that do not rise", () =>
    Effect.gen(function* () {
      const links = (text: string) =>
        problems(`${head}links: ${text}\ntraffic: { model: qwen-plus, every: 1s, for: 1m }\n`)
      expect(yield* links("{ zhipu: { bandwidth: 1000 } }")).toEqual([
        "  scenario.yaml:3:17  links.zhipu: leads nowhere: this scenario has no key of zhipu"
      ])
      const late = "{ qwen: { latency: { median: 2s, p99: 1s } }, deepseek: { latency: { median: 0s } } }"
      expect((yield* links(late)).map((line) => line.replace(/^.*? {2}links/, "links"))).toEqual([
        "links.qwen.latency.p99: is less than the median (2s)",
        "links.deepseek.latency.median: is no time at all: leave latency out"
      ])
      expect((yield* links("{ qwen: { latency: { median: 1s, p99: 3s, tail: 2s } } }")).join()).toContain(
        "links.qwen.latency.tail: is less than p99 (3s)"
      )
    })
  )

  it.effect.each(traffics)("refuses %s", ([, yaml, line]) =>
    Effect.gen(function* () {
      const [only, ...others] = yield* problems(`${head}traffic: { model: qwen-plus, ${yaml} }\n`)
      expect(only).toMatch(/^ {2}scenario\.yaml:3:\d+ {2}traffic[.:]/)
      expect(only?.replace(/^.*? traffic(\.|: )/, "")).toBe(line)
      expect(others).toEqual([])
    })
  )
})
