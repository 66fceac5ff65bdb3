import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import * as UnderstudyConfig from "../src/config/UnderstudyConfig.ts"
import * as Trail from "../src/failover/Trail.ts"
import { Race } from "../src/internal/failover/Hedged.ts"
import { Understudy } from "../src/Understudy.ts"
import { call, collect, error, isQwen, ok, outcomes, play, stream, value, withLuck } from "./play.ts"
import {
  broken,
  completion,
  connected,
  data,
  done,
  end,
  frame,
  json,
  makeWorld,
  openStream,
  options,
  type Play,
  path,
  refused,
  role,
  type Seen,
  silent,
  sse,
  stop,
  text
} from "./support.ts"

const unauthorized = json(401, {
  error: { message: "Incorrect API key provided.", type: "invalid_request_error", code: "invalid_api_key" }
})
const overloaded = json(503, { error: { message: "busy" } })
const failed = json(500, { error: { message: "oops", code: "internal_error" } })
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
      expect(value(result).trail.map(({ next }) => next)).toEqual(["another key", "next target", "answer"])
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

describe("a rate limit", () => {
  const limited = (retryAfter?: string): Play =>
    json(
      429,
      { error: { message: "slow down", code: "limit_requests" } },
      retryAfter === undefined ? {} : { "retry-after": retryAfter }
    )
  const oneKey: UnderstudyOptions = {
    ...options(),
    providers: { ...options().providers, qwen: { type: "qwen", baseUrl: "http://qwen.test/v1", keys: ["sk-demo-q1"] } }
  }

  it.effect("is waited for when the vendor states a short wait: the model that was asked for, two seconds late", () =>
    Effect.gen(function* () {
      const vendor = (seen: Seen, nth: number) => (nth === 1 ? limited("2") : ok(seen))
      const result = yield* play(withLuck(0)(call()), vendor, oneKey)
      expect(outcomes(value(result).trail)).toEqual(["qwen RateLimited", "qwen ok"])
      expect(result.world.seen.map(({ at }) => at)).toEqual([0, 2_000])
    })
  )

  it.effect("moves to the next target at once when the stated wait is long", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => (isQwen(seen) ? limited("30") : ok(seen)), oneKey)
      expect(outcomes(value(result).trail)).toEqual(["qwen RateLimited", "deepseek ok"])
      expect(result.world.seen[1]?.at).toBe(0)
    })
  )

  it.effect("uses a key of another account at once", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen, nth) => (nth === 1 ? limited("2") : ok(seen)))
      expect(result.world.seen.map(({ at }) => at)).toEqual([0, 0])
      expect(new Set(path(result.world)).size).toBe(2)
    })
  )

  it.effect("does not rotate among the keys of one account", () =>
    Effect.gen(function* () {
      const keys = ["sk-demo-q1", "sk-demo-q2"].map((value) => ({ value, account: "one" }))
      const config = { ...oneKey, providers: { ...oneKey.providers, qwen: { ...oneKey.providers["qwen"]!, keys } } }
      const result = yield* play(call(), (seen) => (isQwen(seen) ? limited() : ok(seen)), config)
      expect(result.world.seen.filter(isQwen)).toHaveLength(1)
      expect(value(result).provider).toBe("deepseek")
    })
  )

  it.effect("is waited for up to ten seconds when nothing else can answer and the deadline allows it", () =>
    Effect.gen(function* () {
      const vendor = (seen: Seen, nth: number) => (nth === 1 ? limited("10") : ok(seen))
      const result = yield* play(withLuck(0)(call("deepseek-chat")), vendor)
      expect(outcomes(value(result).trail)).toEqual(["deepseek RateLimited", "deepseek ok"])
      expect(result.world.seen[1]?.at).toBe(10_000)
    })
  )

  it.effect("is told to the caller at once when the wait does not fit the deadline", () =>
    Effect.gen(function* () {
      const route = { ...options().routes[1]!, deadlines: { total: "5s" } }
      const result = yield* play(call("deepseek-chat"), () => limited("8"), options({ routes: [route] }))
      expect(error(result).reason).toEqual({ _tag: "Limited", retryAfter: 8_000 })
      expect(result.now).toBeLessThan(1_000)
    })
  )
})

