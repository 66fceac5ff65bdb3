import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Library from "../../src/library/Library.ts"
import { type FindingKind, findingKinds } from "../../src/scenario/FindingKind.ts"
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
  "retry-storm": Library.find("server.error@qwen"),
  "no-backoff": Library.find("server.error@qwen"),
  "retry-after-ignored": Library.find("rate.retryAfter@qwen"),
  "retried-caller-error": wrong,
  "stall-undetected": Library.find("overload.queue@deepseek"),
  "health-check-cost": calm,
  "double-billing": calm,
  "leaked-upstream-error": helpless,
  "cancelled-left-running": Library.find("callers.leave@qwen")
}

describe("a broken client", () => {
  it.each(findingKinds.map((kind) => [kind, broken[kind].name] as const))("has %s: it %s", async (kind) => {
    const { verdict } = await Lab.run(scenarios[kind], { client: broken[kind] })
    expect([...new Set(verdict.findings.map((finding) => finding.kind))]).toEqual([kind])
  })
})

describe("Understudy", () => {
  it.each(findingKinds)("has no %s, nor anything else, in the same scenario", async (kind) => {
    const { verdict } = await Lab.run(scenarios[kind])
    expect(verdict.findings).toEqual([])
  })
})
