import { Problem } from "@understudy/core/config/Texts"
import { FailoverError, type FailoverReason } from "@understudy/core/failure/FailoverError"
import type { Explanation, Verdict } from "@understudy/core/route/Explain"
import type { KeyCheck } from "@understudy/core/Understudy"
import { MissingArgument } from "effect/cli/CliError"
import { displayWidth } from "effect/cli/CliOutput"
import { describe, expect, it } from "vitest"
import * as Check from "../src/commands/Check.ts"
import * as Explain from "../src/commands/Explain.ts"
import { explainError } from "../src/internal/HelpText.ts"
import * as RequestLog from "../src/internal/RequestLog.ts"
import * as Style from "../src/internal/Style.ts"
import * as Table from "../src/internal/Table.ts"
import * as Messages from "../src/Messages.ts"

const [en, zh] = [Messages.of("en"), Messages.of("zh")]

describe("a table", () => {
  it("aligns columns by the width of terminal cells, Chinese and colours included", () => {
    const lines = Table.align([
      ["网关", "http://a"],
      [Style.coloured.bold("key"), "b"]
    ])
    expect(lines.map((line) => displayWidth(line.slice(0, line.search(/http|b$/))))).toEqual([6, 6])
  })

  it("leaves no blanks at the end of a line", () => {
    expect(Table.align([["a", ""]])).toEqual(["a"])
  })
})

describe("colours", () => {
  it.each([
    [false, {}, {}],
    [true, { isTTY: true }, { TERM: "xterm" }],
    [false, { isTTY: true }, { NO_COLOR: "1" }],
    [false, { isTTY: true }, { TERM: "dumb" }],
    [true, {}, { FORCE_COLOR: "1" }],
    [false, {}, { FORCE_COLOR: "0" }]
  ])("are %s on %j with %j", (expected, stream, env) => {
    expect(Style.canColour(stream, env)).toBe(expected)
  })
})

const bad: KeyCheck = {
  provider: "qwen",
  key: "k927",
  name: "backup",
  ok: false,
  failure: {
    reason: { _tag: "Unauthorized" },
    message: "401 from qwen",
    vendor: { status: 401, message: "Incorrect API key provided." }
  },
  millis: 12
}
const good: KeyCheck = { provider: "deepseek", key: "k3e7", name: "k3e7", ok: true, failure: undefined, millis: 9 }

describe("check", () => {
  it("shows one line a key, with the reason in the reader's words and the vendor's own message", () => {
    expect(Check.table(zh, Style.plain, [good, bad])).toEqual([
      "  厂商      key   名称    结果                              用时   厂商的答复",
      "  deepseek  k3e7          正常                              9 ms",
      "  qwen      k927  backup  Unauthorized: key 无效或已被吊销  12 ms  Incorrect API key provided."
    ])
  })

  it("takes an address that knows nothing of keys for a wrong address, not for a bad key", () => {
    const lost: KeyCheck = { ...bad, failure: { reason: { _tag: "ModelNotFound" }, message: "404", vendor: undefined } }
    expect(Check.table(en, Style.plain, [lost]).join("\n")).toContain("is `baseUrl` right?")
  })

  it("gives machines null where there is nothing to say", () => {
    expect(Check.toJson("understudy.yaml", [good], [], [])).toEqual({
      config: "understudy.yaml",
      ok: true,
      problems: [],
      keys: [
        {
          provider: "deepseek",
          key: "k3e7",
          name: "k3e7",
          ok: true,
          reason: null,
          status: null,
          message: null,
          ms: 9
        }
      ],
      models: [],
      smallerFallbacks: []
    })
  })
})

const notQwq: Verdict = { _tag: "OtherModel", model: { _tag: "Exact", value: "qwq-32b" } }

const explanation: Omit<Explanation, "decisions"> = {
  model: "qwen-max",
  route: "aliyun",
  considered: [
    { route: "qwq", match: "= qwq-32b", verdict: notQwq, because: "model is not = qwq-32b" },
    { route: "aliyun", match: "qwen-*", verdict: { _tag: "Taken" }, because: "taken" }
  ],
  targets: [
    {
      role: "target",
      provider: "qwen",
      model: "qwen-max",
      weight: 2,
      usable: false,
      circuit: "Open",
      keys: [{ id: "k927", name: "backup", state: "Removed", reason: "Unauthorized", dueIn: 4_200 }]
    },
    {
      role: "fallback",
      provider: "local",
      model: "llama",
      weight: 1,
      usable: true,
      circuit: "Closed",
      keys: [{ id: "", name: "", state: "Available", reason: undefined, dueIn: 0 }]
    }
  ]
}

describe("explain", () => {
  it("shows the route, why the others were not taken, and targets with their keys in order", () => {
    expect(Explain.render(en, Style.plain, explanation)).toEqual([
      "  Model  qwen-max",
      "  Route  aliyun",
      "",
      "Routes, in the order in which they are asked",
      "  ·  qwq     = qwq-32b  the model is not qwq-32b",
      "  ✓  aliyun  qwen-*     taken",
      "",
      "Then, in this order",
      `${" ".repeat(31)}keys: one is drawn, the others stand by`,
      "  1.  target    qwen/qwen-max  k927 (backup): removed Unauthorized back in 5 s  weight 2  circuit Open  cannot be used now: passed over",
      "  2.  fallback  local/llama    (no key)",
      "",
      "No request was sent. Keys are shown as they are at the start; a running gateway may have learned more."
    ])
  })

  it.each<readonly [Verdict, string, string]>([
    [{ _tag: "Taken" }, "taken", "选中"],
    [notQwq, "the model is not qwq-32b", "模型不是 qwq-32b"],
    [{ _tag: "OtherModel", model: { _tag: "Regex", value: /^gpt/ } }, "the model is not /^gpt/", "模型不是 /^gpt/"],
    // A name may look like a sentence of ours.
    [
      { _tag: "OtherHeader", name: "x-tier", value: 'vip" is not "taken' },
      'header x-tier is not "vip" is not "taken"',
      '请求头 x-tier 不是 "vip" is not "taken"'
    ],
    [{ _tag: "OtherConsumer", consumers: ["a", "b"] }, "the consumer is not one of a, b", "消费者不在 a、b 之中"],
    [
      { _tag: "Shadowed", by: "qwq" },
      "would fit too, but qwq is more specific or stands earlier",
      "也匹配，但 qwq 更具体或更靠前"
    ]
  ])("says %j in both languages", (verdict, english, chinese) => {
    expect([Explain.toWords(en, verdict), Explain.toWords(zh, verdict)]).toEqual([english, chinese])
  })
})

