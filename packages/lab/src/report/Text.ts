/** The words of reports in both languages; what one of them has, the other must have, with the same parameters. */
import type { Outcome, RunnerName } from "../run/Run.ts"
import type { FindingKind, Severity } from "../scenario/FindingKind.ts"
import type { Sentence } from "../scenario/Sentence.ts"
import type { AttemptOutcome } from "./Timeline.ts"

/** A language that reports are written in. */
export type Language = keyof Sentence

const define = <Group>(group: { readonly en: Group; readonly zh: NoInfer<Group> }): Record<Language, Group> => group

const many = (count: string, noun: string): string => `${count} ${noun}${count === "1" ? "" : "s"}`

const en = {
  title: "Degradation lab",
  passed: "passed",
  warned: "passed with a warning",
  failed: "failed",
  scenario: "scenario",
  client: "client",
  seed: "seed",
  availability: "availability",
  call: "call",
  calls: "calls",
  attempts: "attempts",
  findings: "findings",
  fault: "fault",
  requests: "requests",
  scenarios: "scenarios",
  duration: "duration",
  callers: "callers",
  phase: "phase",
  targets: "targets",
  reproduce: "run it again",
  noKey: "(no key)",
  withheld: (kinds: string, time: string) =>
    `Not judged, because the clock was moved on by ${time} and the client's was not: ${kinds}. Play in real time, or with --speed.`,
  beyond: (calls: string) =>
    `Findings count the calls that were kept: ${calls} more were worth keeping, and are in the figures alone.`,
  faster: (speed: string) => `${speed}x as fast`,
  noFindings: "Nothing is held against the client.",
  error: "no verdict",
  weighed: (name: string, severity: string) => `${name} (${severity})`,
  anyKind: "any finding",
  onlyFailed: "only failed",
  showProbes: "show probes",
  callId: "call id",
  details: "calls and attempts",
  outcome: "outcome",
  time: "time",
  nothingShown: "No scenario fits the filter.",
  noScenarios: "There are no runs in this report.",
  otherLanguage: "中文",
  pair: (name: string, value: string) => `${name}: ${value}`,
  more: (count: string) => `and ${count} more`,
  counted: (passed: string, failed: string, errors: string) =>
    `${passed} passed, ${failed} failed${errors === "0" ? "" : `, ${errors} without a verdict`}`,
  exercised: (some: string, all: string) => `${some} of ${all} kinds of faults exercised`,
  notExercised: (kinds: string) => `Not exercised: ${kinds}`,
  someCalls: (count: string) => many(count, "call"),
  someAttempts: (count: string) => many(count, "attempt"),
  share: (percent: string) => `${percent} available`,
  most: (count: string) => `at most ${count} a call`,
  probes: (count: string) => many(count, "probe"),
  tokens: (count: string) => many(count, "token"),
  median: (time: string) => `median ${time}`,
  p95: (time: string) => `p95 ${time}`,
  slowest: (time: string) => `slowest ${time}`,
  rejected: (count: string) => `${count} rejected`,
  virtual: (time: string) => `${time} of traffic`,
  shortened: "The report was shortened; the HTML report has the rest.",
  kinds: {
    "low-availability": "too few calls answered",
    "failed-while-healthy": "failed with a healthy path left",
    "too-slow": "answered too late",
    "made-up-answer": "made up an answer",
    "garbled-answer": "garbled an answer",
    "truncated-accepted": "took a broken answer for a whole one",
    spliced: "spliced two answers",
    "key-reused": "went on with a refused key",
    "key-not-restored": "never came back to a restored key",
    "same-account-rotation": "rotated keys within one account",
    "retry-storm": "retry storm",
    "no-backoff": "no pause between retries",
    "retry-after-ignored": "ignored Retry-After",
    "retried-caller-error": "repeated the caller's own mistake",
    "stall-undetected": "did not notice a stall",
    "health-check-cost": "health checks too often or at a price",
    "double-billing": "billed twice",
    "leaked-upstream-error": "leaked an upstream error",
    "cancelled-left-running": "left a cancelled request running",
    "left-running": "left a request running",
    "dead-target-asked": "asked a dead target for every call",
    "wrong-request": "sent another request than was asked",
    "key-disclosed": "disclosed a key",
    "tool-run-twice": "ran a tool twice",
    "late-first-content": "held a stream back",
    "context-fallback-too-small": "fell back on too small a context"
  } satisfies Record<FindingKind, string>,
  severities: { fails: "fails", warns: "warning", notes: "note" } satisfies Record<Severity, string>,
  outcomes: {
    answered: "answered",
    refused: "refused",
    failed: "failed",
    stalled: "stalled",
    cancelled: "cancelled",
    probe: "probe",
    left: "caller left",
    unfinished: "unfinished",
    unknown: "unknown"
  } satisfies Record<AttemptOutcome | Outcome, string>,
  runners: { virtual: "virtual clock", network: "mocked network", sockets: "real sockets" } satisfies Record<
    RunnerName,
    string
  >,
  states: {} as Readonly<Record<string, string>>
}