describe("a target that is down", () => {
  const short = { ...options().routes[0]!, deadlines: { total: "2m" } }
  const config = options({
    routes: [short],
    providers: {
      ...options().providers,
      qwen: { ...options().providers["qwen"]!, deadlines: { firstContent: "5s", answer: "5s" } }
    }
  })

  it.effect("is left after one deadline when it is silent, and skipped at once by the next calls", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen) => (isQwen(seen) ? silent : sse(text("b") + stop + done))
      const program = Effect.forEach([1, 2, 3], () => stream(collect().sink))
      const answers = value(yield* play(program, vendor, config, world))
      expect(answers.map(({ trail }) => outcomes(trail)[0])).toEqual([
        "qwen TimedOut(firstContent)",
        "qwen skipped(circuit open)",
        "qwen skipped(circuit open)"
      ])
      expect(world.seen.map(({ at }) => at)).toEqual([0, 5_000, 5_000, 5_000])
    })
  )

  it.effect(
    "gets a handful of requests in a minute of steady traffic, not one a call, and its traffic back afterwards",
    () =>
      Effect.gen(function* () {
        const world = makeWorld()
        const vendor = (seen: Seen) => (isQwen(seen) && seen.at < 60_000 ? overloaded : ok(seen))
        const program = Effect.gen(function* () {
          for (let second = 0; second < 240; second++) {
            yield* call()
            yield* Effect.sleep(1_000)
          }
        })
        value(yield* play(program, vendor, config, world))
        const asked = world.seen.filter(isQwen)
        expect(asked.filter(({ at }) => at < 60_000).length).toBeLessThanOrEqual(10)
        expect(asked.filter(({ at }) => at >= 180_000).length).toBe(world.seen.filter(({ at }) => at >= 180_000).length)
      })
  )

  it.effect("is asked all the same when there is nowhere else to go, and is back with its first answer", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen, nth: number) => (nth === 1 ? silent : ok(seen))
      const quick = { ...config.providers["qwen"]!, circuit: { consecutiveFailures: 1 } }
      const only = options({ routes: [{ ...short, fallback: [] }], providers: { qwen: quick } })
      const program = Effect.andThen(
        Effect.flip(call()),
        Effect.forEach([1, 2], () => call())
      )
      const answers = value(yield* play(program, vendor, only, world))
      expect(answers.map(({ trail }) => outcomes(trail))).toEqual([
        ["qwen skipped(circuit open)", "qwen ok"],
        ["qwen ok"]
      ])
    })
  )

  it.effect("does not fail a call while another one, also passed over, has recovered", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const up = { qwen: false, deepseek: false }
      const vendor = (seen: Seen) => (up[isQwen(seen) ? "qwen" : "deepseek"] ? ok(seen) : silent)
      const both = options({
        routes: [short],
        providers: {
          qwen: { ...config.providers["qwen"]!, deadlines: { answer: "1s" }, circuit: { consecutiveFailures: 1 } },
          deepseek: {
            ...options().providers["deepseek"]!,
            deadlines: { answer: "1s" },
            circuit: { consecutiveFailures: 1 }
          }
        }
      })
      const program = Effect.gen(function* () {
        yield* Effect.flip(call())
        up.deepseek = true
        return yield* call()
      })
      const { trail } = value(yield* play(program, vendor, both, world))
      expect(outcomes(trail)).toEqual([
        "qwen skipped(circuit open)",
        "deepseek skipped(circuit open)",
        "qwen TimedOut(answer)",
        "deepseek ok"
      ])
    })
  )

  it.effect("is not taken out by a thousand callers' own mistakes", () =>
    Effect.gen(function* () {
      const mistakes = [400, 404, 422].map((status) => json(status, { error: { message: "bad" } }))
      const filtered = json(400, { error: { message: "x", code: "data_inspection_failed" } })
      const program = Effect.gen(function* () {
        for (let nth = 0; nth < 1_000; nth++) yield* Effect.exit(call("deepseek-chat"))
        return yield* (yield* Understudy).keys
      })
      const result = yield* play(program, (_, nth) => [...mistakes, filtered][nth % 4]!)
      expect(value(result).flatMap(({ keys }) => keys.map(({ state }) => state._tag))).toEqual([
        "Available",
        "Available",
        "Available"
      ])
      expect(result.world.events).toEqual([])
    })
  )
})

describe("keys that are out", () => {
  it.effect("are probed over the free endpoint and drawn again once they are well", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const well = { since: Number.POSITIVE_INFINITY }
      const vendor = (seen: Seen): Play => {
        if (seen.path.endsWith("/models")) return seen.at >= well.since ? json(200, { data: [] }) : unauthorized
        return seen.key === "sk-demo-q1" && seen.at < well.since ? unauthorized : ok(seen)
      }
      const program = Effect.gen(function* () {
        for (let i = 0; i < 20; i++) yield* call()
        expect(path(world).filter((each) => each.endsWith("#q1"))).toHaveLength(1)
        well.since = 12_000
        yield* Effect.sleep(40_000)
        const before = world.seen.length
        for (let i = 0; i < 20; i++) yield* call()
        expect(path(world).slice(before)).toContain("qwen/qwen-turbo#q1")
      })
      value(yield* play(program, vendor, undefined, world))
      expect(world.events.map(({ _tag }) => _tag)).toEqual(["KeyRemoved", "KeyProbed", "KeyProbed", "KeyRestored"])
      expect(world.seen.filter((seen) => seen.path.endsWith("/models")).map(({ at }) => at >= 5_000)).toEqual([
        true,
        true
      ])
    })
  )

  it.effect("are asked as the last resort when there is nowhere else to go", () =>
    Effect.gen(function* () {
      const program = Effect.andThen(Effect.flip(call("deepseek-chat")), call("deepseek-chat"))
      const result = yield* play(program, (seen, nth) => (nth === 1 ? unauthorized : ok(seen)))
      expect(outcomes(value(result).trail)).toEqual(["deepseek skipped(no usable key)", "deepseek ok"])
      expect(result.world.events.map(({ _tag }) => _tag)).toEqual(["KeyRemoved", "KeyRestored"])
    })
  )

  it.effect("are waited for under whenExhausted: wait", () =>
    Effect.gen(function* () {
      const providers = {
        deepseek: { ...options().providers["deepseek"]!, keyFailover: { whenExhausted: "wait" as const } }
      }
      const config = options({ providers, routes: [options().routes[1]!] })
      const vendor = (seen: Seen, nth: number): Play =>
        seen.path.endsWith("/user/balance") ? json(200, { is_available: true }) : nth === 1 ? unauthorized : ok(seen)
      const program = Effect.andThen(Effect.flip(call("deepseek-chat")), call("deepseek-chat"))
      const result = yield* play(program, vendor, config)
      expect(value(result).trail.map(({ outcome }) => outcome)).toEqual(["ok"])
      expect(result.world.seen.at(-1)?.at).toBeGreaterThanOrEqual(5_000)
    })
  )

  it.effect("fail the call at once under whenExhausted: fail", () =>
    Effect.gen(function* () {
      const providers = {
        ...options().providers,
        qwen: { ...options().providers["qwen"]!, keyFailover: { whenExhausted: "fail" as const } }
      }
      const vendor = (seen: Seen) => (isQwen(seen) ? unauthorized : ok(seen))
      const result = yield* play(Effect.andThen(Effect.exit(call()), call()), vendor, options({ providers }))
      expect(error(result).reason).toMatchObject({ _tag: "NoTarget", route: "aliyun" })
      expect(error(result).retryAfter).toBeGreaterThan(0)
    })
  )
})

