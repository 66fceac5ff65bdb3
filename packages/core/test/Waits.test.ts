import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Trail } from "../src/failure/Trail.ts"
import { jittered } from "../src/internal/call/Call.ts"
import { Understudy } from "../src/Understudy.ts"
import { call, error, isQwen, ok, outcomes, play, value, withLuck } from "./play.ts"
import { json, makeWorld, options, type Play, path, type Seen } from "./support.ts"

const limited = (headers: Record<string, string> = {}, after = 0): Play =>
  json(429, { error: { message: "slow down", code: "limit_requests" } }, headers, after)
const busy = (headers: Record<string, string> = {}): Play => json(503, { error: { message: "busy" } }, headers)

/** A route over DeepSeek alone, with one key. */
const alone = (more: object = {}) => options({ routes: [{ ...options().routes[1]!, ...more }] })

/** Qwen with one key, DeepSeek behind it. */
const chain = (more: object = {}) =>
  options({
    providers: { ...options().providers, qwen: { type: "qwen", baseUrl: "http://qwen.test/v1", keys: ["sk-demo-q1"] } },
    routes: [{ ...options().routes[0]!, ...more }]
  })

const first = (play: Play) => (seen: Seen, nth: number) => (nth === 1 ? play : ok(seen))
const times = ({ world }: { readonly world: { readonly seen: ReadonlyArray<Seen> } }) => world.seen.map(({ at }) => at)

describe("jittered", () => {
  const luck = (draw: number) => ({ nextIntUnsafe: () => 0, nextDoubleUnsafe: () => draw })

  it("is never shorter than the stated wait, and up to a fifth longer, by 250 ms at least", () => {
    expect([0, 100, 1_000, 5_000].map((stated) => jittered(stated, 60_000, luck(0)))).toEqual([0, 100, 1_000, 5_000])
    expect([0, 100, 1_000, 5_000].map((stated) => jittered(stated, 60_000, luck(0.9999)))).toEqual([
      250, 350, 1_250, 6_000
    ])
  })

  it("keeps to the bound as far as that leaves a jitter", () => {
    expect(jittered(9_500, 10_000, luck(0.9999))).toBe(10_000)
    expect(jittered(10_000, 10_000, luck(0.9999))).toBe(10_250)
  })
})

describe("a limit with another target behind it", () => {
  it.effect.each([
    ["2 s in seconds", { "retry-after": "2" }, 2_000],
    ["1.5 s in milliseconds", { "retry-after-ms": "1500" }, 1_500],
    ["the reset of the limit", { "x-ratelimit-reset-requests": "1s", "x-ratelimit-remaining-requests": "0" }, 1_000],
    ["a date", { "retry-after": "Thu, 01 Jan 1970 00:00:03 GMT" }, 3_000]
  ] as const)("is waited for when it states %s", ([_, headers, millis]) =>
    Effect.gen(function* () {
      const result = yield* play(withLuck(0)(call()), first(limited(headers)), chain())
      expect(outcomes(value(result).trail)).toEqual(["qwen RateLimited", "qwen ok"])
      expect(times(result)).toEqual([0, millis])
      expect(value(result).trail[0]?.next).toEqual({ _tag: "Again", after: millis })
    })
  )

  it.effect.each([
    ["more than waitUpTo", { "retry-after": "4" }],
    ["nothing", {}],
    ["nonsense", { "retry-after": "-1" }],
    ["a list", { "retry-after": "1, 1" }]
  ] as const)("is left for that target at once when it states %s", ([_, headers]) =>
    Effect.gen(function* () {
      const result = yield* play(call(), first(limited(headers)), chain())
      expect(outcomes(value(result).trail)).toEqual(["qwen RateLimited", "deepseek ok"])
      expect(times(result)).toEqual([0, 0])
    })
  )

  it.effect("brings sixty callers back apart from one another, none before its time", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen): Play => (seen.at < 2_000 ? limited({ "retry-after": "2" }, 100) : ok(seen))
      const crowd = Effect.forEach(Array.from({ length: 60 }), () => call(), { concurrency: "unbounded" })
      value(yield* play(Random.withSeed(crowd, "crowd"), vendor, chain(), world))
      const back = world.seen.filter((seen) => isQwen(seen) && seen.at > 0).map(({ at }) => at)
      expect(back).toHaveLength(60)
      expect(Math.min(...back)).toBeGreaterThanOrEqual(2_100)
      expect(Math.max(...back) - Math.min(...back)).toBeGreaterThan(150)
      const busiest = Math.max(...back.map((at) => back.filter((other) => other >= at && other < at + 50).length))
      expect(busiest).toBeLessThan(30)
    })
  )
})

