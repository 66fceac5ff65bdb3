/** The official client as acceptance test: what it makes of the gateway's answers, errors and streams. */
import OpenAI, { APIUserAbortError } from "openai"
import { expect, it } from "vitest"
import { ask, consumerKey, frames, qwenBad, type Setup, start } from "./support.ts"

const messages = [{ role: "user" as const, content: "你是谁？" }]

const client = async (setup?: Setup, apiKey = "unused") => {
  const started = await start(setup)
  return { ...started, openai: new OpenAI({ baseURL: `${started.url}/v1`, apiKey, maxRetries: 0 }) }
}

it("gets completions", async () => {
  const { openai } = await client()
  const completion = await openai.chat.completions.create({ model: "qwen-turbo", messages })
  expect(completion.choices[0]?.message.content?.length).toBeGreaterThan(0)
  expect(completion.usage?.total_tokens).toBeGreaterThan(0)
})

it("gets streams, with usage where it is asked for", async () => {
  const { openai } = await client({ qwenKeys: [qwenBad] })
  const stream = await openai.chat.completions.create({
    model: "qwen-turbo",
    messages,
    stream: true,
    stream_options: { include_usage: true }
  })
  let text = ""
  let last: OpenAI.ChatCompletionChunk | undefined
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? ""
    last = chunk
  }
  expect(text).toContain("DeepSeek")
  expect(last?.usage?.total_tokens).toBeGreaterThan(0)
})

it.each(["qwen-turbo", "deepseek-chat"])("gets finish and usage in OpenAI's order from %s", async (model) => {
  const { url } = await start()
  const read = async (options: object) => (await frames(await ask(url, { model, stream: true, ...options }))).chunks
  const asked = await read({ stream_options: { include_usage: true } })
  expect(asked.at(-2)).toMatchObject({ choices: [{ finish_reason: "stop" }], usage: null })
  expect(asked.at(-1)).toMatchObject({ id: asked[0].id, choices: [], usage: { total_tokens: expect.any(Number) } })
  const unasked = await read({})
  expect(unasked.at(-1).choices[0].finish_reason).toBe("stop")
  expect(unasked.filter((chunk) => chunk.usage != null || chunk.choices.length === 0)).toEqual([])
})

it("gets deltas that say role, id and name once, for clients that join every text", async () => {
  const routes = [{ name: "qwen", match: { model: { prefix: "qwen" } }, targets: [{ provider: "qwen" }] }]
  const { url } = await start({ routes })
  const tool = { type: "function", function: { name: "get_weather", parameters: { type: "object", properties: {} } } }
  const asked = {
    model: "qwen3.8-flash",
    stream: true,
    tools: [tool],
    messages: [{ role: "user", content: "weather" }]
  }
  const { chunks } = await frames(await ask(url, asked))
  const deltas: ReadonlyArray<OpenAI.ChatCompletionChunk.Choice.Delta> = chunks.flatMap((chunk) =>
    chunk.choices.map(({ delta }: OpenAI.ChatCompletionChunk.Choice) => delta)
  )
  const calls = deltas.flatMap((delta) => delta.tool_calls ?? [])
  expect(deltas.map(({ role }) => role ?? "").join("")).toBe("assistant")
  expect(calls.map((call) => call.function?.name ?? "").join("")).toBe("get_weather")
  expect(calls.map((call) => call.id ?? "").join("")).toMatch(/^call_[0-9a-f]{24}$/)
})

it("lists models, and finds one", async () => {
  const { openai } = await client()
  const ids: Array<string> = []
  for await (const model of openai.models.list()) ids.push(model.id)
  expect(ids).toContain("qwen-turbo")
  expect(await openai.models.retrieve("qwen-turbo")).toMatchObject({ id: "qwen-turbo", object: "model" })
  expect(await openai.models.retrieve("qwen/none").catch((error: unknown) => error)).toMatchObject({
    status: 404,
    code: "model_not_found"
  })
})

it("gets typed errors", async () => {
  const consumers = [{ name: "demo", keys: [consumerKey], models: ["qwen-*", "gpt-*"] }]
  const { openai, vendors } = await client({ consumers }, consumerKey)
  const failure = (model: string, apiKey = consumerKey): Promise<unknown> =>
    openai
      .withOptions({ apiKey })
      .chat.completions.create({ model, messages })
      .catch((error: unknown) => error)
  const wrongKey = await failure("qwen-turbo", "demo-wrong")
  expect(wrongKey).toBeInstanceOf(OpenAI.AuthenticationError)
  expect(wrongKey).toMatchObject({ status: 401, code: "invalid_api_key" })
  expect(await failure("deepseek-chat")).toBeInstanceOf(OpenAI.PermissionDeniedError)
  const unknown = await failure("gpt-5")
  expect(unknown).toBeInstanceOf(OpenAI.NotFoundError)
  expect(unknown).toMatchObject({ code: "model_not_found", param: "model", requestID: expect.stringMatching(/^req_/) })
  vendors.addFault({ kind: "server.error" })
  const upstream = await failure("qwen-turbo")
  expect(upstream).toBeInstanceOf(OpenAI.InternalServerError)
  expect(upstream).toMatchObject({ status: 502, code: "upstream_failed", type: "upstream_error" })
  vendors.clearFaults()
  vendors.addFault({ kind: "request.invalid" })
  expect(await failure("qwen-turbo")).toBeInstanceOf(OpenAI.BadRequestError)
})

it("throws a typed error when a stream breaks", async () => {
  const { openai, vendors } = await client()
  vendors.addFault({ kind: "reset.midstream", afterChunks: 3 })
  const stream = await openai.chat.completions.create({ model: "qwen-turbo", messages, stream: true })
  let text = ""
  const read = async (): Promise<void> => {
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ""
  }
  const error: unknown = await read().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(OpenAI.APIError)
  expect(error).toMatchObject({ code: "stream_interrupted" })
  expect(text.length).toBeGreaterThan(0)
})

it("is let go when it aborts", async () => {
  const { openai, vendors } = await client()
  vendors.addFault({ kind: "slow.headers", delay: "8s" })
  const controller = new AbortController()
  const asked = openai.chat.completions.create({ model: "qwen-turbo", messages }, { signal: controller.signal })
  await vendors.journal.waitFor(() => true)
  controller.abort()
  await expect(asked).rejects.toBeInstanceOf(APIUserAbortError)
  await vendors.journal.waitFor(({ end }) => end === "client-left")
})
