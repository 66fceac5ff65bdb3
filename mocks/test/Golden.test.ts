import { describe, expect, it } from "vitest"
import { ask, tools, world } from "./support.ts"

const lines = (text: string) => text.split("\n\n").filter((line) => line !== "")

describe("DeepSeek's bytes", () => {
  it("answers JSON in the key order of the real API", () => {
    const { vendors } = world()
    const { text, headers } = ask(vendors, { vendor: "deepseek" })
    expect(text).toBe(
      '{"id":"a54bff51-9753-4216-8a1e-525ba1757ea2","object":"chat.completion","created":1739801515,"model":"deepseek-chat","choices":[{"index":0,"message":{"role":"assistant","content":"您好！我是由中国的深度求索（DeepSeek）公司开发的智能助手DeepSeek-V3。如您有任何任何问题，我会尽我所能为您提供帮助。"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":32,"total_tokens":37,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":5},"system_fingerprint":"fp_eaab8d114b_prod0820_fp8_kvcache"}'
    )
    expect([...headers]).toEqual([
      ["content-type", "application/json"],
      ["x-ds-trace-id", expect.stringMatching(/^[0-9a-f]{32}$/)],
      ["server", "openresty"],
      ["vary", "origin, access-control-request-method, access-control-request-headers"],
      ["access-control-allow-credentials", "true"],
      ["strict-transport-security", "max-age=31536000; includeSubDomains; preload"],
      ["x-content-type-options", "nosniff"],
      ["transfer-encoding", "chunked"]
    ])
  })

  it("streams one token a chunk and puts usage on the finish chunk", () => {
    const { vendors } = world()
    const { text, headers } = ask(vendors, {
      vendor: "deepseek",
      content: "echo: hi you",
      stream: true,
      stream_options: { include_usage: true }
    })
    const head =
      'data: {"id":"a54bff51-9753-4216-8a1e-525ba1757ea2","object":"chat.completion.chunk","created":1739801515,"model":"deepseek-chat","system_fingerprint":"fp_eaab8d114b_prod0820_fp8_kvcache","choices":[{"index":0,"delta":'
    expect(lines(text)).toEqual([
      `${head}{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null}`,
      `${head}{"content":"hi"},"logprobs":null,"finish_reason":null}],"usage":null}`,
      `${head}{"content":" you"},"logprobs":null,"finish_reason":null}],"usage":null}`,
      `${head}{"content":""},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":6,"completion_tokens":2,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0},"prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":6}}`,
      "data: [DONE]"
    ])
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8")
  })

  it("leaves usage out of content chunks without include_usage", () => {
    const frames = ask(world().vendors, { vendor: "deepseek", content: "echo: hi", stream: true }).frames()
    expect(frames.map((frame) => "usage" in frame)).toEqual([false, false, true])
    const strict = world({ usageOnFinish: false }).vendors
    expect(
      ask(strict, { vendor: "deepseek", stream: true })
        .frames()
        .some((frame) => "usage" in frame)
    ).toBe(false)
  })

  it("sends reasoning before content, and never both at once", () => {
    const reply = ask(world().vendors, { vendor: "deepseek", model: "deepseek-reasoner", stream: true })
    const deltas = reply.frames().map((frame) => frame.choices[0].delta)
    expect(deltas[0]).toEqual({ role: "assistant", content: null, reasoning_content: "" })
    expect(deltas[1]).toEqual({ content: null, reasoning_content: "好的" })
    expect(deltas.at(-2)).toEqual({ content: "。", reasoning_content: null })
    expect(deltas.at(-1)).toEqual({ content: "", reasoning_content: null })
  })

  it("places reasoning_tokens between the prompt details and the cache counts", () => {
    const { message, usage } = (() => {
      const body = ask(world().vendors, { vendor: "deepseek", model: "deepseek-reasoner" }).json()
      return { message: body.choices[0].message, usage: body.usage }
    })()
    expect(Object.keys(message)).toEqual(["role", "content", "reasoning_content"])
    expect(Object.keys(usage).slice(3)).toEqual([
      "prompt_tokens_details",
      "completion_tokens_details",
      "prompt_cache_hit_tokens",
      "prompt_cache_miss_tokens"
    ])
  })

  it("calls a tool with arguments made from its schema, in JSON and in fragments", () => {
    const { vendors } = world()
    const whole = ask(vendors, { vendor: "deepseek", content: "杭州天气怎么样？", tools }).json().choices[0]
    expect(whole.finish_reason).toBe("tool_calls")
    expect(whole.message).toEqual({
      role: "assistant",
      content: "",
      tool_calls: [
        {
          index: 0,
          id: expect.stringMatching(/^call_00_[0-9A-Za-z]{24}$/),
          type: "function",
          function: { name: "get_weather", arguments: '{"city":"Hangzhou","unit":"celsius","days":1}' }
        }
      ]
    })
    const stream = ask(vendors, { vendor: "deepseek", content: "weather?", tools, stream: true }).frames()
    const calls = stream.flatMap((frame) => frame.choices[0].delta.tool_calls ?? [])
    expect(calls[0]).toEqual({
      index: 0,
      id: expect.any(String),
      type: "function",
      function: { name: "get_weather", arguments: "" }
    })
    expect(calls[1]).toEqual({ index: 0, function: { arguments: "{" } })
    expect(calls.map((call) => call.function.arguments).join("")).toBe('{"city":"Hangzhou","unit":"celsius","days":1}')
  })
})

