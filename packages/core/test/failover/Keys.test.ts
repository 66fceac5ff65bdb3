import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { UnderstudyOptions } from "../../src/config/Options.ts"
import { outcomeOf } from "../../src/failure/Trail.ts"
import { call, error, isQwen, ok, outcomes, play, value, withLuck } from "../play.ts"
import { json, makeWorld, options, type Play, path, type Seen, unauthorized } from "../support.ts"

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
      expect(value(result).trail.map(outcomeOf)).toEqual(["ok"])
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
