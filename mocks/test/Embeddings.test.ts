import { type FaultKind, MockServer } from "@understudy/mocks"
import OpenAI from "openai"
import { describe, expect, it } from "vitest"
import { ask, qwenKey, world } from "./support.ts"

type Asked = Parameters<typeof ask>[1]

const embed = (vendors: Parameters<typeof ask>[0], rest: Partial<Asked> = {}) =>
  ask(vendors, {
    vendor: "qwen",
    path: "/embeddings",
    model: "text-embedding-v4",
    messages: undefined,
    input: "风急天高猿啸哀",
    ...rest
  })

describe("Qwen's embeddings", () => {
  it("answers in the key order of the real API", () => {
    const { vendors } = world()
    const { headers, json, plan, text } = embed(vendors, { input: ["hello there", "one"], dimensions: 64 })
    const [first] = json().data
    expect(text).toBe(
      JSON.stringify({
        data: [
          { embedding: first.embedding, index: 0, object: "embedding" },
          { embedding: json().data[1].embedding, index: 1, object: "embedding" }
        ],
        model: "text-embedding-v4",
        object: "list",
        usage: { prompt_tokens: 3, total_tokens: 3 },
        id: headers.get("x-request-id")
      })
    )
    expect([plan.recipe, first.embedding.length]).toEqual(["answer", 64])
    expect(vendors.journal.entries[0]).toMatchObject({ model: "text-embedding-v4", stream: false, totalTokens: 3 })
  })

  it("gives the same text the same vector of unit length, and another text another", () => {
    const vector = (input: string, seed = 42, model = "text-embedding-v4"): Array<number> =>
      embed(world({ seed }).vendors, { input, model }).json().data[0].embedding
    const one = vector("one")
    expect(one).toHaveLength(1024)
    expect(Math.hypot(...one)).toBeCloseTo(1, 5)
    expect(vector("one")).toEqual(one)
    for (const other of [vector("two"), vector("one", 7), vector("one", 42, "text-embedding-v3")]) {
      expect(other).not.toEqual(one)
    }
  })

  it("encodes as base64 when asked to", () => {
    const { vendors } = world()
    const [plain, encoded] = ["float", "base64"].map(
      (encoding_format) => embed(vendors, { dimensions: 64, encoding_format }).json().data[0].embedding
    )
    const bytes = Buffer.from(encoded, "base64")
    expect([...new Float32Array(bytes.buffer, bytes.byteOffset, 64)]).toEqual(plain)
  })

  it.each([
    [
      "eleven texts",
      { input: Array(11).fill("x") },
      "batch size is invalid, it should not be larger than 10.: input.contents"
    ],
    ["tokens instead of text", { input: [[1, 2]] }, "contents is neither str nor list of str.: input.contents"],
    ["no text", { input: undefined }, "contents is neither str nor list of str.: input.contents"],
    ["other dimensions", { dimensions: 100 }, "dimension is invalid, it should be one of 2048, "],
    ["dimensions of another model", { model: "text-embedding-v3", dimensions: 2048 }, "it should be one of 1024, "],
    ["another encoding", { encoding_format: "int8" }, "it should be float or base64"]
  ])("refuses %s", (_, request, message) => {
    const { json, status } = embed(world().vendors, request)
    const { error, id, request_id } = json()
    expect([status, error.type, error.code, error.param, id]).toEqual([
      400,
      "InvalidParameter",
      "InvalidParameter",
      null,
      request_id
    ])
    expect(error.message).toContain(message)
    expect(error.message).toMatch(/^<400> InternalError\.Algo\.InvalidParameter: Value error, /)
  })

  it("does not know chat models here, nor embedding models there", () => {
    const { vendors } = world()
    expect(embed(vendors, { model: "qwen-plus" }).json().error.code).toBe("model_not_found")
    expect(ask(vendors, { vendor: "qwen", model: "text-embedding-v4" }).status).toBe(404)
    expect(embed(vendors, { raw: "{" }).json().error.message).toContain("Required body invalid")
  })

  it("is not to be had from DeepSeek", () => {
    expect(embed(world().vendors, { vendor: "deepseek" }).status).toBe(404)
  })

  it.each([
    ["overload.fast", 500, "overload.fast"],
    ["edge.html", 502, "edge.html"],
    ["slow.headers", 200, "slow.headers"],
    ["cut.midstream", 200, "cut.midstream"],
    ["content.output", 400, "content.output"]
  ] as ReadonlyArray<[FaultKind.FaultKind, number, string]>)("is struck by %s like chat", (kind, status, recipe) => {
    const { vendors } = world({ faults: [{ kind, times: 1, model: "text-embedding-v4" }] })
    ask(vendors, { vendor: "qwen" })
    const struck = embed(vendors)
    expect([struck.status, struck.plan.recipe, embed(vendors).plan.recipe]).toEqual([status, recipe, "answer"])
  })

  it("counts towards limits, needs a good key and belongs to a marked call", () => {
    const { vendors } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", limit: { requests: 1, per: "1m" } })
    expect([embed(vendors, { input: ["a", "[call:e-1] b"] }).status, embed(vendors).status]).toEqual([200, 429])
    expect(vendors.journal.of({ call: "e-1" })).toMatchObject([{ attempt: 1, path: "/embeddings" }])
    vendors.setKey(qwenKey, { vendor: "qwen", state: "arrears" })
    expect(embed(vendors).status).toBe(400)
  })

  it("is read by the openai client", async () => {
    const { vendors } = world()
    const server = await MockServer.listen(vendors)
    const client = new OpenAI({ apiKey: qwenKey, baseURL: server.urls.qwen, maxRetries: 0 })
    const { data } = await client.embeddings.create({ model: "text-embedding-v3", input: "one", dimensions: 64 })
    await server.close()
    const vector = embed(vendors, { model: "text-embedding-v3", input: "one", dimensions: 64 }).json().data[0].embedding
    expect(data[0]?.embedding).toEqual(vector)
  })
})