describe("a limit with nowhere else to go", () => {
  it.effect.each([
    ["5 s", "5", {}, 5_000],
    ["10 s", "10", {}, 10_000],
    ["20 s where the route waits so long", "20", { waitAlone: "20s" }, 20_000]
  ] as const)("is waited for when it states %s", ([_, seconds, route, millis]) =>
    Effect.gen(function* () {
      const result = yield* play(
        withLuck(0)(call("deepseek-chat")),
        first(limited({ "retry-after": seconds })),
        alone(route)
      )
      expect(outcomes(value(result).trail)).toEqual(["deepseek RateLimited", "deepseek ok"])
      expect(times(result)).toEqual([0, millis])
      expect(value(result).trail[0]?.next).toEqual({ _tag: "Again", after: millis })
    })
  )

  it.effect.each([
    ["11 s", "11", {}, 11_000],
    ["5 s where the route waits for 2 s", "5", { waitAlone: "2s" }, 5_000],
    ["a day, of which an hour counts", "86400", {}, 3_600_000]
  ] as const)(
    "is told at once when it states %s, to this call and to the next, which asks nobody",
    ([_, seconds, route, millis]) =>
      Effect.gen(function* () {
        const program = Effect.all([Effect.flip(call("deepseek-chat")), Effect.flip(call("deepseek-chat"))])
        const result = yield* play(program, () => limited({ "retry-after": seconds }), alone(route))
        const [one, two] = value(result)
        expect([one, two].map((each) => each._tag === "FailoverError" && each.reason)).toEqual([
          { _tag: "Limited", retryAfter: millis },
          { _tag: "Limited", retryAfter: millis }
        ])
        expect(outcomes((two as typeof one & { trail: [] }).trail)).toEqual(["deepseek skipped(no usable key)"])
        expect([times(result), result.now]).toEqual([[0], 50])
      })
  )

  it.effect("says 429 as well where the provider is to fail calls whose keys are out", () =>
    Effect.gen(function* () {
      const deepseek = { ...options().providers["deepseek"]!, keyFailover: { whenExhausted: "fail" as const } }
      const config = { ...alone(), providers: { ...options().providers, deepseek } }
      const program = Effect.andThen(Effect.exit(call("deepseek-chat")), call("deepseek-chat"))
      const result = yield* play(program, () => limited({ "retry-after": "30" }), config)
      expect(error(result).reason).toEqual({ _tag: "Limited", retryAfter: 30_000 })
    })
  )

  it.effect("does not wait in pieces for longer than in one", () =>
    Effect.gen(function* () {
      const config = alone({ waitAlone: "4s" })
      const result = yield* play(call("deepseek-chat"), () => limited({ "retry-after": "3" }), config)
      expect(error(result).reason._tag).toBe("Limited")
      expect(times(result)).toHaveLength(2)
      expect(result.now).toBeLessThan(4_000)
    })
  )

  it.effect(
    "looks at all of them anew after a wait: another may be well by then, the one waited for limited again",
    () =>
      Effect.gen(function* () {
        const world = makeWorld()
        const broken = json(401, { error: { message: "bad", code: "invalid_api_key" } })
        const vendor = (seen: Seen): Play => {
          if (seen.path.endsWith("/user/balance")) return json(200, { is_available: true })
          if (isQwen(seen)) return limited({ "retry-after": "8" })
          return seen.at < 1_000 ? broken : ok(seen)
        }
        const program = Effect.gen(function* () {
          // Limits Qwen until 8 s, and takes DeepSeek's key out until its probe at 5 s.
          yield* Effect.exit(call())
          return yield* call()
        })
        const { trail } = value(yield* play(withLuck(0)(program), vendor, chain(), world))
        expect(trail.map(({ provider }) => provider).at(-1)).toBe("deepseek")
      })
  )

  it.effect("is no reason to leave a forbidden key alone, whose time nobody stated", () =>
    Effect.gen(function* () {
      const forbidden = json(403, { error: { message: "Access denied" } })
      const program = Effect.andThen(Effect.exit(call("deepseek-chat")), call("deepseek-chat"))
      const result = yield* play(program, first(forbidden), alone())
      expect(outcomes(value(result).trail)).toEqual(["deepseek skipped(no usable key)", "deepseek ok"])
      expect(result.now).toBeLessThan(200)
    })
  )
})

describe("the last resort", () => {
  it.effect("asks a target whose key works before one whose key is forbidden, whatever their order", () =>
    Effect.gen(function* () {
      const base = options()
      const qwen = { ...base.providers["qwen"]!, circuit: { consecutiveFailures: 1 } }
      const route = { ...base.routes[1]!, fallback: [{ provider: "qwen", model: "qwen-turbo" }] }
      const forbidden = json(403, { error: { message: "Access denied" } })
      const vendor = (seen: Seen): Play => (isQwen(seen) ? busy() : forbidden)
      const program = Effect.andThen(Effect.exit(call("deepseek-chat")), Effect.flip(call("deepseek-chat")))
      const { trail } = value(
        yield* play(program, vendor, { ...base, providers: { ...base.providers, qwen }, routes: [route] })
      ) as { readonly trail: Trail }
      expect(outcomes(trail)).toEqual([
        "deepseek skipped(no usable key)",
        "qwen skipped(circuit open)",
        "qwen Overloaded",
        "deepseek PermissionDenied"
      ])
    })
  )
})