describe("mistakes in YAML", () => {
  const inChinese = (problem: Problem.Problem): string => Problem.toText(problem, zh.config.texts)

  it.each([
    ["TAB_AS_INDENT", "YAML 有误：缩进不能用制表符（Tab）（as the parser says）"],
    ["MULTILINE_IMPLICIT_KEY", "YAML 有误：是不是少了冒号？全角冒号（：）不算（as the parser says）"],
    ["A_NEW_ONE", "YAML 有误，解析器的原话：as the parser says"]
  ])("are told in Chinese, with the parser's own words beside: %s", (code, expected) => {
    expect(inChinese({ _tag: "NotYaml", code, detail: "as the parser says" })).toBe(expected)
  })

  it("keeps a space between Chinese and a digit", () => {
    const port = { _tag: "Unexpected", expected: "a port", kinds: ["port"], got: "80800" } as const
    expect(inChinese(port)).toBe("应为 0 到 65535 之间的端口号，写的却是 80800")
  })

  it("names all that would do, and never in English", () => {
    const key = {
      _tag: "Unexpected",
      expected: "a text or an object",
      kinds: ["text", "object"],
      got: undefined
    } as const
    expect(inChinese(key)).toBe("应为非空文本，或一组键值")
  })
})

describe("a call that failed", () => {
  const failure = {
    reason: { _tag: "ConnectionFailed", code: "ECONNREFUSED" },
    message: "qwen could not be reached",
    vendor: undefined
  } as const
  const told = (reason: FailoverReason): ReadonlyArray<string> => {
    const error = new FailoverError({ reason, trail: [] })
    return [en.calls.failed(error), zh.calls.failed(error)]
  }

  it.each<readonly [FailoverReason, string]>([
    [
      { _tag: "NoRoute", model: "gpt-9", routes: ["aliyun (qwen*)"] },
      "没有路由接收“gpt-9”。已有路由：aliyun (qwen*)。请添加路由，或改问它们接收的模型。"
    ],
    [
      { _tag: "NoTarget", route: "aliyun", retryAfter: 4_200 },
      "路由 aliyun 目前没有能回答的目标：key 都不可用。最早的一个大约 5 秒后恢复。"
    ],
    [{ _tag: "Limited", retryAfter: undefined }, "能回答的目标都被限流。"],
    [
      { _tag: "Rejected", failure: { ...failure, reason: { _tag: "InvalidRequest" } } },
      "请求被拒：qwen could not be reached"
    ],
    [
      { _tag: "UpstreamFailed", failure },
      "所有目标都失败了。最后一个：ConnectionFailed(ECONNREFUSED)，连不上厂商：qwen could not be reached"
    ]
  ])("is told in the reader's language: %j", (reason, chinese) => {
    expect(told(reason)).toEqual([new FailoverError({ reason, trail: [] }).message, chinese])
  })
})

describe("the request log", () => {
  it("shows status, time, model and trail on one line, whatever a caller put into a name", () => {
    const fields = { status: 200, ms: 7, model: "qwen-\n\u202eturbo", trail: "qwen/qwen-turbo#k3f9 ok 5ms" }
    expect(RequestLog.toLine(Style.plain, { message: "POST /v1/chat/completions", fields })).toBe(
      "200     7 ms  qwen-??turbo      → qwen/qwen-turbo#k3f9 ok 5ms"
    )
  })

  it("shows the endpoint and the error where there is no model", () => {
    const fields = { status: 401, ms: 1, error: "invalid_api_key" }
    expect(RequestLog.toLine(Style.plain, { message: "GET /v1/models", fields })).toBe(
      "401     1 ms  GET /v1/models    → invalid_api_key"
    )
  })

  it("tells of keys and targets that go and come, in seconds", () => {
    const event = { provider: "qwen", key: "k927" }
    const lines = [
      { _tag: "KeyRemoved", reason: "Unauthorized", nextProbeIn: 4_001, ...event } as const,
      { _tag: "KeyRestored", ...event } as const,
      { _tag: "KeyProbed", ok: false, nextProbeIn: 1, ...event } as const,
      { _tag: "CircuitChanged", provider: "qwen", model: "m", from: "Closed", to: "Open", openFor: 900 } as const
    ].map((each) => RequestLog.toEventLine({ messages: en, style: Style.plain }, each))
    expect(lines).toEqual([
      "key qwen#k927 is out: Unauthorized; first probe in 5 s",
      "key qwen#k927 is back",
      undefined,
      "target qwen/m keeps failing: left alone for 1 s"
    ])
  })
})

it("says in the reader's language what is missing on a command line", () => {
  expect(explainError(zh, new MissingArgument({ argument: "model" }))).toBe("缺少 <model>。")
})
