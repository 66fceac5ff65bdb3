import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Understudy } from "../../src/Understudy.ts"
import { call, collect, isQwen, ok, outcomes, play, stream, value } from "../play.ts"
import {
  completion,
  done,
  failed,
  json,
  makeWorld,
  options,
  overloaded,
  type Play,
  type Seen,
  silent,
  sse,
  stop,
  text
} from "../support.ts"

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
