import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Race } from "../../src/internal/call/Race.ts"
import { call, collect, error, isQwen, ok, outcomes, play, stream, value } from "../play.ts"
import {
  broken,
  completion,
  connected,
  data,
  done,
  end,
  failed,
  json,
  makeWorld,
  openStream,
  options,
  type Play,
  type Seen,
  silent,
  stop,
  text,
  unauthorized
} from "../support.ts"

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
