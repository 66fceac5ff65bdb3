/** `POST …/v1/completions`: prompts, as editors and older clients send them. */
import OpenAI from "openai"
import { expect, it } from "vitest"
import { answerJson, config, json, openStream, readStream, type Sent, serve } from "./support.ts"

const answer = {
  id: "cmpl-1",
  object: "text_completion",
  model: "vendor-model",
  choices: [{ index: 0, text: "lo", logprobs: null, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
}

const frame = (text: string, finish: string | null = null, more: object = {}): string =>
  `data: ${JSON.stringify({ id: "cmpl-1", object: "text_completion", choices: [{ index: 0, text, logprobs: null, finish_reason: finish }], ...more })}\n\n`

const post = (url: string, body: unknown) => fetch(url, { method: "POST", body: JSON.stringify(body) })

it.each([
  ["/v1/completions", "m1"],
  ["/v1/v1/completions/", "m1"],
  ["/openai/deployments/m1/completions?api-version=1", undefined]
])("answers on %s as the vendor did", async (path, model) => {
  const { lines, upstream, url } = await serve(answerJson(answer))
  const response = await post(url + path, { model, prompt: "Hel" })
  expect([response.status, await json(response)]).toEqual([200, answer])
  expect(upstream.sent[0]!.request.path).toBe("/v1/completions")
  expect(JSON.parse(upstream.sent[0]!.request.body!)).toEqual({ model: "m1", prompt: "Hel" })
  expect(response.headers.get("x-understudy-model")).toBe("m1")
  await expect.poll(() => lines.some((line) => line.includes("POST /v1/completions"))).toBe(true)
})

it("streams texts in OpenAI's order, which the openai client reads", async () => {
  const events = frame("Hel") + frame("lo", "stop", { usage: answer.usage })
  const { url } = await serve((sent: Sent) => {
    openStream(events, "data: [DONE]\n\n")(sent)
    sent.handler.onEnd()
  })
  const client = new OpenAI({ apiKey: "none", baseURL: `${url}/v1`, maxRetries: 0 })
  const asked = { model: "m1", prompt: "Hi", stream: true as const, stream_options: { include_usage: true } }
  const chunks: Array<OpenAI.Completion> = []
  for await (const chunk of await client.completions.create(asked)) chunks.push(chunk)
  expect(chunks.flatMap(({ choices }) => choices.map(({ text }) => text)).join("")).toBe("Hello")
  expect(chunks.at(-1)).toMatchObject({ object: "text_completion", choices: [], usage: answer.usage })
  expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: "stop" }] })
})

it("tells an error in the stream and cuts it, when it breaks after text", async () => {
  const { url } = await serve((sent: Sent) => {
    openStream(frame("Hel"))(sent)
    sent.handler.onEnd()
  })
  const { cut, text } = await readStream(
    await post(`${url}/v1/completions`, { model: "m1", prompt: "a", stream: true })
  )
  expect([text.includes('"code":"stream_interrupted"'), text.includes("[DONE]"), cut]).toEqual([true, false, true])
})

it.each([
  [{ model: "m1" }, "`prompt` is missing: send the text to go on with"],
  [{ model: "m1", messages: [] }, "`messages` go to POST /v1/chat/completions"],
  [{ model: "m1", prompt: 7 }, "`prompt` must be a string or an array, not a number"],
  [{ model: "m1", prompt: "a", stream: "yes" }, "`stream` must be true or false"]
])("refuses %j", async (body, says) => {
  const { upstream, url } = await serve(answerJson(answer))
  const response = await post(`${url}/v1/completions`, body)
  expect([response.status, (await json(response)).error.message]).toEqual([400, expect.stringContaining(says)])
  expect(upstream.sent).toEqual([])
})

it("says what to send instead where no target has them", async () => {
  const vendor = { type: "qwen" as const, baseUrl: "http://vendor.test/v1", keys: ["sk-demo-upstream"] }
  const { url } = await serve(answerJson(answer), { config: { ...config, providers: { vendor } } })
  const response = await post(`${url}/v1/completions`, { model: "m1", prompt: "a" })
  expect([response.status, (await json(response)).error.message]).toEqual([
    400,
    expect.stringContaining("to POST /v1/chat/completions")
  ])
})