const all = define({
  en,
  zh: {
    title: "降级实验室",
    passed: "通过",
    warned: "通过，有警告",
    failed: "未通过",
    scenario: "场景",
    client: "客户端",
    seed: "种子",
    availability: "可用率",
    call: "调用",
    calls: "调用",
    attempts: "尝试",
    findings: "问题",
    fault: "故障",
    requests: "请求",
    scenarios: "场景数",
    duration: "时长",
    callers: "调用方",
    phase: "阶段",
    targets: "目标",
    reproduce: "重新运行",
    noKey: "（无 key）",
    withheld: (kinds, time) =>
      `以下各项未作判定，因为时钟被快进了 ${time}，而客户端自己的时钟没有：${kinds}。请按真实时间运行，或使用 --speed。`,
    beyond: (calls) => `各项问题只统计保留下来的调用：另有 ${calls} 次值得保留的调用只计入数字。`,
    faster: (speed) => `${speed} 倍速`,
    noFindings: "没有发现问题。",
    error: "无法判定",
    weighed: (name, severity) => `${name}（${severity}）`,
    anyKind: "全部问题",
    onlyFailed: "只看未通过",
    showProbes: "显示探测",
    callId: "调用编号",
    details: "调用与尝试",
    outcome: "结果",
    time: "时间",
    nothingShown: "没有符合筛选条件的场景。",
    noScenarios: "这份报告里没有运行记录。",
    otherLanguage: "English",
    pair: (name, value) => `${name}：${value}`,
    more: (count) => `另有 ${count} 条`,
    counted: (passed, failed, errors) =>
      `${passed} 个通过，${failed} 个未通过${errors === "0" ? "" : `，${errors} 个无法判定`}`,
    exercised: (some, all) => `${all} 种故障中演练了 ${some} 种`,
    notExercised: (kinds) => `未演练：${kinds}`,
    someCalls: (count) => `${count} 次调用`,
    someAttempts: (count) => `${count} 次尝试`,
    share: (percent) => `可用率 ${percent}`,
    most: (count) => `单次调用最多 ${count} 次`,
    probes: (count) => `${count} 次探测`,
    tokens: (count) => `${count} 个 token`,
    median: (time) => `中位数 ${time}`,
    p95: (time) => `P95 ${time}`,
    slowest: (time) => `最慢 ${time}`,
    rejected: (count) => `${count} 次被拒`,
    virtual: (time) => `流量时长 ${time}`,
    shortened: "报告过长，已截断；完整内容见 HTML 报告。",
    kinds: {
      "low-availability": "可用率过低",
      "failed-while-healthy": "有健康路径却仍失败",
      "too-slow": "回答太慢",
      "made-up-answer": "编造了回答",
      "garbled-answer": "弄乱了回答",
      "truncated-accepted": "把中断的回答当成完整回答",
      spliced: "把两次回答拼在一起",
      "key-reused": "继续使用已被拒绝的 key",
      "key-not-restored": "key 恢复后没有重新启用",
      "same-account-rotation": "在同一账户内轮换 key",
      "retry-storm": "重试风暴",
      "no-backoff": "重试之间没有间隔",
      "retry-after-ignored": "无视 Retry-After",
      "retried-caller-error": "重试了调用方自己的错误",
      "stall-undetected": "没有发现响应停滞",
      "health-check-cost": "健康检查过于频繁或产生费用",
      "double-billing": "重复计费",
      "leaked-upstream-error": "泄露了上游错误",
      "cancelled-left-running": "取消后仍让请求继续运行",
      "left-running": "调用结束后仍有请求在运行",
      "dead-target-asked": "每次调用都去问已宕机的目标",
      "wrong-request": "发出的请求与调用方所要的不符",
      "key-disclosed": "泄露了 key",
      "tool-run-twice": "重复执行了工具",
      "late-first-content": "扣住流式内容不发",
      "context-fallback-too-small": "后备模型的上下文太短"
    },
    severities: { fails: "失败", warns: "警告", notes: "提示" },
    outcomes: {
      answered: "已回答",
      refused: "被拒绝",
      failed: "失败",
      stalled: "停滞",
      cancelled: "已取消",
      probe: "探测",
      left: "调用方离开",
      unfinished: "未结束",
      unknown: "未知"
    },
    runners: { virtual: "虚拟时钟", network: "模拟网络", sockets: "真实套接字" },
    states: {
      valid: "正常",
      invalid: "无效",
      revoked: "已吊销",
      arrears: "欠费",
      "rate-limited": "限流",
      overloaded: "过载",
      slow: "变慢",
      stalled: "停滞",
      cut: "断流",
      silent: "无响应"
    }
  }
})

/** The words of reports. */
export type Text = typeof en

/** The words in a language. */
export const of = (language: Language): Text => all[language]

/** The state of a key in a reader's words; a fault kind is its own name. */
export const state = (text: Text, name: string): string => text.states[name] ?? name