describe("Qwen's bytes", () => {
  it("answers JSON in the key order of the real API", () => {
    const { vendors } = world()
    const { text, headers } = ask(vendors, { vendor: "qwen" })
    const id = headers.get("x-request-id")
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-9[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(text).toBe(
      `{"choices":[{"message":{"content":"我是阿里云开发的一款超大规模语言模型，我叫通义千问。","role":"assistant"},"finish_reason":"stop","index":0,"logprobs":null}],"object":"chat.completion","usage":{"prompt_tokens":5,"completion_tokens":14,"total_tokens":19,"prompt_tokens_details":{"cached_tokens":0}},"created":1739801515,"system_fingerprint":null,"model":"qwen-turbo","id":"chatcmpl-${id}"}`
    )
    expect(headers.get("x-dashscope-call-gateway")).toBe("true")
    expect(headers.get("server")).toBe("istio-envoy")
  })

  it("streams groups of tokens and sends usage in a chunk of its own", () => {
    const reply = ask(world().vendors, {
      vendor: "qwen",
      content: "echo: a b c d e",
      stream: true,
      stream_options: { include_usage: true }
    })
    const tail = `,"created":1739801515,"system_fingerprint":null,"model":"qwen-turbo","id":"chatcmpl-${reply.headers.get("x-request-id")}"}`
    const chunk = (choices: string, usage = "null") =>
      `data: {"choices":[${choices}],"object":"chat.completion.chunk","usage":${usage}${tail}`
    expect(lines(reply.text)).toEqual([
      chunk('{"delta":{"content":"","role":"assistant"},"index":0,"logprobs":null,"finish_reason":null}'),
      chunk('{"finish_reason":null,"logprobs":null,"delta":{"content":"a"},"index":0}'),
      chunk('{"finish_reason":null,"logprobs":null,"delta":{"content":" b c d"},"index":0}'),
      chunk('{"finish_reason":null,"logprobs":null,"delta":{"content":" e"},"index":0}'),
      chunk('{"finish_reason":"stop","delta":{"content":""},"index":0,"logprobs":null}'),
      chunk(
        "",
        '{"prompt_tokens":9,"completion_tokens":5,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":0}}'
      ),
      "data: [DONE]"
    ])
    expect(reply.headers.get("content-type")).toBe("text/event-stream;charset=utf-8")
  })

  it("sends no usage at all in a stream without include_usage", () => {
    const frames = ask(world().vendors, { vendor: "qwen", stream: true }).frames()
    expect(frames.every((frame) => frame.usage === null && frame.choices.length === 1)).toBe(true)
  })

  it("always thinks as qwq-32b, which only streams", () => {
    const { vendors } = world()
    const stream = ask(vendors, { vendor: "qwen", model: "qwq-32b", stream: true }).frames()
    expect(stream[0].choices[0].delta).toEqual({ content: null, role: "assistant", reasoning_content: "" })
    expect(ask(vendors, { vendor: "qwen", model: "qwq-32b" }).json().error.message).toBe(
      "This model only support stream mode, please enable the stream parameter to access the model. "
    )
  })

  it("refuses a plain call to an open-source hybrid unless thinking is switched off", () => {
    const { vendors } = world()
    const refused = ask(vendors, { vendor: "qwen", model: "qwen3-32b" })
    expect([refused.status, refused.json().error.message]).toEqual([
      400,
      "parameter.enable_thinking must be set to false for non-streaming calls"
    ])
    expect(ask(vendors, { vendor: "qwen", model: "qwen3-32b", enable_thinking: false }).status).toBe(200)
  })

  it("thinks on request as a commercial model", () => {
    const { vendors } = world()
    const thinks = (enable_thinking: boolean) =>
      ask(vendors, { vendor: "qwen", stream: true, enable_thinking }).text.includes("reasoning_content")
    expect([thinks(true), thinks(false)]).toEqual([true, false])
  })

  it("repeats an empty id in later fragments of a tool call", () => {
    const frames = ask(world().vendors, { vendor: "qwen", content: "weather", tools, stream: true }).frames()
    const calls = frames.flatMap((frame) => frame.choices[0].delta.tool_calls ?? [])
    expect(calls[0].id).toMatch(/^call_[0-9a-f]{24}$/)
    expect(calls[1]).toEqual({ index: 0, id: "", type: "function", function: { arguments: "{" } })
    expect(frames.at(-1).choices[0]).toEqual({ finish_reason: "tool_calls", delta: {}, index: 0, logprobs: null })
  })
})

describe("both", () => {
  it("answers in text after a tool has spoken", () => {
    const messages = [
      { role: "user", content: "weather" },
      {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "1", type: "function", function: { name: "get_weather", arguments: "{}" } }]
      },
      { role: "tool", tool_call_id: "1", content: "sunny" }
    ]
    for (const vendor of ["deepseek", "qwen"] as const) {
      const choice = ask(world().vendors, { vendor, tools, messages }).json().choices[0]
      expect([choice.finish_reason, choice.message.content]).toEqual(["stop", "The tool says: sunny"])
    }
  })

  it("calls the named tool when forced, and none when forbidden", () => {
    const { vendors } = world()
    const forced = { type: "function", function: { name: "get_weather" } }
    const finish = (tool_choice: unknown) =>
      ask(vendors, { vendor: "qwen", content: "hello", tools, tool_choice }).json().choices[0].finish_reason
    expect([finish(forced), finish("required"), finish("none"), finish("auto")]).toEqual([
      "tool_calls",
      "tool_calls",
      "stop",
      "stop"
    ])
  })

  it("stops at max_tokens with finish_reason length", () => {
    for (const vendor of ["deepseek", "qwen"] as const) {
      const body = ask(world().vendors, { vendor, content: "echo: one two three four", max_tokens: 2 }).json()
      expect(body.choices[0]).toMatchObject({ finish_reason: "length", message: { content: "one two" } })
      expect(body.usage.completion_tokens).toBe(2)
    }
  })

  it("continues a prefix, DeepSeek on the beta base only", () => {
    const { vendors } = world()
    const messages = (flag: string) => [
      { role: "user", content: "Tell me" },
      { role: "assistant", content: "Once upon", [flag]: true }
    ]
    expect(ask(vendors, { vendor: "deepseek", messages: messages("prefix") }).status).toBe(400)
    {
      const path = "/beta/chat/completions"
      expect(
        ask(vendors, { vendor: "deepseek", path, messages: messages("prefix") }).json().choices[0].message.content
      ).toContain("DeepSeek")
    }
    expect(ask(vendors, { vendor: "qwen", messages: messages("partial") }).json().choices[0].message.content).toContain(
      "Qwen"
    )
  })

  it("answers JSON when JSON is demanded", () => {
    const { vendors } = world()
    const content = "Reply in json"
    for (const vendor of ["deepseek", "qwen"] as const) {
      const text = ask(vendors, { vendor, content, response_format: { type: "json_object" } }).json().choices[0].message
        .content
      expect(JSON.parse(text)).toHaveProperty("answer")
    }
    const schema = { type: "object", properties: { ok: { type: "boolean" } } }
    const strict = ask(vendors, {
      vendor: "qwen",
      model: "qwen-plus",
      content,
      response_format: { type: "json_schema", json_schema: { schema } }
    })
    expect(strict.json().choices[0].message.content).toBe('{"ok":true}')
  })

  it("lists models and, for DeepSeek, the balance", () => {
    const { vendors } = world({ catalogue: "2025" })
    const get = { method: "GET" } as const
    expect(ask(vendors, { vendor: "deepseek", path: "/v1/models", ...get }).text).toBe(
      '{"object":"list","data":[{"id":"deepseek-chat","object":"model","owned_by":"deepseek"},{"id":"deepseek-reasoner","object":"model","owned_by":"deepseek"}]}'
    )
    expect(
      ask(vendors, { vendor: "qwen", path: "/models", ...get })
        .json()
        .data.map((model: any) => model.id)
    ).toContain("qwq-32b")
    expect(ask(vendors, { vendor: "deepseek", path: "/user/balance", ...get }).text).toBe(
      '{"is_available":true,"balance_infos":[{"currency":"CNY","total_balance":"110.00","granted_balance":"0.00","topped_up_balance":"110.00"}]}'
    )
    expect(ask(vendors, { vendor: "qwen", path: "/user/balance", ...get }).status).toBe(404)
  })
})
