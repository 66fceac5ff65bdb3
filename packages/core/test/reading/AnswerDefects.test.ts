import { describe, expect, it, vi } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Exchange from "../../src/internal/exchange/Exchange.ts"
import type * as Reader from "../../src/internal/exchange/Reader.ts"
import { Latency } from "../../src/internal/health/Latency.ts"
import * as Deadlines from "../../src/internal/provider/Deadlines.ts"
import { Understudy } from "../../src/Understudy.ts"
import { call, collect, isQwen, play, stream, value } from "../play.ts"
import { completion, connected, data, end, json, options, type Play, type Seen, text } from "../support.ts"

describe("a defect while an answer is read", () => {
  const exchange = (reader: Reader.MakeReader<string>) =>
    Effect.gen(function* () {
      const { config } = yield* Understudy
      const provider = { ...config.providers[0]!, dialect: config.providers[0]!.dialect } as never
      const services = yield* Effect.context<never>()
      const clock = yield* Clock.Clock
      let aborted = 0
      const upstream = {
        send: (
          _: unknown,
          handler: {
            onHeaders: (status: number, headers: object) => void
            onData: (chunk: Buffer) => void
            onEnd: () => void
          }
        ) => {
          queueMicrotask(() => {
            handler.onHeaders(200, {})
            handler.onData(Buffer.from("x"))
            handler.onEnd()
          })
          return { abort: () => void aborted++, pause: () => {}, resume: () => {} }
        }
      }
      const context = {
        upstream,
        clock,
        services,
        provider,
        key: { id: "k", name: "k", account: "k", weight: 1, value: undefined },
        limits: Deadlines.toLimits({ connect: 5_000, idle: 20_000 }).withNext,
        startedAt: 0,
        totalAt: 1_000_000
      } as unknown as Reader.AttemptContext
      const request = { method: "POST", origin: "http://x", path: "/", headers: {}, body: "{}" } as const
      return { outcome: yield* Exchange.run(context, request, "answer", reader), aborted }
    })

  const throws = (): never => {
    throw new TypeError("Cannot read properties of null (reading 'x')")
  }
  const calm = { onData: () => {}, onEnd: () => {}, onCut: () => false, isBegun: () => false }

  for (const [name, reader, tag] of [
    ["as it is made", throws, "MalformedResponse"],
    ["in its first bytes", () => ({ ...calm, onData: throws }), "MalformedResponse"],
    ["at its end", () => ({ ...calm, onEnd: throws }), "MalformedResponse"],
    ["behind content", () => ({ ...calm, isBegun: () => true, onData: throws }), "Interrupted"]
  ] as ReadonlyArray<[string, Reader.MakeReader<string>, string]>) {
    it.effect(`fails the attempt, never the call: ${name}`, () =>
      Effect.gen(function* () {
        const { outcome } = value(yield* play(exchange(reader), () => []))
        expect(outcome).toMatchObject({ _tag: "Failed", failure: { reason: { _tag: tag } } })
        expect(outcome._tag === "Failed" && outcome.failure.message).toContain("TypeError: Cannot read")
      })
    )
  }
})

describe("the leave of a circuit", () => {
  it.effect("is given back by a probe that meets an odd answer", () =>
    Effect.gen(function* () {
      const route = { ...options().routes[0]!, fallback: [{ provider: "deepseek", model: "deepseek-chat" }] }
      let phase: "down" | "odd" | "well" = "down"
      const vendor = (seen: Seen): Play => {
        if (!isQwen(seen)) return json(200, completion(seen.model))
        if (phase === "down")
          return [
            [0, connected],
            [0, (handler) => handler.onHeaders(500, {})],
            [0, end]
          ]
        if (phase === "odd") return json(200, { choices: [null] })
        return json(200, completion(seen.model))
      }
      const program = Effect.gen(function* () {
        for (let nth = 0; nth < 12; nth++) yield* call()
        phase = "odd"
        yield* Effect.sleep(60_000)
        yield* call()
        phase = "well"
        const providers: Array<string> = []
        for (let nth = 0; nth < 40; nth++) {
          yield* Effect.sleep(10_000)
          providers.push((yield* call()).provider)
        }
        return providers
      })
      const providers = value(yield* play(program, vendor, options({ routes: [route] })))
      expect(providers.at(-1)).toBe("qwen")
    })
  )
})

describe("the count of calls under way", () => {
  it.effect("is given back once by a call whose caller leaves behind content", () =>
    Effect.gen(function* () {
      const counted = { start: vi.spyOn(Latency.prototype, "start"), end: vi.spyOn(Latency.prototype, "end") }
      const route = { ...options().routes[0]!, balance: "latency" as const }
      const program = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(stream(collect().sink))
        yield* Effect.sleep(1_000)
        yield* Fiber.interrupt(fiber)
      })
      const open: Play = [
        [0, connected],
        [0, (handler) => handler.onHeaders(200, { "content-type": "text/event-stream" })],
        [0, data(text("a"))]
      ]
      value(yield* play(program, () => open, options({ routes: [route] })))
      const calls = [counted.start.mock.calls.length, counted.end.mock.calls.length]
      vi.restoreAllMocks()
      expect(calls).toEqual([1, 1])
    })
  )
})
