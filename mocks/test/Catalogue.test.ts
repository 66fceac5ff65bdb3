import { Catalogue, FaultKind } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, deepseekKey, tools, world } from "./support.ts"

type Row = [
  kind: FaultKind.FaultKind,
  status: number,
  type: string | undefined,
  code: string | null | undefined,
  message: string
]

const invalid = "invalid_request_error"

const deepseek: Array<Row> = [
  ["auth.missing", 401, undefined, undefined, "Authentication Fails (governor)"],
  ["auth.format", 401, undefined, undefined, "Authentication Fails (auth header format should be Bearer sk-...)"],
  [
    "auth.invalid",
    401,
    "authentication_error",
    invalid,
    `Authentication Fails, Your api key: ****${deepseekKey.slice(-4)} is invalid`
  ],
  ["billing.exhausted", 402, "unknown_error", invalid, "Insufficient Balance"],
  [
    "billing.shrinking",
    429,
    "rate_limit_error",
    invalid,
    "Your current concurrency is 8, which exceeds your concurrency limit of 7 based on"
  ],
  ["rate.limit", 429, "rate_limit_error", invalid, "Too many requests. Your current concurrency is"],
  ["rate.tokens", 429, "rate_limit_error", invalid, "Rate limit reached for TPM"],
  ["overload.fast", 503, "service_unavailable_error", "service_unavailable_error", "Service is too busy."],
  ["content.input", 400, invalid, invalid, "Content Exists Risk"],
  ["model.gone", 400, invalid, invalid, "Model Not Exist"],
  [
    "mode.mismatch",
    400,
    invalid,
    invalid,
    "The `reasoning_content` in the thinking mode must be passed back to the API."
  ],
  [
    "request.malformed",
    400,
    invalid,
    invalid,
    "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant"
  ],
  ["request.invalid", 422, invalid, invalid, "Invalid parameters"],
  [
    "request.tooLong",
    400,
    invalid,
    invalid,
    "This model's maximum context length is 65536 tokens. However, you requested 65537 tokens"
  ],
  ["request.tooLarge", 413, undefined, undefined, "Failed to buffer the request body: length limit exceeded"],
  ["server.error", 500, "internal_error", "internal_error", "Internal Server Error"],
  ["server.empty", 500, undefined, undefined, ""],
  ["edge.html", 502, undefined, undefined, "<html>"],
  ["edge.timeout", 504, undefined, undefined, "<html>"]
]

