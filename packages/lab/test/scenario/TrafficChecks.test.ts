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
    "a pause before nothing",
    "every: 1s, for: 1m, pause: 2s",
    "pause: comes before a second question, and there is none: give turns, or leave it out"
  ],
  [
    "JSON that is not asked for in words",
    "every: 1s, for: 1m, answer: json, text: Hello",
    "text: does not say JSON, and vendors refuse answer: json then: say it in the text"
  ],
  ["too many calls", "every: 1ms, for: 1h", "makes 3600000 calls: at most 250000 can be made, so call less often"]
]

describe("traffic", () => {
  it.effect.each(traffics)("refuses %s", ([, yaml, line]) =>
    Effect.gen(function* () {
      const [only, ...others] = yield* problems(`${head}traffic: { model: qwen-plus, ${yaml} }\n`)
      expect(only).toMatch(/^ {2}scenario\.yaml:3:\d+ {2}traffic[.:]/)
      expect(only?.replace(/^.*? traffic(\.|: )/, "")).toBe(line)
      expect(others).toEqual([])
    })
  )
})