describe("a provider that waits for its keys", () => {
  it.effect("waits on when the key is limited again meanwhile, and asks nobody before its time", () =>
    Effect.gen(function* () {
      const deepseek = { ...options().providers["deepseek"]!, keyFailover: { whenExhausted: "wait" as const } }
      const config = { ...alone(), providers: { ...options().providers, deepseek } }
      const vendor = (seen: Seen, nth: number) => (nth <= 2 ? limited({ "retry-after": "20" }) : ok(seen))
      const waits = Effect.gen(function* () {
        yield* Effect.exit(call("deepseek-chat"))
        return yield* Effect.all([call("deepseek-chat"), Effect.exit(call("deepseek-chat"))], {
          concurrency: "unbounded"
        })
      })
      const result = yield* play(Random.withSeed(waits, "wait"), vendor, config)
      value(result)
      const [, second = 0, ...later] = times(result)
      expect(second).toBeGreaterThanOrEqual(20_000)
      for (const at of later) expect(at).toBeGreaterThanOrEqual(second + 20_000)
    })
  )
})

describe("a jitter for which there is no time", () => {
  it.effect.each([
    ["a stated wait", {}, {}],
    ["a wait for the keys", { whenExhausted: "wait" as const }, {}]
  ] as const)("is left out of %s, so that the call still has its chance", ([_, keyFailover]) =>
    Effect.gen(function* () {
      const deepseek = { ...options().providers["deepseek"]!, keyFailover }
      const config = { ...alone({ deadlines: { total: "2100ms" } }), providers: { ...options().providers, deepseek } }
      const vendor = (seen: Seen, nth: number) => (nth === 1 ? limited({ "retry-after": "2" }) : ok(seen))
      const program = Effect.andThen(Effect.exit(Effect.timeout(call("deepseek-chat"), 1)), call("deepseek-chat"))
      const result = yield* play(withLuck(0.999)(program), vendor, config)
      expect(outcomes(value(result).trail)).toContain("deepseek ok")
    })
  )
})

describe("a busy server", () => {
  it.effect("is asked again when it said to be, where that is within waitUpTo", () =>
    Effect.gen(function* () {
      const result = yield* play(withLuck(0)(call()), first(busy({ "retry-after": "2" })), chain())
      expect(outcomes(value(result).trail)).toEqual(["qwen Overloaded", "qwen ok"])
      expect(times(result)).toEqual([0, 2_000])
    })
  )

  it.effect("is left for the next target when it said to come back later than that", () =>
    Effect.gen(function* () {
      const result = yield* play(call(), first(busy({ "retry-after": "30" })), chain())
      expect(outcomes(value(result).trail)).toEqual(["qwen Overloaded", "deepseek ok"])
      expect(times(result)).toEqual([0, 0])
    })
  )

  it.effect("is asked again after a moment when it said nothing that can be read", () =>
    Effect.gen(function* () {
      const result = yield* play(withLuck(0)(call()), first(busy({ "retry-after": "soon" })), chain())
      expect(times(result)).toEqual([0, 100])
    })
  )

  it.effect("is no limit: its headers about limits say nothing of when it is well", () =>
    Effect.gen(function* () {
      const result = yield* play(withLuck(0)(call()), first(busy({ "x-ratelimit-reset-requests": "60s" })), chain())
      expect(times(result)).toEqual([0, 100])
    })
  )
})

describe("a stated wait", () => {
  it.effect("keeps a circuit open up to openCap, and no longer", () =>
    Effect.gen(function* () {
      const qwen = { ...chain().providers["qwen"]!, circuit: { consecutiveFailures: 1, openCap: "30s" } }
      const program = Effect.gen(function* () {
        yield* call()
        yield* Effect.sleep(29_000)
        yield* call()
        yield* Effect.sleep(2_000)
        yield* call()
        return yield* (yield* Understudy).keys
      })
      const vendor = (seen: Seen) => (isQwen(seen) && seen.at < 1_000 ? busy({ "retry-after": "86400" }) : ok(seen))
      const result = yield* play(program, vendor, { ...chain(), providers: { ...chain().providers, qwen } })
      value(result)
      expect(path(result.world).map((each) => each.split("/")[0])).toEqual(["qwen", "deepseek", "deepseek", "qwen"])
    })
  )
})
