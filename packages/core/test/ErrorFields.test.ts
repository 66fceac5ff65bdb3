import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { FailoverError } from "../src/failure/FailoverError.ts"
import * as Problem from "../src/internal/face/Problem.ts"
import { call, error, play } from "./play.ts"
import { connected, data, end, json, openStream, type Play } from "./support.ts"

const told = (failed: FailoverError): any => JSON.parse(Problem.toBody(Problem.fromFailover(failed))).understudy.vendor

const tell = (vendor: Play) =>
  Effect.map(
    play(call(), () => vendor),
    (played) => told(error(played))
  )

const known = { message: "bad n", type: "t", code: "c", param: "n" }

describe("an error's further fields", () => {
  it.effect.each([
    [
      "inside the error",
      { error: { ...known, innererror: { code: "X", list: [1, null] } } },
      { innererror: { code: "X", list: [1, null] } }
    ],
    ["beside it", { error: known, request_id: "r-1", user_id: 7 }, { request_id: "r-1", user_id: 7 }],
    ["of a native shape", { ...known, details: ["a"], timestamp: 1.5 }, { details: ["a"], timestamp: 1.5 }],
    ["in a list", [{ error: { ...known, status: "INVALID" } }], { status: "INVALID" }],
    [
      "named like a prototype",
      JSON.parse('{"error":{"message":"bad n","code":"c","__proto__":{"a":1},"b":2}}'),
      { b: 2 }
    ]
  ])("reach the caller as the vendor sent them: %s", ([, body, fields]) =>
    Effect.gen(function* () {
      expect(yield* tell(json(400, body))).toMatchObject({ status: 400, message: "bad n", code: "c", fields })
    })
  )

  it.effect("are not there where there are none", () =>
    Effect.gen(function* () {
      expect(yield* tell(json(400, { error: known }))).toEqual({ status: 400, ...known })
    })
  )

  it.effect("state how long to wait", () =>
    Effect.gen(function* () {
      const limited = json(429, { error: { message: "slow down", retry_after: 36.2 } })
      expect(Problem.fromFailover(error(yield* play(call(), () => limited))).retryAfter).toBe(36_200)
    })
  )

  it.effect("say where a redirect points, without what may be a secret in it", () =>
    Effect.gen(function* () {
      const location = "https://user:pass@api.example.com/v1/chat/completions?token=x#y"
      const moved: Play = [
        [0, connected],
        [0, (handler) => handler.onHeaders(301, { location })],
        [0, end]
      ]
      const { trail } = error(yield* play(call(), () => moved))
      expect(trail[0]).toMatchObject({
        reason: { _tag: "MalformedResponse" },
        message:
          "qwen answered 301 and points to https://api.example.com/v1/chat/completions, which is not followed: correct `baseUrl`"
      })
    })
  )

  it.effect("hold no key, in whatever text it stands", () =>
    Effect.gen(function* () {
      const innererror = { said: 'with "Bearer abc.def", or sk-demo-q1', keys: ["sk-demo-q2"] }
      const vendor = yield* tell(json(400, { error: { ...known, innererror } }))
      expect(vendor.fields).toEqual({
        innererror: { said: 'with "Bearer <redacted>", or <redacted>', keys: ["<redacted>"] }
      })
    })
  )

  it.effect("are left out as a whole where they are too large or too deep, and others stay", () =>
    Effect.gen(function* () {
      const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`
      const body = `{"error":{"message":"bad n","large":"${"x".repeat(5_000)}","deep":${deep},"small":1}}`
      expect((yield* tell(json(400, body))).fields).toEqual({ small: 1 })
    })
  )

  it.effect("do not repeat the answer that an error stands in", () =>
    Effect.gen(function* () {
      const body = { id: "c1", error: { message: "bad n", code: 400 }, choices: [{ message: { content: "secret" } }] }
      const vendor: Play = [...openStream, [0, data(`data: ${JSON.stringify(body)}\n\n`)], [0, end]]
      expect((yield* tell(vendor)).fields).toEqual({ id: "c1" })
    })
  )
})
