import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Flow } from "../../src/failover/Failover.ts"
import { maxAnswer } from "../../src/internal/exchange/AnswerReader.ts"
import { maxErrorBody } from "../../src/internal/exchange/Exchange.ts"
import type { Head } from "../../src/internal/exchange/Sink.ts"
import { maxFrame, maxHeld } from "../../src/internal/exchange/StreamReader.ts"
import type { UpstreamHandler } from "../../src/upstream/Upstream.ts"
import { call, collect, error, isQwen, outcomes, play, stream, value } from "../play.ts"
import {
  completion,
  connected,
  data,
  done,
  end,
  json,
  makeWorld,
  openStream,
  options,
  type Play,
  role,
  type Seen,
  sse,
  stop,
  text
} from "../support.ts"

const megabyte = 1024 * 1024
const blank = Buffer.alloc(megabyte, 0x20)
const letters = Buffer.alloc(megabyte, 0x61)

const answered = (status: number): Play => [
  [0, connected],
  [0, (handler) => handler.onHeaders(status, { "content-type": "application/json" })]
]

/** The same piece again and again, and never an end. */
const endless = (piece: Buffer, bytes: number): Play =>
  Array.from(
    { length: Math.ceil(bytes / piece.length) + 1 },
    () => [0, (handler: UpstreamHandler) => handler.onData(piece)] as const
  )

describe("the bound", () => {
  it.effect("on an error's body ends the attempt with the words so far, and closes the connection", () =>
    Effect.gen(function* () {
      const long: Play = [...answered(400), [0, data("too hot ")], ...endless(letters.subarray(0, 4096), maxErrorBody)]
      const result = yield* play(call(), () => long)
      expect(error(result).reason).toMatchObject({ _tag: "Rejected", failure: { vendor: { status: 400 } } })
      expect(error(result).message).toContain("too hot aaa")
      expect([result.now <= 100, result.world.seen[0]?.aborted]).toEqual([true, true])
    })
  )

  it.effect("on an error's body is not reached by an error of ordinary length", () =>
    Effect.gen(function* () {
      const words = `${"a".repeat(maxErrorBody - 100)}`
      const late: Play = [
        ...answered(400),
        [0, data(`{"error":{"code":"context_length_exceeded","pad":"${words}",`)],
        [5_000, data('"message":"too long"}}')],
        [0, end]
      ]
      const vendor = (seen: Seen) => (isQwen(seen) ? late : json(200, completion(seen.model)))
      expect(outcomes(value(yield* play(call(), vendor)).trail)[0]).toBe("qwen ContextTooLong")
    })
  )

  it.effect("on a JSON answer moves to the next target", () =>
    Effect.gen(function* () {
      const long: Play = [...answered(200), [0, data("{")], ...endless(blank, maxAnswer)]
      const result = yield* play(call(), (seen) => (isQwen(seen) ? long : json(200, completion(seen.model))))
      expect(value(result).trail[0]).toMatchObject({
        reason: { _tag: "MalformedResponse" },
        message: expect.stringContaining(`${maxAnswer}`)
      })
      expect(result.world.seen[0]?.aborted).toBe(true)
    })
  )

  it.effect("on one frame moves to the next target before content, and breaks the stream behind it", () =>
    Effect.gen(function* () {
      const frame = [[0, data("data: ")] as const, ...endless(letters, maxFrame)]
      const vendor = (seen: Seen) => (isQwen(seen) ? [...openStream, ...frame] : sse(text("b") + stop + done))
      const before = yield* play(stream(collect().sink), vendor)
      expect(outcomes(value(before).trail)[0]).toBe("qwen MalformedResponse")
      expect(before.world.seen[0]?.aborted).toBe(true)
      const after = yield* play(stream(collect().sink), () => [...openStream, [0, data(text("a"))], ...frame])
      expect(outcomes(error(after).trail)).toEqual(["qwen Interrupted after content"])
    })
  )

  it.effect("on one frame is not reached by a large one that ends", () =>
    Effect.gen(function* () {
      const large = text("a".repeat(3 * megabyte))
      const out = collect()
      value(yield* play(stream(out.sink), () => sse(large.slice(0, megabyte), large.slice(megabyte), stop + done)))
      expect(out.text()).toBe(large + stop)
    })
  )

  it.effect("on what is held back moves to the next target", () =>
    Effect.gen(function* () {
      const route = { ...options().routes[0]!, delivery: "buffered" as const }
      const piece = Buffer.from(text("a".repeat(megabyte)))
      const vendor = (seen: Seen) =>
        isQwen(seen) ? [...openStream, ...endless(piece, maxHeld)] : sse(text("b") + stop + done)
      const result = yield* play(stream(collect().sink), vendor, options({ routes: [route] }))
      expect(outcomes(value(result).trail)[0]).toBe("qwen MalformedResponse")
    })
  )
})

describe("a socket behind a whole answer", () => {
  const whole: Play = [...openStream, [0, data(text("a") + stop + done)]]

  it.effect("is closed when its end does not come within a second", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const program = Effect.gen(function* () {
        yield* stream(collect().sink)
        yield* Effect.sleep(900)
        const early = world.seen[0]?.aborted
        yield* Effect.sleep(200)
        return [early, world.seen[0]?.aborted]
      })
      expect(value(yield* play(program, () => whole, undefined, world))).toEqual([false, true])
    })
  )

  it.effect("is left alone when its end comes in time, and what came before that is for nobody", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const out = collect()
      const program = Effect.andThen(stream(out.sink), Effect.sleep(5_000))
      value(yield* play(program, () => [...whole, [500, data(text("x"))], [0, end]], undefined, world))
      expect(world.seen[0]?.aborted).toBe(false)
      expect(out.text()).toBe(text("a") + stop)
    })
  )
})

describe("a slow reader", () => {
  /** Stops the flow with the first content, and lets it go on a minute later. */
  const resting = (rest: Play) =>
    Effect.gen(function* () {
      let flow: Flow | undefined
      const out = collect()
      const slow = {
        begin: (head: Head, given: Flow) => {
          flow = given
          out.sink.begin(head, given)
          given.pause()
        },
        write: out.sink.write
      }
      const program = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(stream(slow))
        yield* Effect.sleep(60_000)
        flow?.resume()
        return yield* Fiber.await(fiber)
      })
      const route = { ...options().routes[0]!, fallback: [] }
      const begun: Play = [...openStream, [0, data(role + text("a"))], ...rest]
      return { result: yield* play(program, () => begun, options({ routes: [route] })), out }
    })

  it.effect("is no slow vendor: the deadline rests with it, and has as long left behind the pause", () =>
    Effect.gen(function* () {
      const { out } = yield* resting([
        [75_000, data(text("b") + stop + done)],
        [0, end]
      ])
      expect(out.text()).toBe(role + text("a") + text("b") + stop)
    })
  )

  it.effect("does not end the deadline: a vendor that is silent behind the pause is left", () =>
    Effect.gen(function* () {
      const { result } = yield* resting([])
      expect(result.now).toBeGreaterThanOrEqual(80_000)
      expect(result.now).toBeLessThan(81_000)
    })
  )
})