describe("Failover.stream", () => {
  it.effect("hands whole frames on as they came, without [DONE]", () =>
    Effect.gen(function* () {
      const out = collect()
      const report = value(yield* play(stream(out.sink), () => sse(role + text("a"), text("b") + stop + done)))
      expect(out.log[0]).toBe("begin qwen")
      expect(out.text()).toBe(role + text("a") + text("b") + stop)
      expect(report.provider).toBe("qwen")
    })
  )

  for (const [name, fault] of [
    ["dies before content", [...openStream, [0, data(role)], [0, broken()]]],
    ["ends before content", sse(role)],
    [
      "sends an error event before content",
      sse(`${role}data: {"error":{"message":"busy","code":"ServiceUnavailable"}}\n\n`)
    ],
    ["sends a malformed frame before content", sse("data: {oops\n\n")],
    ["finishes without content", sse(role + stop + done)],
    ["gives up before content", sse(frame({}, "insufficient_system_resource") + done)],
    ["answers with an error status in an SSE line", json(503, 'data: {"error":{"message":"busy"}}\n\n')],
    ["ends with [DONE] alone", sse(done)]
  ] as const) {
    it.effect(`answers from the fallback when the stream ${name}`, () =>
      Effect.gen(function* () {
        const out = collect()
        const result = yield* play(stream(out.sink), (seen) =>
          isQwen(seen) ? fault : sse(role + text("b") + stop + done)
        )
        expect(value(result).provider).toBe("deepseek")
        expect(out.log[0]).toBe("begin deepseek")
        expect(out.text()).toBe(role + text("b") + stop)
      })
    )
  }

  it.effect("does not let keep-alive comments, blank lines and empty deltas postpone the first-content deadline", () =>
    Effect.gen(function* () {
      const idling: Play = [
        ...openStream,
        ...Array.from({ length: 30 }, () => [1_000, data(`: keep-alive\n\n\n${role}`)] as const)
      ]
      const out = collect()
      const result = yield* play(stream(out.sink), (seen) => (isQwen(seen) ? idling : sse(text("b") + stop + done)))
      expect(outcomes(value(result).trail)).toEqual(["qwen TimedOut(firstContent)", "deepseek ok"])
      expect(result.world.seen[1]?.at).toBe(10_000)
      expect(result.world.seen[0]?.aborted).toBe(true)
    })
  )

  it.effect("counts reasoning as content", () =>
    Effect.gen(function* () {
      const thinking: Play = [
        ...openStream,
        [9_000, data(frame({ reasoning_content: "hm" }))],
        [19_000, data(text("a") + stop + done)],
        [0, end]
      ]
      const out = collect()
      expect(value(yield* play(stream(out.sink), () => thinking)).provider).toBe("qwen")
    })
  )

  for (const [name, fault, says] of [
    ["breaks", [...openStream, [0, data(role + text("a"))], [0, broken()]], "Interrupted"],
    ["ends without a finish", sse(role + text("a")), "Interrupted"],
    ["says [DONE] without a finish", sse(role + text("a") + done), "Interrupted"],
    ["sends a malformed frame", sse(role + text("a"), "data: {oops\n\n", text("c") + stop + done), "Interrupted"],
    ["goes silent", [...openStream, [0, data(role + text("a"))]], "TimedOut(idle)"],
    [
      "sends an error event",
      sse(role + text("a"), 'data: {"error":{"message":"x","code":"data_inspection_failed"}}\n\n'),
      "ContentFiltered"
    ],
    ["gives up", sse(role + text("a"), frame({}, "insufficient_system_resource") + done), "Interrupted"]
  ] as const) {
    it.effect(`fails as broken, never replays, when the stream ${name} after content`, () =>
      Effect.gen(function* () {
        const out = collect()
        const result = yield* play(stream(out.sink), () => fault)
        expect(error(result).reason._tag).toBe("Broken")
        expect(error(result).trail.map(({ outcome }) => outcome)).toEqual([`${says} after content`])
        expect(out.text()).toBe(role + text("a"))
        expect(result.world.seen).toHaveLength(1)
      })
    )
  }

  it.effect("treats a finish without [DONE] as complete", () =>
    Effect.gen(function* () {
      const out = collect()
      expect(value(yield* play(stream(out.sink), () => sse(text("a") + stop))).provider).toBe("qwen")
      const cut = collect()
      expect(
        value(yield* play(stream(cut.sink), () => [...openStream, [0, data(text("a") + stop)], [0, broken()]])).provider
      ).toBe("qwen")
    })
  )

  it.effect("closes a stream that stays open after its finish", () =>
    Effect.gen(function* () {
      const out = collect()
      const result = yield* play(stream(out.sink), () => [...openStream, [0, data(text("a") + stop)]])
      expect(value(result).provider).toBe("qwen")
      expect(result.world.seen[0]?.aborted).toBe(true)
    })
  )

  it.effect("reports usage from a frame of its own behind the finish", () =>
    Effect.gen(function* () {
      const usage = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}\n\n'
      const out = collect()
      expect(value(yield* play(stream(out.sink), () => sse(text("a") + stop, usage + done))).usage).toMatchObject({
        total_tokens: 7
      })
      expect(out.text()).toBe(text("a") + stop + usage)
    })
  )

  it.effect("aborts the upstream when the caller leaves, in every phase, and holds nothing against the vendor", () =>
    Effect.gen(function* () {
      const phases: ReadonlyArray<Play> = [
        [],
        silent,
        [[0, connected]],
        openStream,
        [...openStream, [0, data(role)]],
        [...openStream, [0, data(text("a"))]]
      ]
      for (const phase of phases) {
        const world = makeWorld()
        const program = Effect.gen(function* () {
          const fiber = yield* Effect.forkChild(stream(collect().sink))
          yield* Effect.sleep(100)
          yield* Fiber.interrupt(fiber)
        })
        value(yield* play(program, () => phase, undefined, world))
        expect(world.seen.map(({ aborted }) => aborted)).toEqual([true])
        expect(world.events).toEqual([])
      }
    })
  )

  it.effect("holds everything back under delivery: buffered, so that a late cut is answered by the fallback", () =>
    Effect.gen(function* () {
      const route = { ...options().routes[0]!, delivery: "buffered" as const }
      const out = collect()
      const cut: Play = [...openStream, [0, data(role + text("a"))], [0, broken()]]
      const vendor = (seen: Seen) => (isQwen(seen) ? cut : sse(text("b") + stop + done))
      expect(value(yield* play(stream(out.sink), vendor, options({ routes: [route] }))).provider).toBe("deepseek")
      expect(out.text()).toBe(text("b") + stop)
    })
  )
})