const qwen: Array<Row> = [
  ["auth.missing", 401, invalid, null, "You didn't provide an API key."],
  [
    "auth.invalid",
    401,
    invalid,
    "invalid_api_key",
    "Incorrect API key provided. For details, see: https://help.aliyun.com/"
  ],
  ["auth.workspace", 401, invalid, "invalid_api_key", "Invalid API-key provided."],
  ["auth.plan", 401, invalid, "invalid_api_key", "invalid access token or token expired"],
  ["access.denied", 403, "AccessDenied.Unpurchased", "AccessDenied.Unpurchased", "Access to model denied."],
  [
    "billing.exhausted",
    400,
    "Arrearage",
    "Arrearage",
    "Access denied, please make sure your account is in good standing."
  ],
  [
    "billing.freeTier",
    403,
    "AllocationQuota.FreeTierOnly",
    "AllocationQuota.FreeTierOnly",
    "The free tier of the model has been exhausted."
  ],
  ["billing.freeQuota", 403, "insufficient_quota", "insufficient_quota", "Free allocated quota exceeded."],
  ["billing.overdue", 429, "PostpaidBillOverdue", "PostpaidBillOverdue", "The postpaid bill is overdue."],
  ["rate.limit", 429, "limit_requests", "limit_requests", "You have exceeded your current request limit."],
  ["rate.tokens", 429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota"],
  ["rate.burst", 429, "limit_burst_rate", "limit_burst_rate", "Request rate increased too quickly."],
  ["overload.fast", 500, "ServiceUnavailable", "ServiceUnavailable", "<503> InternalError.Algo: Too many requests."],
  [
    "overload.disguised",
    400,
    "ServiceUnavailable",
    "ServiceUnavailable",
    "Too many requests. Your requests are being throttled due to system capacity limits."
  ],
  ["overload.serving", 503, "ModelServingError", "ModelServingError", "Too many requests."],
  ["model.unavailable", 503, "ModelUnavailable", "ModelUnavailable", "Model is unavailable, please try again later."],
  [
    "content.input",
    400,
    "data_inspection_failed",
    "data_inspection_failed",
    "Input data may contain inappropriate content."
  ],
  [
    "model.gone",
    404,
    invalid,
    "model_not_found",
    "The model `qwen-turbo` does not exist or you do not have access to it."
  ],
  [
    "model.unsupported",
    404,
    invalid,
    "model_not_supported",
    "Unsupported model qwen-turbo for OpenAI compatibility mode."
  ],
  ["mode.mismatch", 400, invalid, "invalid_parameter_error", "This model only support stream mode"],
  ["request.thinking", 400, invalid, "invalid_parameter_error", "parameter.enable_thinking must be set to false"],
  ["request.malformed", 400, invalid, "invalid_parameter_error", "Required body invalid"],
  [
    "request.invalid",
    400,
    invalid,
    "invalid_parameter_error",
    "<400> InternalError.Algo.InvalidParameter: Range of top_p"
  ],
  [
    "request.tooLong",
    400,
    invalid,
    "invalid_parameter_error",
    "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]"
  ],
  ["request.tooLarge", 413, invalid, "invalid_parameter_error", "Exceeded limit on max bytes"],
  ["server.error", 500, "internal_error", "internal_error", "An internal error has occured, please try again later"],
  ["server.timeout", 500, "RequestTimeOut", "RequestTimeOut", "Request timed out, please try again later."],
  ["edge.html", 502, undefined, undefined, "upstream connect error or disconnect/reset before headers"],
  ["edge.timeout", 504, undefined, undefined, "upstream request timeout"]
]

const tables = { deepseek, qwen }

for (const vendor of ["deepseek", "qwen"] as const) {
  describe(`${vendor}'s error catalogue`, () => {
    it.each(tables[vendor])("answers %s with %i", (kind, status, type, code, message) => {
      const { vendors } = world()
      vendors.addFault({ kind })
      const reply = ask(vendors, { vendor })
      expect(reply.status).toBe(status)
      expect(reply.plan.recipe).toBe(kind)
      if (type === undefined) return expect(reply.text).toContain(message)
      const { error } = reply.json()
      expect(error).toMatchObject({ type, code, param: null })
      expect(error.message).toContain(message)
    })

    it("has a row for every refusal that the fault catalogue promises", () => {
      const promised = FaultKind.names.filter((name) => {
        const kind: FaultKind.Description = FaultKind.catalogue[name]
        return (kind.stage === "service" || name.startsWith("edge.")) && kind.vendors.includes(vendor)
      })
      expect(tables[vendor].map(([kind]) => kind).toSorted()).toEqual(promised.toSorted())
    })
  })
}

describe("details of refusals", () => {
  it("sends DeepSeek's plain-text 401 without a content-type", () => {
    const reply = ask(world().vendors, { vendor: "deepseek", key: "" })
    expect([reply.status, reply.headers.has("content-type"), Buffer.byteLength(reply.text)]).toEqual([401, false, 31])
  })

  it("tells a key without sk- about the header's format", () => {
    expect(ask(world().vendors, { vendor: "deepseek", key: "nonsense" }).text).toContain("Bearer sk-...")
  })

  it("ends DeepSeek's messages with a request id when switched on", () => {
    const { vendors } = world({ requestIdInMessage: true, catalogue: "2025" })
    const reply = ask(vendors, { vendor: "deepseek", model: "gpt-4" })
    expect(reply.json().error.message).toMatch(/^Model Not Exist \(request_id: [0-9a-f-]{36}\)$/)
  })

  it("puts the id and the code first in Qwen's errors of the model stage", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", vendor: "qwen" })
    const reply = ask(vendors, { vendor: "qwen" })
    const id = reply.headers.get("x-request-id")
    expect(Object.keys(reply.json().error)).toEqual(["code", "param", "message", "type"])
    expect(reply.json()).toMatchObject({ id: `chatcmpl-${id}`, request_id: id })
  })

  it("wraps Qwen's 400 in an SSE line when asked to", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "content.input", vendor: "qwen", shape: "sse" })
    const reply = ask(vendors, { vendor: "qwen", stream: true })
    expect(reply.status).toBe(400)
    expect(reply.text).toMatch(/^data: \{"error":.*\}\n\n$/)
  })

  it("sends Retry-After in seconds or as a date, and neither unless asked", () => {
    const { vendors, clock } = world()
    const retryAfter = () => ask(vendors, { vendor: "qwen" }).headers.get("retry-after")
    vendors.addFault({ kind: "rate.limit", times: 1 })
    vendors.addFault({ kind: "rate.limit", times: 1, retryAfter: 7 })
    vendors.addFault({ kind: "rate.limit", times: 1, retryAfter: { date: "5s" } })
    expect([retryAfter(), retryAfter(), retryAfter()]).toEqual([
      undefined,
      "7",
      new Date(clock.now() + 5000).toUTCString()
    ])
  })

  it("shrinks DeepSeek's concurrency before the balance is exhausted", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "billing.shrinking" })
    const replies = Array.from({ length: 5 }, () => ask(vendors, { vendor: "deepseek" }))
    expect(replies.map((reply) => reply.status)).toEqual([429, 429, 429, 429, 402])
    expect(replies[3]?.text).toContain("Your current concurrency is 2, which exceeds your concurrency limit of 1")
  })
})

