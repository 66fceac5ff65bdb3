import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Call } from "../src/failover/Failover.ts"
import * as ChatRequest from "../src/internal/face/ChatRequest.ts"
import * as Json from "../src/internal/wire/Json.ts"
import { Understudy } from "../src/Understudy.ts"
import {
  completion,
  text as delta,
  done,
  json,
  makeWorld,
  options,
  type Play,
  refused,
  sse,
  stop,
  understudy
} from "./support.ts"

/** Numbers that JavaScript would write in another way. */
const odd = [
  "9223372036854775807",
  "-9007199254740993",
  "1e400",
  "1.0",
  "-0",
  "1E5",
  "0.1000000000000000055511151231257827"
]
/** Numbers that come out as they go in. */
const plain = ["0", "1e-7", "1", "-1", "1.5", "0.1", "9007199254740991", "1700000000"]

describe("Json", () => {
  it.each(odd)("keeps %s wherever it stands", (number) => {
    for (const text of [number, `[${number}]`, `[1, ${number}]`, `{"a":${number}}`, `{"a": { "b":[${number},1]}}`]) {
      expect(Json.isLossy(text)).toBe(true)
      expect(JSON.stringify(Json.parseExactly(text))).toBe(text.replaceAll(" ", ""))
    }
  })

  it.each(plain)("leaves %s to JavaScript", (number) => {
    expect(Json.isLossy(`{"a":${number},"b":[${number}, ${number}]}`)).toBe(false)
    expect(Json.parseExactly(`{"a":${number}}`)).toEqual({ a: Number(number) })
  })

  it("parses a text about numbers as the text that it is", () => {
    const text = JSON.stringify({ content: "at 1.0, 2.50: 1e9" })
    expect(Json.parseExactly(text)).toEqual({ content: "at 1.0, 2.50: 1e9" })
  })

  it("has nothing for what is no JSON, or is nested without end", () => {
    expect(Json.parseExactly("{")).toBeUndefined()
    expect(Json.parseExactly(`${"[".repeat(1e6)}1.0${"]".repeat(1e6)}`)).toBeUndefined()
  })

  it("writes a bigint as the number that it is", () => {
    expect(Json.stringify({ seed: 2n ** 63n - 1n })).toBe('{"seed":9223372036854775807}')
  })
})

const body = (number: string, more = "") =>
  `{"model":"qwen-turbo","messages":[{"role":"user","content":"hi"}],"seed":${number},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"id":{"type":"integer","maximum":${number}}}}}}]${more}}`

const callOf = (text: string): Call => {
  const { problem, request } = ChatRequest.parse(text)
  if (problem !== undefined) throw new Error(problem.message)
  return { request, text }
}

const only = (play: Play, more: object = {}) => {
  const world = makeWorld()
  const config = options({
    providers: { qwen: { type: "openai-compatible", baseUrl: "http://qwen.test/v1", keys: ["sk-demo-q1"] } },
    routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "qwen", ...more }] }]
  })
  return { world, layer: understudy(world, () => play, config) }
}

const sent = (text: string, more: object = {}) => {
  const { layer, world } = only(json(200, completion("m")), more)
  return Understudy.use(({ failover }) => failover.call(callOf(text))).pipe(
    Effect.provide(layer),
    Effect.map(() => world.seen[0]?.text ?? "")
  )
}

describe("a request's numbers", () => {
  it.effect.each(odd)("reach the vendor as they came, %s too", (number) =>
    Effect.map(sent(body(number)), (text) => expect(text).toBe(body(number)))
  )

  it.effect.each(odd)("reach a target that renames the model as they came, %s too", (number) =>
    Effect.map(sent(body(number), { model: "other" }), (text) =>
      expect(text).toBe(body(number).replace("qwen-turbo", "other"))
    )
  )

  it.effect("reach every target of a call as they came, whatever else is changed for it", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const layer = understudy(world, ({ origin }) => (origin.includes("qwen") ? refused : json(200, completion("m"))))
      const call = callOf(body("9223372036854775807", ',"enable_thinking":false'))
      yield* Understudy.use(({ failover }) => failover.call(call)).pipe(Effect.provide(layer))
      const last = world.seen.at(-1)
      expect(last?.origin).toBe("http://deepseek.test")
      expect(last?.text).toContain('"seed":9223372036854775807')
      expect(last?.text).toContain('"maximum":9223372036854775807')
      expect(last?.text).not.toContain("enable_thinking")
    })
  )

  it.effect("reach a target that goes on with a broken stream as they came", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const config = options()
      const layer = understudy(
        world,
        ({ origin }) => (origin.includes("qwen") ? sse(delta("Hel")) : sse(delta("lo"), stop, done)),
        { ...config, routes: config.routes.map((route) => ({ ...route, afterCommit: "continue" as const })) }
      )
      const text = `{"model":"qwen-turbo","stream":true,"messages":[{"role":"user","content":"hi"}],"seed":9223372036854775807}`
      const sink = { begin: () => {}, write: () => {} }
      yield* Understudy.use(({ failover }) => failover.stream(callOf(text), sink)).pipe(Effect.provide(layer))
      expect(world.seen.at(-1)?.text).toContain('"content":"Hel"')
      expect(world.seen.at(-1)?.text).toContain('"seed":9223372036854775807')
    })
  )

  it.effect("may be bigints in process", () =>
    Effect.gen(function* () {
      const { layer, world } = only(json(200, completion("m")), { model: "other" })
      const request = { model: "m", messages: [{ role: "user", content: "hi" }], seed: 2n ** 63n - 1n }
      yield* Understudy.use(({ failover }) => failover.call({ request })).pipe(Effect.provide(layer))
      expect(world.seen[0]?.text).toContain('"seed":9223372036854775807')
    })
  )
})

describe("an answer's numbers", () => {
  it.effect.each(odd)("are in a folded answer as the vendor wrote them, %s too", (number) =>
    Effect.gen(function* () {
      const frame = `data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":null}],"serial":${number}}\n\n`
      const world = makeWorld()
      const config = options({
        providers: { qwen: { type: "openai-compatible", baseUrl: "http://qwen.test/v1" } },
        routes: [
          { name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "qwen" }], upstream: "streamed" }
        ]
      })
      const layer = understudy(world, () => sse(frame, stop, done), config)
      const call = callOf('{"model":"m","messages":[{"role":"user","content":"hi"}]}')
      const answer = yield* Understudy.use(({ failover }) => failover.call(call)).pipe(Effect.provide(layer))
      expect(answer.bytes.toString()).toContain(`"serial":${number}`)
      expect(answer.completion["serial"]).toBe(Number(number))
    })
  )
})