describe("a sink that throws", () => {
  for (const [name, sink] of [
    [
      "begin",
      {
        begin: () => {
          throw new Error("full")
        },
        write: () => {}
      }
    ],
    [
      "write",
      {
        begin: () => {},
        write: () => {
          throw new Error("full")
        }
      }
    ]
  ] as const) {
    it.effect(`is a defect of the caller's, not a whole answer and not a vendor's failure, in ${name}`, () =>
      Effect.gen(function* () {
        const result = yield* play(stream(sink), () => sse(text("a"), text("b") + stop + done))
        expect(result.exit).toMatchObject({ _tag: "Failure", cause: { reasons: [{ _tag: "Die" }] } })
        expect(result.world.seen.map(({ aborted }) => aborted)).toEqual([true])
        expect(result.world.events).toEqual([])
      })
    )
  }
})

describe("afterCommit: continue", () => {
  const continuing = { ...options().routes[0]!, afterCommit: "continue" as const }
  const config = options({ routes: [continuing] })
  const tokens = Array.from({ length: 60 }, (_, index) => `t${index} `)
  const whole = tokens.join("")
  const frames = (from: number, to: number) => tokens.slice(from, to).map(text)
  const cutAfter40: Play = [
    ...openStream,
    ...[role, ...frames(0, 40)].map((piece) => [1, data(piece)] as const),
    [0, broken()]
  ]
  const isPrefill = (seen: Seen) => (seen.body["messages"] as Array<{ role: string }>).at(-1)?.role === "assistant"

  const play60 = (vendor: (seen: Seen) => Play, using = config) =>
    Effect.gen(function* () {
      const out = collect()
      const result = yield* play(stream(out.sink), (seen) => (isQwen(seen) ? cutAfter40 : vendor(seen)), using)
      const chunks = out
        .text()
        .split("\n\n")
        .filter((piece) => piece !== "")
        .map(
          (piece) =>
            JSON.parse(piece.slice("data: ".length)) as {
              id: string
              choices: Array<{ delta: Record<string, unknown>; finish_reason: string | null }>
            }
        )
      const content = chunks.map((chunk) => chunk.choices[0]?.delta["content"] ?? "").join("")
      return { result, chunks, content, seen: result.world.seen }
    })

  it.effect("ends in an error by default, with what was delivered delivered", () =>
    Effect.gen(function* () {
      const { content, result } = yield* play60(() => sse(...frames(0, 60), stop + done), options())
      expect(content).toBe(tokens.slice(0, 40).join(""))
      expect(error(result).reason._tag).toBe("Broken")
    })
  )

  for (const [name, rest] of [
    ["continues", frames(40, 60)],
    ["repeats the text and continues", frames(0, 60)],
    ["repeats the text in one piece", [text(whole)]]
  ] as const) {
    it.effect(`gives every token once, as one response, when the next target ${name} from a prefill`, () =>
      Effect.gen(function* () {
        const { chunks, content, result, seen } = yield* play60((seen) =>
          isPrefill(seen) ? sse(role, ...rest, stop + done) : sse(text("no") + stop + done)
        )
        expect(content).toBe(whole)
        expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
        expect(chunks.filter(({ choices }) => choices[0]?.delta["role"] !== undefined)).toHaveLength(1)
        expect(chunks.filter(({ choices }) => choices[0]?.finish_reason != null)).toHaveLength(1)
        expect(seen[1]?.path).toBe("/beta/chat/completions")
        expect((seen[1]?.body["messages"] as Array<unknown>).at(-1)).toEqual({
          role: "assistant",
          content: tokens.slice(0, 40).join(""),
          prefix: true
        })
        expect(outcomes(value(result).trail)).toEqual(["qwen Interrupted after content", "deepseek ok"])
      })
    )
  }

  it.effect("joins an exact match when the prefill is refused", () =>
    Effect.gen(function* () {
      const refused = json(400, { error: { message: "prefix is not supported" } })
      const { content, seen } = yield* play60((seen) =>
        isPrefill(seen) ? refused : sse(role, ...frames(0, 60), stop + done)
      )
      expect(content).toBe(whole)
      expect(seen).toHaveLength(3)
    })
  )

  for (const [name, answer] of [
    ["another answer", sse(text("something else") + stop + done)],
    ["a shorter answer", sse(...frames(0, 30), stop + done)],
    ["a refusal too", json(400, { error: { message: "no" } })],
    ["silence", silent]
  ] as const) {
    it.effect(
      `ends as an error with the first failure as the reason when the prefill is refused and the match is ${name}`,
      () =>
        Effect.gen(function* () {
          const refused = json(400, { error: { message: "prefix is not supported" } })
          const { content, result } = yield* play60((seen) => (isPrefill(seen) ? refused : answer))
          expect(content).toBe(tokens.slice(0, 40).join(""))
          expect(error(result).reason).toMatchObject({ _tag: "Broken", failure: { reason: { _tag: "Interrupted" } } })
        })
    )
  }

  it.effect(
    "does not go on after a tool call has started, after reasoning alone, or once the content was refused",
    () =>
      Effect.gen(function* () {
        const call = frame({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{" } }] })
        const thinking = frame({ reasoning_content: "hm" })
        const filtered = 'data: {"error":{"message":"x","code":"data_inspection_failed"}}\n\n'
        for (const begun of [text("a") + call, thinking]) {
          const cut: Play = [...openStream, [0, data(begun)], [0, broken()]]
          const result = yield* play(
            stream(collect().sink),
            (seen) => (isQwen(seen) ? cut : sse(text("b") + stop + done)),
            config
          )
          expect(error(result).reason._tag).toBe("Broken")
          expect(result.world.seen).toHaveLength(1)
        }
        const result = yield* play(
          stream(collect().sink),
          (seen) => (isQwen(seen) ? sse(text("a"), filtered) : sse(stop)),
          config
        )
        expect(result.world.seen).toHaveLength(1)
        expect(error(result).reason).toMatchObject({ failure: { reason: { _tag: "ContentFiltered" } } })
      })
  )

  it.effect("goes on again when the target that went on breaks too", () =>
    Effect.gen(function* () {
      const third = { type: "openai-compatible" as const, baseUrl: "http://third.test", prefill: true }
      const chain = [...continuing.fallback!, { provider: "third", model: "m" }]
      const using = options({
        providers: { ...options().providers, third },
        routes: [{ ...continuing, fallback: chain }]
      })
      const cut50: Play = [...openStream, ...frames(40, 50).map((piece) => [1, data(piece)] as const), [0, broken()]]
      const { content, result } = yield* play60(
        (seen) => (seen.origin.includes("third") ? sse(...frames(50, 60), stop + done) : cut50),
        using
      )
      expect(content).toBe(whole)
      expect(outcomes(value(result).trail)).toEqual([
        "qwen Interrupted after content",
        "deepseek Interrupted after content",
        "third ok"
      ])
    })
  )
})

describe("a folded answer", () => {
  const thinking = sse(role + frame({ reasoning_content: "hm" }), text("a") + text("b") + stop + done)

  it.effect("comes from a stream-only model for a caller who wants JSON, with reasoning kept apart", () =>
    Effect.gen(function* () {
      const route = { name: "qwq", match: { model: { exact: "qwq-32b" } }, targets: [{ provider: "qwen" }] }
      const result = yield* play(call("qwq-32b"), () => thinking, options({ routes: [route] }))
      expect(result.world.seen[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
      expect(value(result).completion.choices[0]?.message).toMatchObject({ content: "ab", reasoning_content: "hm" })
    })
  )

  it.effect("gives way to an ordinary model's JSON, and stands in for one", () =>
    Effect.gen(function* () {
      const route = (name: string, model: string, fallback: { provider: string; model: string }) => ({
        name,
        match: { model: { exact: model } },
        targets: [{ provider: model.startsWith("qw") ? "qwen" : "deepseek" }],
        fallback: [fallback]
      })
      const config = options({
        routes: [
          route("a", "qwq-32b", { provider: "deepseek", model: "deepseek-chat" }),
          route("b", "deepseek-chat", { provider: "qwen", model: "qwq-32b" })
        ]
      })
      const from = (broken: string) => (seen: Seen) =>
        seen.model === broken ? failed : isQwen(seen) ? thinking : ok(seen)
      const away = yield* play(call("qwq-32b"), from("qwq-32b"), config)
      expect(away.world.seen.map(({ body, model }) => [model, body["stream"] ?? false])).toEqual([
        ["qwq-32b", true],
        ["qwq-32b", true],
        ["deepseek-chat", false]
      ])
      expect(value(away).completion.choices[0]?.message.content).toBe("ok")
      const back = yield* play(call("deepseek-chat"), from("deepseek-chat"), config)
      expect(back.world.seen.at(-1)?.body).toMatchObject({ model: "qwq-32b", stream: true })
      expect(value(back).completion.choices[0]?.message).toMatchObject({ content: "ab", reasoning_content: "hm" })
    })
  )

  it.effect("is replaced by the fallback's JSON when the stream breaks after content", () =>
    Effect.gen(function* () {
      const route = {
        ...options().routes[0]!,
        upstream: "streamed" as const,
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
      const cut: Play = [...openStream, [0, data(text("a"))], [0, broken()]]
      const vendor = (seen: Seen): Play => (isQwen(seen) ? cut : sse(text("whole") + stop + done))
      const result = yield* play(call(), vendor, options({ routes: [route] }))
      expect(value(result).completion.choices[0]?.message.content).toBe("whole")
    })
  )
})

describe("Race", () => {
  it("gives the answer to the side whose content came first, and to no other", () => {
    const race = new Race()
    expect([race.claim("second"), race.claim("first"), race.claim("second")]).toEqual([true, false, true])
    expect(race.winner).toBe("second")
  })
})

describe("a hedge", () => {
  const slow = (seen: Seen, after: number): Play => json(200, completion(seen.model), {}, after)
  const slowStream = (after: number, content: string): Play => [
    ...openStream,
    [after, data(text(content))],
    [10, data(stop + done)],
    [0, end]
  ]
  const hedging = (more: object = {}) =>
    options({ routes: [{ ...options().routes[0]!, hedge: { after: "2s", percent: 100, ...more } }] })

  it.effect("starts the next target beside a slow one, takes the faster answer and aborts the loser", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => slow(seen, isQwen(seen) ? 60_000 : 500), hedging())
      expect(value(result).provider).toBe("deepseek")
      expect(result.world.seen.map(({ aborted, at }) => [at, aborted])).toEqual([
        [0, true],
        [2_000, false]
      ])
      expect(result.world.events).toEqual([])
    })
  )

  it.effect("keeps the first target where that answers first after all, and aborts the second", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), (seen) => slow(seen, isQwen(seen) ? 3_000 : 9_000), hedging())
      expect(value(result).provider).toBe("qwen")
      expect(result.world.seen.map(({ aborted }) => aborted)).toEqual([false, true])
    })
  )

  it.effect("delivers one stream only, whole, from whichever has content first", () =>
    Effect.gen(function* () {
      for (const [qwen, deepseek, winner] of [
        [9_000, 500, "b"],
        [2_500, 5_000, "a"],
        [2_500, 500, "ab"]
      ] as const) {
        const out = collect()
        const result = yield* play(
          stream(out.sink),
          (seen) => (isQwen(seen) ? slowStream(qwen, "a") : slowStream(deepseek, "b")),
          hedging()
        )
        value(result)
        const delivered = out.text().replace(stop, "")
        expect([text("a"), text("b")].filter((each) => winner.includes(each === text("a") ? "a" : "b"))).toContain(
          delivered
        )
        expect(out.log.filter((line) => line.startsWith("begin"))).toHaveLength(1)
      }
    })
  )

  it.effect("is not started when the first target is quick, has failed before, or the request has tools", () =>
    Effect.gen(function* () {
      const quick = yield* play(call(), (seen) => slow(seen, 1_000), hedging())
      expect(quick.world.seen).toHaveLength(1)
      const fallen = yield* play(call(), (seen) => (isQwen(seen) ? unauthorized : slow(seen, 5_000)), hedging())
      expect(outcomes(value(fallen).trail)).toEqual(["qwen Unauthorized", "qwen Unauthorized", "deepseek ok"])
      const tools = { tools: [{ type: "function", function: { name: "f" } }] }
      expect((yield* play(call("qwen-turbo", tools), (seen) => slow(seen, 5_000), hedging())).world.seen).toHaveLength(
        1
      )
      expect(
        (yield* play(call("qwen-turbo", tools), (seen) => slow(seen, 5_000), hedging({ tools: true }))).world.seen
      ).toHaveLength(2)
    })
  )

  it.effect("does not go round a provider that is to fail the call when its keys are out", () =>
    Effect.gen(function* () {
      const config = hedging()
      const qwen = { ...config.providers["qwen"]!, keyFailover: { whenExhausted: "fail" as const } }
      const vendor = (seen: Seen) => (isQwen(seen) ? unauthorized : ok(seen))
      const program = Effect.andThen(Effect.exit(call()), call())
      const result = yield* play(program, vendor, { ...config, providers: { ...config.providers, qwen } })
      expect(error(result).reason).toMatchObject({ _tag: "NoTarget", route: "aliyun" })
    })
  )

  it.effect("stays within its budget in percent of the traffic", () =>
    Effect.gen(function* () {
      const program = Effect.forEach(Array.from({ length: 100 }), () => call())
      const result = yield* play(program, (seen) => slow(seen, 5_000), hedging({ percent: 5 }))
      expect(result.world.seen.filter((seen) => !isQwen(seen)).length).toBeLessThanOrEqual(6)
    })
  )

  it.effect("takes its delay from the route's own times to first content once it has enough of them", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const program = Effect.gen(function* () {
        for (let nth = 0; nth < 20; nth++) yield* call()
        return yield* call()
      })
      const vendor = (seen: Seen, nth: number) => slow(seen, nth === 21 ? 60_000 : isQwen(seen) ? 300 : 100)
      const result = yield* play(program, vendor, hedging({ after: "p95" }), world)
      expect(value(result).provider).toBe("deepseek")
      expect(world.seen[21]!.at - world.seen[20]!.at).toBe(300)
    })
  )

  it.effect("ends with the first target's answer when the second one fails, and the other way round", () =>
    Effect.gen(function* () {
      const second = yield* play(call(), (seen) => (isQwen(seen) ? slow(seen, 6_000) : failed), hedging())
      expect(value(second).provider).toBe("qwen")
      const first: Play = [
        [0, connected],
        [4_000, broken()]
      ]
      const result = yield* play(call(), (seen) => (isQwen(seen) ? first : slow(seen, 12_000)), hedging())
      expect(value(result).provider).toBe("deepseek")
    })
  )

  it.effect("leaves no request behind when the caller leaves", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const program = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(call())
        yield* Effect.sleep(3_000)
        yield* Fiber.interrupt(fiber)
      })
      value(yield* play(program, () => silent, hedging(), world))
      expect(world.seen.map(({ aborted }) => aborted)).toEqual([true, true])
    })
  )
})