describe("validation", () => {
  const cases: Array<[string, Parameters<typeof ask>[1], number, string]> = [
    ["DeepSeek: no JSON", { vendor: "deepseek", raw: "{" }, 400, "Failed to parse the request body as JSON"],
    ["DeepSeek: no messages", { vendor: "deepseek", messages: undefined }, 400, "missing field `messages`"],
    [
      "DeepSeek: unknown role",
      { vendor: "deepseek", messages: [{ role: "person", content: "" }] },
      400,
      "messages[0]: unknown variant `person`"
    ],
    ["DeepSeek: unknown model", { vendor: "deepseek", model: "deepseek-v9" }, 400, "but you passed deepseek-v9."],
    [
      "DeepSeek: max_tokens",
      { vendor: "deepseek", max_tokens: 9000 },
      400,
      "the valid range of max_tokens is [1, 8192]"
    ],
    [
      "DeepSeek: JSON mode",
      { vendor: "deepseek", response_format: { type: "json_object" } },
      400,
      "must contain the word 'json'"
    ],
    [
      "DeepSeek: a schema",
      { vendor: "deepseek", response_format: { type: "json_schema", json_schema: {} } },
      400,
      "This response_format type is unavailable now"
    ],
    [
      "Qwen: JSON mode",
      { vendor: "qwen", response_format: { type: "json_object" } },
      400,
      "must contain the word 'json'"
    ],
    [
      "Qwen: a schema for a model without",
      { vendor: "qwen", response_format: { type: "json_schema", json_schema: {} } },
      400,
      "does not support 'response_format' of type 'json_schema'"
    ],
    [
      "Qwen: a schema for a model that thinks",
      {
        vendor: "qwen",
        model: "qwen-plus",
        stream: true,
        enable_thinking: true,
        response_format: { type: "json_schema", json_schema: {} }
      },
      400,
      "Json mode response is not supported when enable_thinking is true"
    ],
    ["Qwen: no JSON", { vendor: "qwen", raw: "nope" }, 400, "Required body invalid"],
    ["Qwen: no model", { vendor: "qwen", raw: "{}" }, 400, "you must provide a model parameter"],
    ["Qwen: no messages", { vendor: "qwen", messages: [] }, 400, "you must provide a messages parameter"],
    ["Qwen: unknown model", { vendor: "qwen", model: "qwen-9" }, 404, "The model `qwen-9` does not exist"],
    ["Qwen: temperature", { vendor: "qwen", temperature: 2 }, 400, "Range of temperature should be [0.0, 2.0)"],
    ["Qwen: max_tokens", { vendor: "qwen", max_tokens: 0 }, 400, "Range of max_tokens should be"],
    ["Qwen: thinking budget", { vendor: "qwen", thinking_budget: 0 }, 400, "thinking_budget"],
    [
      "Qwen: a tool named search",
      { vendor: "qwen", tools: [{ type: "function", function: { name: "search" } }] },
      400,
      "[search]"
    ]
  ]
  it.each(cases)("refuses %s", (_, request, status, message) => {
    const reply = ask(world().vendors, request)
    expect([reply.status, reply.json().error.message]).toEqual([status, expect.stringContaining(message)])
  })

  it.each([
    ["2025", ["deepseek-chat", "deepseek-reasoner"], ["deepseek-flash", "deepseek-v4-pro", "deepseek-v4-flash"]],
    ["2026", ["deepseek-flash", "deepseek-v4-pro"], ["deepseek-chat", "deepseek-reasoner"]],
    ["both", ["deepseek-flash", "deepseek-v4-pro", "deepseek-chat", "deepseek-reasoner"], ["deepseek-v9", "toString"]]
  ] as const)("answers every name that the catalogue %s lists, and refuses the others", (catalogue, listed, refused) => {
    const { vendors } = world({ catalogue })
    const models = ask(vendors, { vendor: "deepseek", method: "GET", path: "/models" }).json()
    expect(models.data.map(({ id }: { id: string }) => id)).toEqual(listed)
    expect(Catalogue.listed("deepseek", catalogue)).toEqual(listed)
    const status = (model: string) => ask(vendors, { vendor: "deepseek", model }).status
    expect(listed.map(status)).toEqual(listed.map(() => 200))
    expect(refused.map(status)).toEqual(refused.map(() => 400))
    for (const model of listed) expect(Catalogue.answers("deepseek", model, catalogue)).toBe(true)
    for (const model of refused) expect(Catalogue.answers("deepseek", model, catalogue)).toBe(false)
  })

  it("still answers names of today that it no longer lists", () => {
    const { vendors } = world({ catalogue: "2026" })
    for (const model of ["deepseek-v4-flash", "deepseek-v4-flash-vision-exp"]) {
      expect(ask(vendors, { vendor: "deepseek", model }).status).toBe(200)
    }
  })

  it("answers each of DeepSeek's names as it was in its own time", () => {
    const { vendors } = world()
    const body = (model: string) => ask(vendors, { vendor: "deepseek", model }).json()
    expect(body("deepseek-chat").system_fingerprint).toMatch(/^fp_/)
    expect(body("deepseek-chat").choices[0].message).not.toHaveProperty("reasoning_content")
    expect(body("deepseek-flash").system_fingerprint).toMatch(/^[0-9a-f]{32}$/)
    expect(body("deepseek-flash").choices[0].message).toHaveProperty("reasoning_content")
    expect(ask(vendors, { vendor: "deepseek", model: "deepseek-flash", max_tokens: 9000 }).status).toBe(200)
  })

  it("answers every Qwen model that it lists, streaming", () => {
    const { vendors } = world()
    for (const model of Catalogue.listed("qwen")) {
      const path = model.startsWith("text-embedding-") ? "/embeddings" : "/chat/completions"
      expect([model, ask(vendors, { vendor: "qwen", model, path, stream: true, input: "x" }).status]).toEqual([
        model,
        200
      ])
      expect(Catalogue.answers("qwen", model)).toBe(true)
    }
  })

  it.each([
    // Model, what else is asked, whether it answers without streaming, whether it reasons then.
    ["qwen3.8-max", {}, true, true],
    ["qwen3.8-flash", {}, true, true],
    ["qwen3.8-flash", { enable_thinking: false }, true, false],
    ["qwen3.7-plus", {}, true, true],
    ["qwen3.5-plus", { enable_thinking: true }, true, true],
    ["qwen3-max", {}, true, false],
    ["qwen-plus", {}, true, false],
    ["qwen-plus", { enable_thinking: true }, false, true],
    ["qwen3-0.6b", {}, false, true],
    ["qwen3-1.7b", { enable_thinking: false }, true, false],
    ["qwq-plus", {}, false, true],
    ["qvq-max", {}, false, true],
    ["qwen3-30b-a3b-thinking-2507", { enable_thinking: false }, false, true],
    ["qwen3-235b-a22b-instruct-2507", {}, true, false],
    ["qwen3-omni-flash", {}, false, false]
  ] as const)("takes plain calls of %s with %j: %s, and reasons: %s", (model, extra, plain, reasons) => {
    const { vendors } = world()
    const reply = ask(vendors, { vendor: "qwen", model, stream: !plain, ...extra })
    expect(reply.status).toBe(200)
    expect(reply.text.includes('"reasoning_content":"')).toBe(reasons)
    if (!plain) expect(ask(vendors, { vendor: "qwen", model, ...extra }).status).toBe(400)
  })

  it("rejects the old DeepSeek names in the catalogue of 2026, with that year's message", () => {
    const { vendors } = world({ catalogue: "2026" })
    expect(ask(vendors, { vendor: "deepseek" }).json().error.message).toBe(
      "The supported API model names are deepseek-v4-pro or deepseek-v4-flash, but you passed deepseek-chat."
    )
    const thinking = ask(vendors, { vendor: "deepseek", model: "deepseek-v4-flash" }).json().choices[0].message
    expect(thinking).toHaveProperty("reasoning_content")
    const plain = ask(vendors, { vendor: "deepseek", model: "deepseek-v4-flash", thinking: { type: "disabled" } })
    expect(plain.json().choices[0].message).not.toHaveProperty("reasoning_content")
  })

  it("demands reasoning_content back after a tool call in the catalogue of 2026", () => {
    const { vendors } = world({ catalogue: "2026" })
    const messages = (extra: object) => [
      { role: "user", content: "weather" },
      { role: "assistant", content: "", tool_calls: [{ id: "1" }], ...extra },
      { role: "tool", tool_call_id: "1", content: "sunny" }
    ]
    const status = (extra: object) =>
      ask(vendors, { vendor: "deepseek", model: "deepseek-v4-pro", messages: messages(extra) }).status
    expect([status({}), status({ reasoning_content: "hm" })]).toEqual([400, 200])
  })
})

