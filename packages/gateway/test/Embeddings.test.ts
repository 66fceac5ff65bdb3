import { EmbeddingRequest } from "@understudy/core/face/Face"
import { expect, it } from "vitest"
import { answerJson, completion, config, json, serve } from "./support.ts"

const vectors = { object: "list", data: [{ index: 0, embedding: [0.1, 2] }], model: "vendor-model", vendor_field: 1 }

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) })

it.each([
  "/v1/embeddings",
  "/v1/v1/embeddings"
])("answers on %s with the bytes that came, to the text that was sent", async (path) => {
  const { upstream, url } = await serve(answerJson(vectors))
  const text = '{ "model":"m1", "input":"Hi", "encoding_format":"float" }'
  const response = await post(url + path, text)
  expect(await response.json()).toEqual(vectors)
  expect(response.headers.get("x-understudy-model")).toBe("m1")
  expect(response.headers.get("x-understudy-attempts")).toBe("1")
  expect(upstream.sent[0]!.request).toMatchObject({ path: "/v1/embeddings", body: text })
})

it("says what a vendor said, and what was wrong with its answers", async () => {
  const refused = await serve(
    answerJson({ error: { message: "batch size is invalid", code: "InvalidParameter" } }, 400)
  )
  const response = await post(`${refused.url}/v1/embeddings`, { model: "m1", input: ["a"] })
  expect([response.status, (await json(response)).error.message]).toEqual([400, "batch size is invalid"])
  const broken = await serve(answerJson(completion))
  expect((await post(`${broken.url}/v1/embeddings`, { model: "m1", input: "a" })).status).toBe(502)
})

it("asks for a consumer's key, and for a model that it may use", async () => {
  const consumers = [{ name: "demo", keys: ["sk-demo-consumer"], models: ["chat-*"] }]
  const { url } = await serve(answerJson(vectors), { config: { ...config, consumers } })
  expect((await post(`${url}/v1/embeddings`, { model: "m1", input: "a" })).status).toBe(401)
  const refused = await post(`${url}/v1/embeddings`, { model: "m1", input: "a" }, { "x-api-key": "sk-demo-consumer" })
  expect([refused.status, (await json(refused)).error.code]).toEqual([403, "model_not_allowed"])
})

it.each([
  ["", "The request body is empty: send a JSON object with `model` and `input`", null],
  ["[]", "must be a JSON object with `model` and `input`, not an array", null],
  ['{"input":"a"}', "`model` is missing", "model"],
  ['{"model":"m"}', "`input` is missing", "input"],
  ['{"model":"m","input":7}', "`input` must be a string or an array, not a number", "input"]
])("refuses %j", (text, says, param) => {
  const { problem } = EmbeddingRequest.parse(text)
  expect(problem).toMatchObject({ status: 400, param, message: expect.stringContaining(says) })
})