describe("a retry budget", () => {
  it.effect("keeps an outage from being multiplied", () =>
    Effect.gen(function* () {
      const never = { consecutiveFailures: 1_000_000, failureRate: 1, minimumCalls: 1_000_000 }
      const providers = { ...options().providers, qwen: { ...options().providers["qwen"]!, circuit: never } }
      const program = Effect.forEach(Array.from({ length: 200 }), () => call())
      const result = yield* play(program, (seen) => (isQwen(seen) ? failed : ok(seen)), options({ providers }))
      // 200 calls, the reserve of 10, and a fifth of the traffic.
      expect(result.world.seen.filter(isQwen).length).toBeLessThanOrEqual(200 + 10 + 40)
    })
  )
})

describe("balance: latency", () => {
  it.effect("moves the traffic to the faster of two targets, and still tries the slower one now and then", () =>
    Effect.gen(function* () {
      const route = {
        ...options().routes[0]!,
        targets: [{ provider: "qwen" }, { provider: "deepseek", model: "deepseek-chat" }],
        fallback: [],
        balance: "latency" as const
      }
      const vendor = (seen: Seen): Play => json(200, completion(seen.model), {}, isQwen(seen) ? 2_000 : 200)
      const program = Effect.forEach(Array.from({ length: 100 }), () => call())
      const { world } = yield* play(program, vendor, options({ routes: [route] }))
      const slowOnes = world.seen.filter(isQwen).length
      expect(slowOnes).toBeGreaterThan(0)
      expect(slowOnes).toBeLessThan(25)
    })
  )
})