const call = (id: string, args = "{}") => ({ id, type: "function", function: { name: "f", arguments: args } })
const calls = (...ids: ReadonlyArray<string>) => ({
  role: "assistant",
  content: "",
  reasoning_content: "hm",
  tool_calls: ids.map((id) => call(id))
})
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "ok" })
const user = { role: "user", content: "go" }

describe("the order of tool messages", () => {
  const orders: ReadonlyArray<readonly [name: string, messages: ReadonlyArray<object>, what: string]> = [
    ["a call and its result", [user, calls("1"), result("1")], "fine"],
    [
      "two calls and their results the other way round",
      [user, calls("1", "2"), result("2"), result("1"), user],
      "fine"
    ],
    ["two rounds with the same ids", [user, calls("1"), result("1"), calls("1"), result("1")], "fine"],
    ["a result without a call", [user, result("1")], "orphan"],
    ["a result of another call", [user, calls("1"), result("2")], "orphan"],
    ["a result that comes after somebody spoke", [user, calls("1"), result("1"), user, result("1")], "orphan"],
    ["a result without an id", [user, calls("1"), { role: "tool", content: "ok" }], "orphan"],
    ["a call without a result", [user, calls("1"), user], "unanswered"],
    ["one of two calls without a result", [user, calls("1", "2"), result("1"), user], "unanswered"],
    ["a call at the end", [user, calls("1")], "unanswered"]
  ]
  const words = {
    deepseek: {
      orphan: "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
      unanswered:
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
    },
    qwen: {
      orphan: 'messages with role "tool" must be a response to a preceeding message with "tool_calls".',
      unanswered: "The following tool_call_ids did not have response messages: message["
    }
  } as const
  for (const vendor of ["deepseek", "qwen"] as const) {
    it.each(orders)(`${vendor} is asked with %s`, (_, messages, what) => {
      const reply = ask(world().vendors, { vendor, messages })
      if (what === "fine") return expect(reply.status).toBe(200)
      expect(reply.status).toBe(400)
      expect(reply.json().error.message).toContain(words[vendor][what as "orphan" | "unanswered"])
    })
  }
})

