import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import { Failover } from "../src/failover/Failover.ts"
import { call, collect, isQwen, ok, outcomes, play, stream, value, withLuck } from "./play.ts"
import {
  completion,
  connected,
  data,
  done,
  json,
  makeWorld,
  openStream,
  options,
  type Play,
  refused,
  request,
  type Seen,
  silent,
  stop,
  text
} from "./support.ts"

const busy = (after: number): Play => json(503, { error: { message: "busy" } }, {}, after)

/** A minute of outage at the first target under one call a second; what reached it, and when it was first well again. */
const outage = (fault: Play) =>
  Effect.gen(function* () {
    const world = makeWorld()
    const vendor = (seen: Seen) => (isQwen(seen) && seen.at < 60_000 ? fault : ok(seen))
    const program = Effect.gen(function* () {
      for (let second = 0; second < 100; second++) {
        yield* call()
        yield* Effect.sleep(1_000)
      }
    })
    value(yield* play(program, vendor, undefined, world))
    const asked = world.seen.filter(isQwen).map(({ at }) => at)
    return { during: asked.filter((at) => at < 60_000), back: asked.find((at) => at >= 60_000) ?? Number.NaN }
  })

describe("a target after a minute of outage", () => {
  it.effect.each([
    ["refuses connections", refused],
    ["says at once that it is busy", busy(0)],
    ["says within half a second that it is busy", busy(500)],
    ["answers with nothing", json(200, "\n\n")]
  ] as const)("is in use again within 15 s where it %s, for ten requests or fewer", ([_, fault]) =>
    Effect.gen(function* () {
      const { back, during } = yield* outage(fault)
      expect(during.length).toBeLessThanOrEqual(10)
      expect(back).toBeLessThanOrEqual(75_000)
    })
  )

  it.effect("is left alone for longer and longer where each look at it costs a caller seconds", () =>
    Effect.gen(function* () {
      const { during } = yield* outage(busy(3_000))
      expect(during.length).toBeLessThanOrEqual(8)
    })
  )
})

describe("the probe of a circuit", () => {
  const quick = (more: object = {}): UnderstudyOptions => {
    const base = options()
    return options({
      providers: {
        ...base.providers,
        qwen: { ...base.providers["qwen"]!, circuit: { consecutiveFailures: 1, openDuration: "1s" } }
      },
      routes: [{ ...base.routes[0]!, ...more }]
    })
  }

  /** Opens Qwen's circuit and lets its time pass. */
  const opened = Effect.andThen(call(), Effect.sleep(1_100))

  it.effect("is free for the next call at once when its caller leaves", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen): Play => {
        if (!isQwen(seen)) return ok(seen)
        return seen.at < 1_000 ? refused : seen.at < 2_000 ? silent : ok(seen)
      }
      const program = Effect.gen(function* () {
        yield* opened
        const fiber = yield* Effect.forkChild(call())
        yield* Effect.sleep(500)
        yield* Fiber.interrupt(fiber)
        yield* Effect.sleep(500)
        return yield* call()
      })
      const { trail } = value(yield* play(program, vendor, quick(), world))
      expect(outcomes(trail)).toEqual(["qwen ok"])
    })
  )

  it.effect("is free for the next call when a defect ends it", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen): Play => {
        if (!isQwen(seen)) return ok(seen)
        if (seen.at < 1_000) return refused
        if (seen.at < 2_000) throw new Error("the transport is broken")
        return ok(seen)
      }
      const program = Effect.gen(function* () {
        yield* opened
        const died = yield* Effect.exit(call())
        expect(Exit.hasDies(died)).toBe(true)
        yield* Effect.sleep(1_000)
        return yield* call()
      })
      const { trail } = value(yield* play(program, vendor, quick(), world))
      expect(outcomes(trail)).toEqual(["qwen ok"])
    })
  )

  it.effect("is over with the first content: a long stream keeps nobody else out", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const long: Play = [...openStream, [0, data(text("a"))], [9_000, data(stop + done)]]
      const vendor = (seen: Seen): Play => {
        if (!isQwen(seen)) return ok(seen)
        if (seen.at < 1_000) return refused
        return seen.body["stream"] === true ? long : ok(seen)
      }
      const program = Effect.gen(function* () {
        yield* opened
        const fiber = yield* Effect.forkChild(stream(collect().sink))
        yield* Effect.sleep(100)
        const failover = yield* Failover
        const answers = yield* Effect.forEach(Array.from({ length: 5 }), () => failover.call({ request: request() }))
        yield* Fiber.join(fiber)
        return answers.filter(({ provider }) => provider === "qwen").length
      })
      expect(value(yield* play(withLuck(0)(program), vendor, quick(), world))).toBe(5)
    })
  )

  it.effect("gives its place in the count of calls under way back as well, under balance: latency", () =>
    Effect.gen(function* () {
      const targets = [{ provider: "qwen" }, { provider: "deepseek", model: "deepseek-chat" }]
      const config = options({
        routes: [{ ...options().routes[0]!, targets, fallback: [], balance: "latency" as const }]
      })
      const world = makeWorld()
      const slow = (seen: Seen): Play =>
        seen.at < 1_000 ? json(200, completion(seen.model), {}, isQwen(seen) ? 100 : 120) : [[0, connected]]
      const vendor = (seen: Seen): Play => (seen.at < 5_000 ? slow(seen) : ok(seen))
      const program = Effect.gen(function* () {
        yield* Effect.forEach([1, 2, 3, 4], () => call())
        yield* Effect.sleep(1_000)
        for (let nth = 0; nth < 50; nth++) {
          const fiber = yield* Effect.forkChild(call())
          yield* Effect.sleep(10)
          yield* Fiber.interrupt(fiber)
        }
        // Fifty callers who left leave both targets as they were: the faster one is still the first.
        yield* Effect.sleep(3_000)
        return yield* Effect.forEach(Array.from({ length: 10 }), () => call())
      })
      const answers = value(yield* play(program, vendor, config, world))
      expect(answers.map(({ provider }) => provider)).toContain("qwen")
      const left = world.seen.filter(({ at }) => at >= 1_000 && at < 5_000)
      expect(left.filter(isQwen).length).toBeGreaterThan(25)
    })
  )
})
