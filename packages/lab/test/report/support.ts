/** Hand-made runs for the tests of reports. */
import type { Judged } from "../../src/report/Judged.ts"
import type { Attempt, CallRecord, Run } from "../../src/run/Run.ts"
import type { Scenario } from "../../src/scenario/Scenario.ts"
import type { Finding } from "../../src/verdict/Finding.ts"
import type { Figures } from "../../src/verdict/Verdict.ts"

export const attempt = (ordinal: number, at: number, rest: Partial<Attempt> = {}): Attempt => ({
  ordinal,
  at,
  vendor: "qwen",
  method: "POST",
  path: "/compatible-mode/v1/chat/completions",
  key: "q1",
  account: "main",
  model: "qwen-max",
  stream: false,
  recipe: "answer",
  status: 200,
  end: "complete",
  chunks: 12,
  finish: "stop",
  endedAt: at + 240,
  ...rest
})

export const call = (id: string, at: number, rest: Partial<CallRecord> = {}): CallRecord => ({
  id,
  at,
  model: "qwen-max",
  stream: false,
  outcome: "answered",
  endedAt: at + 240,
  text: "Reply",
  ...rest
})

const figures: Figures = {
  calls: 4,
  answered: 3,
  rejected: 0,
  failed: 1,
  left: 0,
  availability: 0.75,
  attempts: 5,
  mostAttempts: 2,
  probes: 1,
  tokens: 1234,
  medianAnswer: 240,
  p95Answer: 1250,
  slowestAnswer: 1250
}

const source: Scenario["source"] = {
  name: "revoked-mid-day",
  teaches: { en: "A revoked key is left at once.", zh: "吊销的 key 应立即停用。" },
  keys: { q1: { vendor: "qwen", value: "sk-demo-qwen-1" }, d1: { vendor: "deepseek" } },
  traffic: { model: "qwen-max", every: "2s", for: "8s" }
}

const scenario: Scenario = {
  name: source.name,
  teaches: source.teaches,
  seed: 42,
  catalogue: "both",
  keys: [
    { name: "q1", value: "sk-demo-qwen-1", account: "main", vendor: "qwen" },
    { name: "d1", value: "sk-demo-d1", account: "d1", vendor: "deepseek" }
  ],
  pace: 20,
  links: {},
  faults: [],
  phases: [],
  expect: {
    outcome: "answered",
    availability: 1,
    within: undefined,
    attemptsPerCall: 10,
    stallWithin: 30_000,
    restoredWithin: 120_000,
    allow: []
  },
  config: { version: 1, providers: {}, routes: [] },
  length: 8000,
  source
}

const finding: Finding = {
  kind: "failed-while-healthy",
  severity: "fails",
  message: {
    en: "Call c3 failed after 1.25s although deepseek/deepseek-chat#d1 was healthy.",
    zh: "调用 c3 在 1.25s 后失败，而 deepseek/deepseek-chat#d1 一直健康。"
  },
  calls: ["c3"],
  attempts: [3]
}

const run: Run = {
  scenario,
  client: "understudy",
  runner: "virtual",
  seed: 42,
  duration: 8000,
  calls: [
    call("c1", 0),
    call("c2", 2000),
    call("c3", 4000, {
      outcome: "failed",
      endedAt: 5250,
      text: "",
      error: { message: "Incorrect API key provided: sk-demo-qwen-1", status: 401 }
    }),
    call("c4", 6000, { model: "qwen-max", answeredBy: "deepseek-chat" })
  ],
  attempts: [
    attempt(1, 0, { call: "c1", attempt: 1 }),
    attempt(2, 2000, { call: "c2", attempt: 1 }),
    attempt(3, 4000, { call: "c3", attempt: 1, status: 401, recipe: "auth.invalid", endedAt: 5250, chunks: 0 }),
    attempt(4, 5500, { method: "GET", path: "/v1/models", model: "", status: 401, recipe: "auth.invalid" }),
    attempt(5, 6000, { call: "c4", attempt: 1, vendor: "deepseek", key: "d1", account: "d1", model: "deepseek-chat" })
  ],
  transitions: [
    { at: 0, what: "phase", name: "", from: "", to: "calm" },
    { at: 0, what: "key", name: "q1", from: "", to: "valid" },
    { at: 0, what: "key", name: "d1", from: "", to: "valid" },
    { at: 3000, what: "phase", name: "", from: "calm", to: "storm" },
    { at: 3000, what: "fault", name: "slow.chunks", from: "", to: "on" },
    { at: 3000, what: "key", name: "q1", from: "valid", to: "revoked" },
    { at: 5000, what: "fault", name: "slow.chunks", from: "on", to: "off" }
  ],
  health: {},
  leftOpen: []
}

/** A run with one finding. */
export const failed: Judged = {
  run,
  verdict: { passed: false, withheld: [], findings: [finding], figures },
  command: "npx understudy lab run revoked-mid-day --seed 42"
}

/** The same run, with nothing held against it. */
export const passed: Judged = {
  run: { ...run, client: "reference" },
  verdict: {
    passed: true,
    withheld: [],
    findings: [],
    figures: { ...figures, failed: 0, answered: 4, availability: 1 }
  },
  command: "npx understudy lab run revoked-mid-day --seed 42"
}

/** The same run, in which something is worth a look, something was not judged, and nothing fails. */
export const warned: Judged = {
  ...passed,
  run: { ...passed.run, clock: { speed: 1, jumped: 30_000 } },
  verdict: { ...passed.verdict, findings: [{ ...finding, severity: "warns" }], withheld: ["too-slow"] }
}

/** A run that shows nothing. */
export const withoutVerdict: Judged = {
  ...passed,
  verdict: {
    ...passed.verdict,
    passed: false,
    error: {
      kind: "nothing-reached",
      message: { en: "No request reached a vendor: sk-demo-qwen-1 is elsewhere?", zh: "没有请求到达厂商。" }
    }
  }
}

/** The failed run under another name, with another message. */
export const named = (name: string, message = finding.message.en): Judged => ({
  run: { ...run, scenario: { ...scenario, name, source: { ...source, name } } },
  verdict: { ...failed.verdict, findings: [{ ...finding, message: { en: message, zh: message } }] }
})

/** A day with a call every second, every thousandth of which fails. */
export const day = (): Judged => {
  const seconds = Array.from({ length: 86_400 }, (_, second) => second)
  const bad = (second: number): boolean => second % 1000 === 999
  return {
    run: {
      ...run,
      duration: 86_400_000,
      calls: seconds.map((s) => call(`c${s}`, s * 1000, bad(s) ? { outcome: "failed", text: "" } : {})),
      attempts: seconds.map((s) =>
        attempt(s + 1, s * 1000, {
          call: `c${s}`,
          attempt: 1,
          ...(bad(s) ? { status: 500, recipe: "server.error" } : {})
        })
      )
    },
    verdict: {
      passed: false,
      withheld: [],
      findings: [{ ...finding, calls: ["c999"], attempts: [1000] }],
      figures: { ...figures, calls: 86_400, attempts: 86_400 }
    }
  }
}
