import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { RouteOptions } from "../src/config/Options.ts"
import type { Call } from "../src/failover/Failover.ts"
import * as Understudy from "../src/Understudy.ts"
import type { EmbeddingRequest } from "../src/wire/Embedding.ts"
import * as S from "./support.ts"

const embeddings = (model: string, ...vectors: ReadonlyArray<ReadonlyArray<number>>) => ({
  object: "list",
  model,
  data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  usage: { prompt_tokens: 4, total_tokens: 4 },
  vendor_field: true
})

const request: EmbeddingRequest = { model: "text-embedding-v4", input: ["a", "b"], dimensions: 2 }

const route: RouteOptions = {
  name: "vectors",
  match: { model: { prefix: "" } },
  targets: [{ provider: "qwen" }],
  fallback: [{ provider: "deepseek", model: "other-model" }, { provider: "intl" }]
}

const options = (more: Partial<RouteOptions> = {}) => {
  const { providers } = S.options()
  const intl = { type: "openai-compatible" as const, baseUrl: "http://intl.test/v1", keys: ["sk-demo-i1"] }
  return S.options({ providers: { ...providers, intl }, routes: [{ ...route, ...more }] })
}

const embed = (
  vendor: (seen: S.Seen, nth: number) => S.Play,
  more: Partial<RouteOptions> = {},
  call: Call<EmbeddingRequest> = { request }
) => {
  const world = S.makeWorld()
  return Effect.runPromise(
    Effect.flatMap(Understudy.Understudy, ({ failover }) => Effect.result(failover.embed(call))).pipe(
      Effect.map((result) => ({ result, world })),
      Effect.provide(S.understudy(world, vendor, options(more)))
    )
  )
}

const fine = ({ model }: S.Seen): S.Play => S.json(200, embeddings(model, [1, 2], [3, 4]))
const unauthorized = S.json(401, { error: { message: "no", code: "invalid_api_key" } })

describe("embeddings", () => {
  it("come from the vendor's endpoint, with the caller's text as it was and every field of the answer", async () => {
    const text = '{ "model":"text-embedding-v4", "input":["a","b"], "dimensions":2 }'
    const { result, world } = await embed(fine, {}, { request, text })
    expect(world.seen[0]).toMatchObject({ path: "/v1/embeddings", body: request })
    expect(result).toMatchObject({
      success: {
        route: "vectors",
        provider: "qwen",
        model: "text-embedding-v4",
        response: embeddings("text-embedding-v4", [1, 2], [3, 4]),
        trail: [{ _tag: "Ok", usage: { prompt_tokens: 4 } }]
      }
    })
    expect(world.calls[0]).toMatchObject({ _tag: "CallStarted", operation: "embeddings" })
  })

  it("take the next key, and then the same model elsewhere, never another model", async () => {
    const { result, world } = await embed((seen) => (seen.origin.includes("qwen") ? unauthorized : fine(seen)))
    expect(S.path(world).map((one) => one.replace(/#q\d/, "#q"))).toEqual([
      "qwen/text-embedding-v4#q",
      "qwen/text-embedding-v4#q",
      "intl/text-embedding-v4#i1"
    ])
    expect(result).toMatchObject({ success: { provider: "intl" } })
  })

  it("take another model where the route says so", async () => {
    const { world } = await embed((seen) => (seen.origin.includes("deepseek") ? fine(seen) : unauthorized), {
      embeddings: "any-model"
    })
    expect(S.path(world).at(-1)).toBe("deepseek/other-model#d1")
  })

  it("keep to the first target's model when several share the traffic", async () => {
    const targets = [
      { provider: "qwen", model: "v4", weight: 0.001 },
      { provider: "intl", model: "v3" }
    ]
    const { world } = await embed(fine, { targets, fallback: [] })
    expect(world.seen.map(({ model }) => model)).toEqual(["v4"])
  })

  it.each<[string, unknown, string]>([
    ["no data", { object: "list" }, "MalformedResponse"],
    ["a completion", S.completion("m"), "MalformedResponse"],
    ["no vectors", { data: [] }, "EmptyResponse"],
    ["data without a vector", { data: [{ index: 0 }] }, "MalformedResponse"],
    ["a vector of nothing", { data: [{ index: 0, embedding: [] }] }, "MalformedResponse"],
    ["null for a vector", { data: [{ index: 0, embedding: null }] }, "MalformedResponse"],
    ["a vector for one text of two", embeddings("m", [1, 2]), "MalformedResponse"],
    ["null among a vector's numbers", { data: [{ embedding: [1, null] }, { embedding: [3, 4] }] }, "MalformedResponse"],
    ["texts among a vector's numbers", { data: [{ embedding: ["1"] }, { embedding: [3] }] }, "MalformedResponse"],
    ["an error inside 200", { error: { message: "busy", code: "ServiceUnavailable" } }, "Overloaded"]
  ])("are asked for again when the answer is %s", async (_, body, tag) => {
    const { result } = await embed((seen, nth) => (nth === 1 ? S.json(200, body) : fine(seen)))
    expect(result).toMatchObject({ success: { trail: [{ reason: { _tag: tag } }, { _tag: "Ok" }] } })
  })

  it.each<[string, unknown, unknown]>([
    ["one for the token numbers of one text", [1, 2, 3], [0.5]],
    ["one for contents that the vendor takes together", [{ text: "a" }, { image: "b" }], [0.5]],
    ["several vectors for a text", "a", [[0.5], [0.25]]],
    ["several by their types", "a", { float: [0.5], int8: [1] }]
  ])("are whole with %s", async (_, input, embedding) => {
    const body = { data: [{ index: 0, embedding }] }
    const { result } = await embed(() => S.json(200, body), {}, { request: { model: "text-embedding-v4", input } })
    expect(result).toMatchObject({ success: { response: body } })
  })

  it("end with the vendor's words when it refuses them", async () => {
    const refusal = { error: { message: "batch size is invalid", code: "InvalidParameter" } }
    const { result, world } = await embed(() => S.json(400, refusal))
    expect(result).toMatchObject({ failure: { reason: { _tag: "Rejected" }, trail: [{ status: 400 }] } })
    expect(world.seen).toHaveLength(1)
  })

  it("have no route where chat has none", async () => {
    const { result } = await embed(fine, { match: { model: { exact: "else" } } })
    expect(result).toMatchObject({ failure: { reason: { _tag: "NoRoute" } } })
  })
})