describe("what the vendors refuse of conversations", () => {
  it.each(['{"a', "[]", "5", "null", "", '"x"'])("Qwen refuses arguments that are no JSON object: %j", (args) => {
    const messages = [user, { role: "assistant", content: "", tool_calls: [call("1", args)] }, result("1")]
    const reply = ask(world().vendors, { vendor: "qwen", messages })
    expect([reply.status, reply.json().error]).toEqual([
      400,
      expect.objectContaining({
        code: "invalid_parameter_error",
        message:
          '<400> InternalError.Algo.InvalidParameter: The "function.arguments" parameter of the code model must be in JSON format.'
      })
    ])
  })

  it.each([
    ["deepseek", "messages[0]: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`"],
    ["qwen", "developer is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.[0].role'"]
  ] as const)("%s refuses the role developer", (vendor, message) => {
    const reply = ask(world().vendors, { vendor, messages: [{ role: "developer", content: "be brief" }, user] })
    expect([reply.status, reply.json().error.message]).toEqual([400, expect.stringContaining(message)])
  })

  const image = [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://x/y.png" } }] }]
  it("DeepSeek takes images for the one model that sees", () => {
    const status = (model: string) => ask(world().vendors, { vendor: "deepseek", model, messages: image }).status
    expect([status("deepseek-flash"), status("deepseek-v4-pro"), status("deepseek-chat")]).toEqual([200, 400, 400])
    const refused = ask(world().vendors, { vendor: "deepseek", messages: image })
    expect(refused.json().error.message).toContain("messages[0]: unknown variant `image_url`, expected `text`")
  })

  const named = { type: "function", function: { name: "get_weather" } }
  it.each(["required", named])("both refuse to be forced to a tool while they think: %j", (tool_choice) => {
    const { vendors } = world()
    const asked = (more: object) =>
      ask(vendors, { vendor: "deepseek", model: "deepseek-flash", tools, tool_choice, ...more })
    expect(asked({}).json().error.message).toBe("Thinking mode does not support this tool_choice")
    expect(asked({ thinking: { type: "disabled" } }).status).toBe(200)
    expect(asked({ model: "deepseek-chat" }).status).toBe(200)
    const qwen = (more: object) => ask(vendors, { vendor: "qwen", model: "qwen3.7-plus", tools, tool_choice, ...more })
    expect(qwen({}).json().error.message).toContain(
      "The tool_choice parameter does not support being set to required or object in thinking mode"
    )
    expect(qwen({ enable_thinking: false }).status).toBe(200)
  })

  it("neither minds tool_choice auto or none while it thinks", () => {
    for (const tool_choice of ["auto", "none"]) {
      expect(ask(world().vendors, { vendor: "deepseek", model: "deepseek-flash", tools, tool_choice }).status).toBe(200)
      expect(ask(world().vendors, { vendor: "qwen", model: "qwen3.7-plus", tools, tool_choice }).status).toBe(200)
    }
  })

  it("Qwen's largest model cannot be told not to think", () => {
    const reply = ask(world().vendors, { vendor: "qwen", model: "qwen3.8-max", enable_thinking: false })
    expect([reply.status, reply.json().error.message]).toEqual([
      400,
      "<400> InternalError.Algo.InvalidParameter: The value of the enable_thinking parameter is restricted to True."
    ])
  })

  it("Qwen refuses JSON mode of models that think by themselves", () => {
    const json = { content: "json", response_format: { type: "json_object" } }
    const reply = ask(world().vendors, { vendor: "qwen", model: "qwen3.7-plus", ...json })
    expect(reply.json().error.message).toContain("Json mode response is not supported when enable_thinking is true")
    expect(
      ask(world().vendors, { vendor: "qwen", model: "qwen3.7-plus", enable_thinking: false, ...json }).status
    ).toBe(200)
  })
})
