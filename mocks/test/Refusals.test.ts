import { Catalogue } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, tools, world } from "./support.ts"

describe("validation", () => {
  const cases: Array<[string, Parameters<typeof ask>[1], number, string]> = [
    ["DeepSeek: no JSON", { vendor: "deepseek", raw: "{" }, 400, "Failed to parse the request body as JSON"],
    ["DeepSeek: no messages", { vendor: "deepseek", messages: undefined }, 400, "missing field `messages`"],
    [
      "DeepSeek: unknown role",
      { vendor: "deepseek", messages: [{ role: "person", content: "" }] },
      400,
      "messages[0].role: unknown variant `person`"
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
    ["both", ["deepseek-flash", "deepseek-v4-pro"], ["deepseek-v9", "toString"]]
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

  it("goes on answering the names of 2025 unless it is told to be of today, and lists them no more", () => {
    const status = (catalogue: Catalogue.Catalogue | undefined) =>
      ["deepseek-chat", "deepseek-reasoner"].map(
        (model) => ask(world(catalogue && { catalogue }).vendors, { vendor: "deepseek", model }).status
      )
    expect([status(undefined), status("2025"), status("2026")]).toEqual([
      [200, 200],
      [200, 200],
      [400, 400]
    ])
  })

  it.each([
    ["deepseek", "deepseek-flash", 1_000_000],
    ["deepseek", "deepseek-chat", 131_072],
    ["qwen", "qwen-max", 30_720],
    ["qwen", "qwen3.8-max", 991_808],
    ["qwen", "qwen-max-2025-01-25", 30_720],
    ["moonshot", "kimi-k2.6", 262_144],
    ["zhipu", "glm-5.1", 200_000],
    ["zhipu", "toString", undefined]
  ] as const)("knows how much %s's %s holds", (vendor, model, tokens) => {
    expect(Catalogue.contextOf(vendor, model)).toBe(tokens)
  })

  it.each([
    ["deepseek", "deepseek-chat", {}, "maximum context length is 131072 tokens. However, you requested 131073 tokens"],
    ["deepseek", "deepseek-chat", { max_tokens: 8 }, "(131073 in the messages, 8 in the completion)"],
    ["qwen", "qwen-turbo", {}, "Range of input length should be [1, 129024]"],
    ["moonshot", "kimi-k2.6", {}, "exceeded model token limit: 262144 (requested: 262145)"],
    ["zhipu", "glm-5.1", { thinking: { type: "disabled" } }, "Prompt 超长"]
  ] as const)("refuses of %s's %s a request that is longer than its context by one token", (vendor, model, more, words) => {
    const { vendors } = world({ acceptAnyKey: true })
    const most = Catalogue.contextOf(vendor, model) ?? 0
    const send = (tokens: number) => {
      const messages = [{ role: "user", content: " a".repeat(tokens) }]
      return ask(vendors, { vendor, model, key: "sk-demo-long", messages, ...more })
    }
    const tooLong = send(most + 1)
    expect([tooLong.status, tooLong.text]).toEqual([400, expect.stringContaining(words)])
    if (Object.keys(more).length === 0) expect(send(most).status).toBe(200)
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
    [
      "deepseek",
      "messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`"
    ],
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