describe("Understudy.models", () => {
  it.effect(
    "lists what providers list and routes take, and has none where no key gets one, and asks again the next time",
    () =>
      Effect.gen(function* () {
        const world = makeWorld()
        const vendor = (seen: Seen, nth: number): Play =>
          nth <= 3
            ? overloaded
            : json(200, { data: [{ id: isQwen(seen) ? "qwen-max" : "deepseek-chat" }, { id: "other" }] })
        const program = Effect.gen(function* () {
          const { models } = yield* Understudy
          const none = yield* Effect.flip(models)
          expect(none.reason).toMatchObject({ _tag: "NoTarget", route: "aliyun" })
          const lists = [yield* models, yield* models]
          return lists.map((list) => list.map(({ id, provider }) => `${provider}/${id}`))
        })
        const lists = value(yield* play(program, vendor, undefined, world))
        expect(lists).toEqual([
          ["deepseek/deepseek-chat", "qwen/qwen-max"],
          ["deepseek/deepseek-chat", "qwen/qwen-max"]
        ])
        expect(world.seen).toHaveLength(5)
      })
  )
})

describe("Understudy.explain", () => {
  it.effect(
    "says which route is taken and why the others are not, the targets and keys with their state, and what each reason does",
    () =>
      Effect.gen(function* () {
        const exact = {
          name: "max",
          match: { model: { exact: "qwen-max" }, consumers: ["demo"] },
          targets: [{ provider: "qwen" }],
          on: { ContentFiltered: { fallback: true } }
        }
        const program = Effect.gen(function* () {
          const understudy = yield* Understudy
          yield* call()
          return [
            yield* understudy.explain({ model: "qwen-max", consumer: "demo" }),
            yield* understudy.explain({ model: "qwen-max" })
          ] as const
        })
        const vendor = (seen: Seen) => (isQwen(seen) ? unauthorized : ok(seen))
        const [ours, theirs] = value(yield* play(program, vendor, options({ routes: [...options().routes, exact] })))
        expect(ours.route).toBe("max")
        expect(ours.considered.map(({ because }) => because)).toEqual([
          "taken",
          "model is not deepseek-*",
          "a more specific or earlier route is taken: max"
        ])
        expect(ours.targets[0]).toMatchObject({ provider: "qwen", usable: false, circuit: "Closed" })
        expect(ours.targets[0]?.keys).toMatchObject([
          { state: "Removed", reason: "Unauthorized", dueIn: 5_000 },
          { state: "Removed" }
        ])
        expect(ours.decisions.ContentFiltered?.fallback).toBe(true)
        expect(theirs.route).toBe("aliyun")
        expect(theirs.considered[0]?.because).toBe("consumer is not one of demo")
        expect(theirs.targets.map(({ role }) => role)).toEqual(["target", "fallback"])
        expect(JSON.stringify([ours, theirs])).not.toContain("sk-demo")
      })
  )
})

