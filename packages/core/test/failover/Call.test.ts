import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Trail from "../../src/failure/Trail.ts"
import { call, collect, error, isQwen, ok, outcomes, play, stream, value } from "../play.ts"
import {
  completion,
  connected,
  data,
  done,
  end,
  failed,
  json,
  options,
  overloaded,
  type Play,
  path,
  refused,
  type Seen,
  silent,
  stop,
  text,
  unauthorized
} from "../support.ts"

describe("Failover.call", () => {
  it.effect("answers from the route's target and says who answered", () =>
    Effect.gen(function* () {
      const answer = value(yield* play(call(), ok))
      expect([answer.route, answer.provider, answer.model, answer.completion.model]).toEqual([
        "aliyun",
        "qwen",
        "qwen-turbo",
        "qwen-turbo"
      ])
      expect(JSON.parse(answer.bytes.toString())).toEqual(answer.completion)
      expect(Trail.toLine(answer.trail)).toMatch(/^qwen\/qwen-turbo#k[0-9a-f]{3} ok \d+ms$/)
    })
  )

  it.effect("shows the trail of a gateway behind the target, streaming and not", () =>
    Effect.gen(function* () {
      const via = "qwen/qwen-turbo#k1 Unauthorized 3ms, deepseek/deepseek-chat#k2 ok 9ms"
      const headers = { "x-understudy-trail": via }
      const { trail } = value(yield* play(call(), (seen) => json(200, completion(seen.model), headers)))
      expect(trail[0]?.via).toBe(via)
      expect(Trail.toLine(trail)).toContain(` ok 0ms (${via})`)
      const streamed: Play = [
        [0, connected],
        [0, (handler) => handler.onHeaders(200, { "content-type": "text/event-stream", ...headers })],
        [0, data(text("a") + stop + done)],
        [0, end]
      ]
      expect(value(yield* play(stream(collect().sink), () => streamed)).trail[0]?.via).toBe(via)
    })
  )

  it.effect("passes unknown fields of the request through", () =>
    Effect.gen(function* () {
      const { world } = yield* play(call("qwen-turbo", { enable_search: true, top_k: 3 }), ok)
      expect(world.seen[0]?.body).toMatchObject({ enable_search: true, top_k: 3 })
    })
  )

  it.effect("tries another key at once after a bad one, in the same call", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen, nth) => (nth === 1 ? unauthorized : ok(seen)))
      expect(new Set(path(result.world))).toEqual(new Set(["qwen/qwen-turbo#q1", "qwen/qwen-turbo#q2"]))
      expect(outcomes(value(result).trail)).toEqual(["qwen Unauthorized", "qwen ok"])
    })
  )

  it.effect("never uses a key again that has failed in the same call, even below its threshold", () =>
    Effect.gen(function* () {
      const qwen = { ...options().providers["qwen"]!, keyFailover: { failureThreshold: 5 } }
      const result = yield* play(
        call(),
        (seen) => (isQwen(seen) ? unauthorized : ok(seen)),
        options({ providers: { ...options().providers, qwen } })
      )
      expect(path(result.world).slice(0, 2).toSorted()).toEqual(["qwen/qwen-turbo#q1", "qwen/qwen-turbo#q2"])
      expect(outcomes(value(result).trail)).toEqual(["qwen Unauthorized", "qwen Unauthorized", "deepseek ok"])
      expect(result.world.events).toEqual([])
    })
  )

  it.effect("falls back to the other provider's model when every key is bad, keys first", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => (isQwen(seen) ? unauthorized : ok(seen)))
      expect(outcomes(value(result).trail)).toEqual(["qwen Unauthorized", "qwen Unauthorized", "deepseek ok"])
      expect(value(result).completion.model).toBe("deepseek-chat")
      expect(value(result).trail.map(Trail.nextOf)).toEqual(["another key", "next target", "answer"])
    })
  )

  it.effect("skips a provider whose keys are all out, and says so in the trail", () =>
    Effect.gen(function* () {
      const twice = Effect.andThen(call(), call())
      const result = yield* play(twice, (seen) => (isQwen(seen) ? unauthorized : ok(seen)))
      expect(outcomes(value(result).trail)).toEqual(["qwen skipped(no usable key)", "deepseek ok"])
      expect(Trail.toLine(value(result).trail)).toContain("qwen/qwen-turbo skipped(no usable key): Unauthorized, ")
      expect(Trail.attempts(value(result).trail)).toBe(1)
      expect(result.world.seen.filter(isQwen)).toHaveLength(2)
    })
  )

  for (const [name, fault] of [
    ["overloaded", overloaded],
    ["failing", failed],
    ["unreachable", refused],
    ["empty", json(200, "\n\n\n\n")],
    ["malformed", json(200, "<html>")],
    ["cut short", json(200, completion("m"), { "x-dashscope-partialresponse": "true" })],
    [
      "giving up",
      json(200, { choices: [{ message: { content: "a" }, finish_reason: "insufficient_system_resource" }] })
    ],
    [
      "sending an error inside HTTP 200",
      json(200, { error: { message: "inference internal error.", code: "internal_error" } })
    ]
  ] as const) {
    it.effect(`asks a target that is ${name} once more, then moves to the next`, () =>
      Effect.gen(function* () {
        const result = yield* play(call(), (seen) => (isQwen(seen) ? fault : ok(seen)))
        expect(value(result).provider).toBe("deepseek")
        expect(result.world.seen.filter(isQwen)).toHaveLength(2)
        expect(result.world.events).toEqual([])
      })
    )
  }

  it.effect("leaves a silent target at its answer deadline, aborts it, and does not ask it again", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => (isQwen(seen) ? silent : ok(seen)))
      expect(outcomes(value(result).trail)).toEqual(["qwen TimedOut(answer)", "deepseek ok"])
      expect(result.world.seen[0]?.aborted).toBe(true)
      expect(result.world.seen[1]?.at).toBe(120_000)
    })
  )

  it.effect("leaves a target that does not connect at the connect deadline", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => (isQwen(seen) ? [] : ok(seen)))
      expect(outcomes(value(result).trail)).toEqual(["qwen TimedOut(connect)", "deepseek ok"])
      expect(result.world.seen[1]?.at).toBe(5_000)
    })
  )

  it.effect("gives a slow target with nowhere else to go the whole deadline", () =>
    Effect.gen(function* () {
      const late = (seen: Seen): Play => json(200, completion(seen.model), {}, 300_000)
      expect(value(yield* play(call("deepseek-chat"), late)).provider).toBe("deepseek")
    })
  )

  it.effect("ends at the total deadline and says so", () =>
    Effect.gen(function* () {
      const route = { ...options().routes[1]!, deadlines: { total: "30s" } }
      const result = yield* play(call("deepseek-chat"), () => silent, options({ routes: [route] }))
      expect(error(result).reason).toEqual({ _tag: "DeadlineExceeded", total: 30_000 })
      expect(result.now).toBeLessThanOrEqual(30_050)
      expect(result.world.seen[0]?.aborted).toBe(true)
    })
  )

  for (const [name, status, message] of [
    ["a bad parameter", 400, "Range of temperature should be [0, 2)"],
    ["an unprocessable body", 422, "invalid"]
  ] as const) {
    it.effect(`hands ${name} back with the vendor's status and message, and touches no key`, () =>
      Effect.gen(function* () {
        const result = yield* play(call(), () => json(status, { error: { message } }))
        expect(error(result).reason).toMatchObject({ _tag: "Rejected", failure: { vendor: { status, message } } })
        expect(result.world.seen).toHaveLength(1)
        expect(result.world.events).toEqual([])
      })
    )
  }

  for (const [name, status, message, outcome] of [
    ["a body too large", 413, "too large", "ContextTooLong"],
    ["what it cannot take", 400, "This model does not support image input", "Unsuited"],
    ["an endpoint that it does not have", 405, "Method Not Allowed", "ModelNotFound"]
  ] as const) {
    it.effect(
      `moves to the next target when the first refuses ${name}, and hands the first refusal back when all do`,
      () =>
        Effect.gen(function* () {
          const refused = json(status, { error: { message } })
          const one = yield* play(call(), ({ origin, model }) =>
            origin.includes("qwen") ? refused : json(200, completion(model))
          )
          expect(outcomes(value(one).trail)).toEqual([`qwen ${outcome}`, "deepseek ok"])
          const all = yield* play(call(), ({ origin }) =>
            origin.includes("qwen") ? refused : json(400, { error: { message: "tools are not supported" } })
          )
          expect(error(all).reason).toMatchObject({ _tag: "Rejected", failure: { vendor: { status, message } } })
          expect(all.world.seen).toHaveLength(2)
          expect(all.world.events).toEqual([])
        })
    )
  }

  it.effect("tries the next target when a model does not exist, and hands the vendor's 404 back when none has it", () =>
    Effect.gen(function* () {
      const missing = json(404, { error: { message: "The model `x` does not exist", code: "model_not_found" } })
      expect(value(yield* play(call(), (seen) => (isQwen(seen) ? missing : ok(seen)))).provider).toBe("deepseek")
      const result = yield* play(call("deepseek-nope"), () => missing)
      expect(error(result).reason).toMatchObject({ _tag: "Rejected", failure: { vendor: { status: 404 } } })
    })
  )

  it.effect("falls back on a caller's fault where the route says so by class", () =>
    Effect.gen(function* () {
      const route = { ...options().routes[0]!, on: { "4xx": { fallback: true } } }
      const bad = json(400, { error: { message: "bad" } })
      expect(
        value(yield* play(call(), (seen) => (isQwen(seen) ? bad : ok(seen)), options({ routes: [route] }))).provider
      ).toBe("deepseek")
    })
  )

  it.effect("fails with NoRoute, naming what exists, without sending anything", () =>
    Effect.gen(function* () {
      const result = yield* play(call("gpt-4"), ok)
      expect(error(result).message).toBe(
        'No route matches model "gpt-4". Configured routes: deepseek (deepseek-*), aliyun (qwen-*). Add a route, or ask for a model that one of them matches.'
      )
      expect(result.world.seen).toEqual([])
    })
  )

  it.effect("says with the last failure that every target failed, and keeps each in the trail", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => (isQwen(seen) ? failed : overloaded))
      expect(error(result).reason).toMatchObject({
        _tag: "UpstreamFailed",
        failure: { reason: { _tag: "Overloaded" } }
      })
      expect(outcomes(error(result).trail)).toEqual([
        "qwen ServerFailed",
        "qwen ServerFailed",
        "deepseek Overloaded",
        "deepseek Overloaded"
      ])
    })
  )
})
