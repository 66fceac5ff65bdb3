import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Understudy } from "../src/Understudy.ts"
import { completion, done, json, makeWorld, options, request, sse, stop, text, understudy } from "./support.ts"

it.effect("sends the query of a base URL with chats, streams, embeddings, lists of models and probes", () =>
  Effect.gen(function* () {
    const world = makeWorld()
    const vectors = { data: [{ index: 0, embedding: [0.1] }], model: "m" }
    const layer = understudy(
      world,
      ({ body, path }) =>
        path.includes("/embeddings")
          ? json(200, vectors)
          : path.includes("/models")
            ? json(200, { data: [{ id: "m" }] })
            : body["stream"] === true
              ? sse(text("ok"), stop, done)
              : json(200, completion("m")),
      options({
        providers: {
          azure: {
            type: "openai-compatible",
            baseUrl: "https://azure.test/openai/deployments/d/chat/completions?api-version=2024-06-01",
            keys: ["sk-demo-a1"]
          }
        },
        routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "azure" }] }]
      })
    )
    yield* Effect.gen(function* () {
      const { check, failover, models } = yield* Understudy
      yield* failover.call({ request: request("m") })
      yield* failover.stream({ request: request("m", { stream: true }) }, { begin: () => {}, write: () => {} })
      yield* failover.embed({ request: { model: "m", input: "a" } })
      yield* models
      yield* check
    }).pipe(Effect.provide(layer))
    const base = "/openai/deployments/d"
    expect(world.seen.map(({ path }) => path)).toEqual(
      ["/chat/completions", "/chat/completions", "/embeddings", "/models", "/models"].map(
        (endpoint) => `${base}${endpoint}?api-version=2024-06-01`
      )
    )
  })
)
