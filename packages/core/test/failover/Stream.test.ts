import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { outcomeOf } from "../../src/failure/Trail.ts"
import { collect, error, isQwen, outcomes, play, stream, value } from "../play.ts"
import {
  broken,
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
  role,
  type Seen,
  silent,
  sse,
  stop,
  text
} from "../support.ts"

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
        expect(error(result).trail.map(outcomeOf)).toEqual([`${says} after content`])
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