describe("Understudy.reload", () => {
  it.effect("takes the new routes, and keeps what is known of the keys", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const keyFailover = { healthCheckInterval: "1h" }
      const config = options({
        providers: { ...options().providers, qwen: { ...options().providers["qwen"]!, keyFailover } }
      })
      const more = options({
        providers: { ...config.providers, qwen: { ...config.providers["qwen"]!, keys: ["sk-demo-q3", "sk-demo-q1"] } },
        routes: [
          ...config.routes,
          { name: "other", match: { model: { exact: "other" } }, targets: [{ provider: "deepseek" }] }
        ]
      })
      const program = Effect.gen(function* () {
        const understudy = yield* Understudy
        for (let nth = 0; nth < 10; nth++) yield* call()
        yield* understudy.reload(yield* UnderstudyConfig.fromOptions(more))
        for (let nth = 0; nth < 10; nth++) yield* call()
        yield* call("other")
        return [understudy.config.routes.length, yield* understudy.keys] as const
      })
      const result = yield* play(
        program,
        (seen) => (seen.key === "sk-demo-q1" ? unauthorized : ok(seen)),
        config,
        world
      )
      const [routes, keys] = value(result)
      expect(routes).toBe(3)
      expect(path(world).filter((each) => each.endsWith("#q1"))).toHaveLength(1)
      expect(path(world).filter((each) => each.endsWith("#q3"))).toHaveLength(10)
      expect(keys[0]?.keys.map(({ state }) => state._tag)).toEqual(["Available", "Removed"])
    })
  )

  it.effect("probes a key that a call from before the reload takes out", () =>
    Effect.gen(function* () {
      const late = json(401, { error: { message: "bad", code: "invalid_api_key" } }, {}, 2_000)
      const vendor = (seen: Seen): Play =>
        seen.path.endsWith("/user/balance") ? json(200, { is_available: true }) : late
      const program = Effect.gen(function* () {
        const understudy = yield* Understudy
        const fiber = yield* Effect.forkChild(Effect.exit(call("deepseek-chat")))
        yield* Effect.sleep(1_000)
        yield* understudy.reload(yield* UnderstudyConfig.fromOptions(options()))
        yield* Fiber.join(fiber)
        const removed = yield* understudy.keys
        yield* Effect.sleep(10_000)
        return [removed, yield* understudy.keys].map((keys) => keys[1]?.keys[0]?.state._tag)
      })
      expect(value(yield* play(program, vendor))).toEqual(["Removed", "Available"])
    })
  )

  it.effect("goes on probing the keys that were out, and lets calls under way end", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen): Play => {
        if (seen.path.endsWith("/models")) return json(200, { data: [] })
        return seen.key === "sk-demo-q1" && seen.at === 0 ? unauthorized : json(200, completion(seen.model), {}, 2_000)
      }
      const program = Effect.gen(function* () {
        const understudy = yield* Understudy
        const fiber = yield* Effect.forkChild(Effect.forEach([1, 2, 3, 4], () => call(), { concurrency: 4 }))
        yield* Effect.sleep(1_000)
        yield* understudy.reload(yield* UnderstudyConfig.fromOptions(options()))
        const answers = yield* Fiber.join(fiber)
        yield* Effect.sleep(10_000)
        return [answers.length, yield* understudy.keys] as const
      })
      const [answers, keys] = value(yield* play(program, vendor, undefined, world))
      expect(answers).toBe(4)
      expect(keys.flatMap((each) => each.keys.map(({ state }) => state._tag))).toEqual([
        "Available",
        "Available",
        "Available"
      ])
    })
  )
})

describe("aliases", () => {
  it.effect("ask for the model that stands for a retired name, and the trail says what was really asked", () =>
    Effect.gen(function* () {
      const aliases = { "deepseek-chat": { model: "deepseek-flash", extraBody: { thinking: { type: "disabled" } } } }
      const providers = { ...options().providers, deepseek: { ...options().providers["deepseek"]!, aliases } }
      const result = yield* play(call("deepseek-chat"), ok, options({ providers }))
      expect(result.world.seen[0]?.body).toMatchObject({ model: "deepseek-flash", thinking: { type: "disabled" } })
      expect(value(result).trail[0]?.model).toBe("deepseek-flash")
      const own = yield* play(call("deepseek-chat", { thinking: { type: "enabled" } }), ok, options({ providers }))
      expect(own.world.seen[0]?.body).toMatchObject({ thinking: { type: "enabled" } })
    })
  )
})
