import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { outcomeOf } from "@understudy/core/failure/Trail"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it } from "vitest"
import * as EmbeddingModel from "../src/EmbeddingModel.ts"
import * as PromiseEmbeddingModel from "../src/PromiseEmbeddingModel.ts"

interface Asked {
  readonly model: string
  readonly input: ReadonlyArray<string>
  readonly dimensions?: number
}

interface Seen extends Asked {
  readonly path: string
  readonly key: string
}

type Reply = (asked: Seen, nth: number) => { readonly status?: number; readonly body: unknown } | undefined

/** A vector that tells its text. */
const vectorOf = (text: string): ReadonlyArray<number> => [text.length, Number(text.replace(/\D/g, "")) || 0]

const answer = ({ input, model }: Asked, order = [...input.keys()]) => ({
  object: "list",
  model: `${model}-2026`,
  data: order.map((index) => ({ object: "embedding", index, embedding: vectorOf(input[index] ?? "") })),
  usage: { prompt_tokens: input.length, total_tokens: input.length }
})

const fine: Reply = (asked) => ({ body: answer(asked) })

const servers: Array<Server> = []

/** A server on the loopback that speaks embeddings; no reply leaves the request open. */
const listen = async (reply: Reply = fine) => {
  const seen: Array<Seen> = []
  let open = 0
  let most = 0
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open)
    response.on("close", () => open--)
    let text = ""
    for await (const piece of request) text += piece
    const asked = {
      ...JSON.parse(text),
      path: request.url,
      key: request.headers.authorization?.slice("Bearer ".length)
    }
    seen.push(asked)
    const { body, status = 200 } = reply(asked, seen.length) ?? {}
    if (body === undefined) return
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return { url, seen, most: () => most }
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

const config = (url: string, more: object = {}): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: url, keys: ["sk-demo-1", "sk-demo-2"] },
    other: { type: "openai-compatible", baseUrl: url, keys: ["sk-demo-3"] }
  },
  routes: [
    {
      name: "vectors",
      match: { model: { prefix: "text-" } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "other", model: "other-model" }],
      ...more
    }
  ]
})

const v4 = { model: "text-embedding-v4" }

const run = <A, E>(
  effect: Effect.Effect<A, E, EmbeddingModel.EmbeddingModel>,
  options: UnderstudyOptions,
  defaults: EmbeddingModel.EmbeddingOptions = v4
): Promise<A> => Effect.runPromise(Effect.provide(effect, EmbeddingModel.layerUnderstudy(options, defaults)))

const texts = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, index) => `text ${index}`)

describe("embed", () => {
  it("gives the vector of a text, and who made it", async () => {
    const { seen, url } = await listen()
    const { metadata, vector } = await run(EmbeddingModel.embed("text 7", { dimensions: 2 }), config(url))
    expect(vector).toEqual(vectorOf("text 7"))
    expect(seen).toMatchObject([{ path: "/v1/embeddings", ...v4, input: ["text 7"], dimensions: 2 }])
    expect(metadata).toMatchObject({
      ...v4,
      route: "vectors",
      provider: "qwen",
      usage: { promptTokens: 1, totalTokens: 1 },
      attempts: 1
    })
  })

  it("takes the next key when one does not work, and no other model when none does", async () => {
    const refused = { status: 401, body: { error: { message: "no", code: "invalid_api_key" } } }
    const first = await listen((asked, nth) => (nth === 1 ? refused : fine(asked, nth)))
    const { metadata } = await run(EmbeddingModel.embed("a"), config(first.url))
    expect(metadata.trail.map(outcomeOf)).toEqual(["Unauthorized", "ok"])
    expect(new Set(first.seen.map(({ key }) => key))).toEqual(new Set(["sk-demo-1", "sk-demo-2"]))
    const none = await listen(() => refused)
    const error = await run(Effect.flip(EmbeddingModel.embed("a")), config(none.url))
    expect(error.reason).toMatchObject({ _tag: "UpstreamFailed", kind: "Unauthorized" })
    expect(new Set(none.seen.map(({ model }) => model))).toEqual(new Set(["text-embedding-v4"]))
  })
})

