import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Plan from "../src/lab/Plan.ts"
import { of } from "../src/Messages.ts"

const text = `
name: refused
teaches: { en: a, zh: b }
faults:
  - { kind: refuse, vendor: qwen }
traffic: { model: qwen-plus, every: 1s, for: 10s }
`

it("says file, line and the runners that can, of a fault that the runner cannot do", () => {
  const scenarios = Effect.runSync(Scenario.fromYaml(text, { source: "mine.yaml" }))
  const manner = { runner: "sockets", config: undefined, gateway: false, longest: 60_000 } as const
  const { skipped } = Plan.make(of("en"), scenarios, manner)
  expect(skipped[0]?.why).toMatch(/^mine\.yaml:5:\d+ {2}faults\[0\]\.kind: .*run it with virtual or network$/)
})
