import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Library from "../../src/library/Library.ts"
import { type FindingKind, findingKinds, findings } from "../../src/scenario/FindingKind.ts"
import type { ScenarioOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { broken } from "./Broken.ts"

const make = (name: string, more: Partial<ScenarioOptions> = {}): Scenario.Scenario =>
  Scenario.make({
    name,
    teaches: { en: "A test's own.", zh: "测试专用。" },
    traffic: { model: "qwen-plus", every: "1s", for: "1m" },
    ...more
  })

const calm = make("calm", { traffic: { model: "qwen-plus", stream: true, every: "1s", for: "1m" } })

/** One vendor is down for most of a minute: half an availability is all that is expected, and more can be had. */
const oneDown = make("one-down", {
  faults: [{ kind: "server.error", vendor: "qwen", from: "10s", for: "20s" }],
  expect: { availability: 0.5 }
})

const unlucky = make("unlucky", {
  faults: [{ kind: "server.error", ratio: 0.3 }],
  expect: { availability: 0.9 }
})

const wrong = make("wrong-request", { faults: [{ kind: "request.invalid" }], expect: { outcome: "rejected" } })

const helpless = make("helpless", {
  keys: Object.fromEntries(
    (["qwen", "deepseek"] as const).flatMap((vendor) =>
      [1, 2].map((ordinal) => [`${vendor}-${ordinal}`, { vendor, state: "invalid" as const }])
    )
  ),
  expect: { availability: 0, allow: ["key-reused"] }
})

/** Too short for anybody to remember it. */
const hiccup = make("hiccup", {
  faults: [{ kind: "server.error", vendor: "qwen", from: "10s", for: "12s" }],
  traffic: { model: "qwen-plus", every: "2s", for: "1m" },
  expect: { attemptsPerCall: 4 }
})

const silent = make("one-silent", { faults: [{ kind: "stall.before", vendor: "qwen", from: "10s", for: "10s" }] })

const booking = make("booking", { traffic: { model: "qwen-plus", tools: true, every: "2s", for: "20s" } })

const slowlyDown = make("slowly-down", {
  faults: [{ kind: "edge.timeout", vendor: "qwen", delay: "5s", from: "10s", for: "1m" }],
  traffic: { model: "qwen-plus", every: "2s", for: "2m" }
})

/** What a question of 200,000 words finds: its own model and the route's fallback take a million tokens. */
const long = make("long", {
  catalogue: "both",
  faults: [{ kind: "server.error", vendor: "qwen", from: "4s", for: "4s" }],
  traffic: { model: "qwen-plus", text: "word ".repeat(200_000), every: "2s", for: "10s" },
  config: {
    version: 1,
    providers: {
      qwen: { type: "qwen", keys: ["qwen-1", "qwen-2"] },
      deepseek: { type: "deepseek", keys: ["deepseek-1", "deepseek-2"] }
    },
    routes: [
      {
        name: "long",
        match: { model: { prefix: "" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
      }
    ]
  },
  expect: { availability: 0, allow: ["failed-while-healthy"] }
})

/** Where each is caught. */
const scenarios: Readonly<Record<FindingKind, Scenario.Scenario>> = {
  "low-availability": unlucky,
  "failed-while-healthy": oneDown,
  "too-slow": Library.find("slow.firstToken@qwen"),
  "made-up-answer": unlucky,
  "garbled-answer": calm,
  "truncated-accepted": Library.find("eof.noDone@qwen"),
  spliced: Library.find("cut.midstream@qwen"),
  "key-reused": Library.find("auth.invalid@qwen"),
  "key-not-restored": Library.find("auth.allKeys@qwen"),
  "same-account-rotation": Library.find("rate.sameAccount@qwen"),
  "retry-storm": hiccup,
  "no-backoff": hiccup,
  "retry-after-ignored": Library.find("rate.retryAfter@qwen"),
  "retried-caller-error": wrong,
  "stall-undetected": Library.find("overload.queue@deepseek"),
  "health-check-cost": calm,
  "double-billing": calm,
  "leaked-upstream-error": helpless,
  "cancelled-left-running": Library.find("callers.leave@qwen"),
  "left-running": silent,
  "dead-target-asked": slowlyDown,
  "wrong-request": calm,
  "key-disclosed": calm,
  "tool-run-twice": booking,
  "late-first-content": calm,
  "context-fallback-too-small": long
}

describe("a broken client", () => {
  it.each(findingKinds.map((kind) => [kind, broken[kind].name] as const))("has %s: it %s", async (kind) => {
    const { verdict } = await Lab.run(scenarios[kind], { client: broken[kind] })
    const told = verdict.findings.filter(({ severity }) => severity !== "notes")
    expect([...new Set(told.map((finding) => finding.kind))]).toEqual([kind])
    expect(new Set(told.map(({ severity }) => severity))).toEqual(new Set([findings[kind].severity]))
    expect(verdict.passed).toBe(findings[kind].severity !== "fails")
  })
})

describe("Understudy", () => {
  it.each(findingKinds)("has no %s, nor anything else, in the same scenario", async (kind) => {
    const { verdict } = await Lab.run(scenarios[kind])
    expect(verdict.findings).toEqual([])
  })
})