describe("embedAll", () => {
  it("sends batches, so many at a time, and keeps the order of the texts", async () => {
    const { most, seen, url } = await listen((asked) => ({ body: answer(asked, [...asked.input.keys()].toReversed()) }))
    const { metadata, vectors } = await run(EmbeddingModel.embedAll(texts(95)), config(url))
    expect(vectors).toEqual(texts(95).map(vectorOf))
    expect(seen.map(({ input }) => input.length).sort()).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5])
    expect(most()).toBeLessThanOrEqual(4)
    expect(metadata).toMatchObject({ attempts: 10, usage: { promptTokens: 95 } })
    expect(metadata.trail).toHaveLength(10)
  })

  it("takes the sizes that it is told", async () => {
    const { most, seen, url } = await listen()
    await run(EmbeddingModel.embedAll(texts(7), { batchSize: 3, concurrency: 1 }), config(url))
    expect(seen.map(({ input }) => input.length)).toEqual([3, 3, 1])
    expect(most()).toBe(1)
  })

  it("asks nobody for nothing", async () => {
    const { seen, url } = await listen()
    expect(await run(EmbeddingModel.embedAll([]), config(url))).toEqual({
      vectors: [],
      metadata: { trail: [], attempts: 0 }
    })
    expect(seen).toEqual([])
  })

  it.each<[string, (body: ReturnType<typeof answer>) => unknown]>([
    ["too many", (body) => ({ ...body, data: [...body.data, { ...body.data[0], index: 2 }] })],
    ["one twice", (body) => ({ ...body, data: [body.data[0], body.data[0]] })],
    ["texts for vectors", (body) => ({ ...body, data: body.data.map((each) => ({ ...each, embedding: "AAAA" })) })]
  ])("refuses an answer with %s", async (_, spoil) => {
    const { url } = await listen((asked) => ({ body: spoil(answer(asked)) }))
    const error = await run(Effect.flip(EmbeddingModel.embedAll(texts(2))), config(url))
    expect(error).toMatchObject({
      message: "qwen gave no vector to each of 2 texts",
      reason: { _tag: "UpstreamFailed", kind: "MalformedResponse" },
      trail: [{ _tag: "Ok" }]
    })
  })

  it.each<[string, (body: ReturnType<typeof answer>) => unknown]>([
    ["too few vectors", (body) => ({ ...body, data: body.data.slice(1) })],
    ["texts for numbers", (body) => ({ ...body, data: body.data.map((each) => ({ ...each, embedding: ["1"] })) })],
    ["null for a number", (body) => ({ ...body, data: body.data.map((each) => ({ ...each, embedding: [1, null] })) })]
  ])("asks again after an answer with %s", async (_, spoil) => {
    const { url } = await listen((asked) => ({ body: spoil(answer(asked)) }))
    const error = await run(Effect.flip(EmbeddingModel.embedAll(texts(2))), config(url))
    expect(error).toMatchObject({
      reason: { _tag: "UpstreamFailed", kind: "MalformedResponse" },
      trail: [{ _tag: "Failed" }, { _tag: "Failed" }]
    })
  })

  it("sends half a character as U+FFFD", async () => {
    const { seen, url } = await listen()
    await run(EmbeddingModel.embedAll(["a", "b\ud83d"]), config(url))
    expect(seen[0]?.input).toEqual(["a", "b\ufffd"])
  })

  it("refuses vectors of two models", async () => {
    const { url } = await listen((asked, nth) =>
      asked.model === v4.model && nth > 1 ? { status: 404, body: { error: { message: "gone" } } } : fine(asked, nth)
    )
    const asking = EmbeddingModel.embedAll(texts(2), { batchSize: 1, concurrency: 1 })
    const error = await run(Effect.flip(asking), config(url, { embeddings: "any-model" }))
    expect(error.message).toContain("different models (text-embedding-v4, other-model)")
    expect(error.trail).toHaveLength(3)
  })

  it.each<[ReadonlyArray<string>, EmbeddingModel.EmbeddingOptions, string]>([
    [["a", ""], v4, "texts[1] must be a text that is not empty, got an empty text"],
    [[undefined as never], v4, "texts[0] must be a text that is not empty, got undefined"],
    [["a"], {}, "options.model must be set, with the call or in the EmbeddingModel's defaults, got nothing"],
    [["a"], { ...v4, dimensions: 0 }, "options.dimensions must be an integer >= 1, got 0"],
    [["a"], { ...v4, batchSize: 1.5 }, "options.batchSize must be an integer >= 1, got 1.5"]
  ])("refuses %j with %j before anything is sent", async (input, options, message) => {
    const { seen, url } = await listen()
    const error = await run(Effect.flip(EmbeddingModel.embedAll(input, options)), config(url), {})
    expect(error).toMatchObject({ message, reason: { _tag: "InvalidPrompt" } })
    expect(seen).toEqual([])
  })
})

describe("a promise's model", () => {
  it("embeds in front of a gateway", async () => {
    const { seen, url } = await listen()
    await using model = await PromiseEmbeddingModel.remote({ baseUrl: url, apiKey: "sk-demo-consumer", ...v4 })
    expect((await model.embed("text 1")).vector).toEqual(vectorOf("text 1"))
    expect((await model.embedAll(texts(12), { dimensions: 2 })).vectors).toHaveLength(12)
    expect(seen[0]).toMatchObject({ key: "sk-demo-consumer", ...v4 })
  })

  it("rejects with the signal's reason when it aborts, and with the model's error when it fails", async () => {
    const controller = new AbortController()
    const { url } = await listen(() => {
      controller.abort(new Error("enough"))
      return undefined
    })
    const model = await PromiseEmbeddingModel.fromOptions(config(url), v4)
    await expect(model.embed("a", { signal: controller.signal })).rejects.toThrow("enough")
    await expect(model.embed("")).rejects.toMatchObject({ reason: { _tag: "InvalidPrompt" } })
    await model.close()
    const broken = config("not a url")
    await expect(PromiseEmbeddingModel.fromOptions(broken)).rejects.toMatchObject({ _tag: "ConfigError" })
  })
})
