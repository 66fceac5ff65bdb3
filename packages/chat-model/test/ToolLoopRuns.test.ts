// Handlers fail with whatever they like.
// @effect-diagnostics globalErrorInEffectFailure:off
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect } from "vitest"
import * as Message from "../src/Message.ts"
import * as Tool from "../src/Tool.ts"
import { call, calls, play, results, weatherTool } from "./support/toolLoop.ts"

describe("ToolLoop, running tools", () => {
  /** A tool whose runs end one by one, when the test says so. */
  const gated = () => {
    const running: Array<string> = []
    const gates = new Map<string, Deferred.Deferred<string>>()
    const tool = Tool.make({
      name: "slow",
      parameters: Schema.Struct({ n: Schema.String }),
      handler: ({ n }) =>
        Effect.gen(function* () {
          const gate = yield* Deferred.make<string>()
          running.push(n)
          gates.set(n, gate)
          return yield* Deferred.await(gate)
        }).pipe(Effect.onInterrupt(() => Effect.sync(() => running.push(`${n} interrupted`))))
    })
    return { running, tool, open: (n: string) => Effect.suspend(() => Deferred.succeed(gates.get(n)!, n)) }
  }
  const six = calls(...["a", "b", "c", "d", "e", "f"].map((n) => call("slow", { n })))
  const settle = Effect.repeat(Effect.yieldNow, { times: 50 })

  it.effect("runs up to four calls at once and tells the results in the order of the calls", () =>
    Effect.gen(function* () {
      const { open, running, tool } = gated()
      const { parts, prompts } = play([six, "Done."], [tool])
      const fiber = yield* Effect.forkChild(Stream.runCollect(parts))
      yield* settle
      assert.deepStrictEqual(running, ["a", "b", "c", "d"])
      for (const n of ["d", "c", "b", "a"]) yield* open(n)
      yield* settle
      assert.deepStrictEqual(running, ["a", "b", "c", "d", "e", "f"])
      yield* open("f")
      yield* open("e")
      assert.deepStrictEqual(
        results(yield* Fiber.join(fiber)).map(({ result }) => result),
        ["a", "b", "c", "d", "e", "f"]
      )
      const told = prompts[1]?.messages.flatMap((message) => (message.role === "tool" ? [message.content] : []))
      assert.deepStrictEqual(told, ["a", "b", "c", "d", "e", "f"])
    })
  )

  it.effect("runs as many calls at once as it is told", () =>
    Effect.gen(function* () {
      const { running, tool } = gated()
      yield* Effect.forkChild(Stream.runDrain(play([six], [tool], { concurrency: 2 }).parts))
      yield* settle
      assert.deepStrictEqual(running, ["a", "b"])
    })
  )

  it.effect("interrupts handlers when the stream is left, and aborts the signals of promises", () =>
    Effect.gen(function* () {
      const { running, tool } = gated()
      let signal: AbortSignal | undefined
      const never = Tool.make({
        name: "never",
        handler: (_, run) => {
          signal = run.signal
          return new Promise<never>(() => {})
        }
      })
      const { parts } = play([calls(call("slow", { n: "a" }), call("never"))], [tool, never])
      const fiber = yield* Effect.forkChild(Stream.runDrain(parts))
      yield* settle
      assert.deepStrictEqual([running, signal?.aborted], [["a"], false])
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual([running, signal?.aborted], [["a", "a interrupted"], true])
    })
  )

  it.effect("waits for a handler no longer than its tool's time", () =>
    Effect.gen(function* () {
      const slow = Tool.make({ name: "slow", handler: () => Effect.never, timeout: "5 seconds" })
      const { parts, prompts } = play([calls(call("slow")), "Never mind."], [slow])
      const fiber = yield* Effect.forkChild(Stream.runCollect(parts))
      yield* TestClock.adjust("4999 millis")
      assert.lengthOf(prompts, 1)
      yield* TestClock.adjust("1 millis")
      const [result] = results(yield* Fiber.join(fiber))
      assert.deepStrictEqual(result?.error?.reason, { _tag: "TimedOut", tool: "slow", id: "call_1_1", after: 5000 })
      assert.strictEqual(result?.millis, 5000)
    })
  )

  it.effect("takes handlers that give promises, values and Effects", () =>
    Effect.gen(function* () {
      const tools = [
        Tool.make({ name: "promise", handler: async () => "p" }),
        Tool.make({ name: "value", handler: () => undefined }),
        Tool.make({
          name: "effect",
          handler: () => Effect.succeed({ at: new Date(0) }),
          result: Schema.Struct({ at: Schema.Date })
        })
      ]
      const { parts, prompts } = play([calls(call("promise"), call("value"), call("effect")), "Done."], tools)
      yield* Stream.runDrain(parts)
      const told = prompts[1]?.messages.flatMap((message) => (message.role === "tool" ? [message.content] : []))
      assert.deepStrictEqual(told, ["p", "The tool gave no result.", '{"at":"1970-01-01T00:00:00.000Z"}'])
    })
  )
})

describe("ToolLoop, when calls need approval", () => {
  const rome = calls(call("weather", { city: "Rome" }))

  it.effect("asks the loop's approval and then the tool's, with the parameters as they were read", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const { cities, tool } = weatherTool({
        approval: async (request) => {
          asked.push(["tool", request])
          return true
        }
      })
      const { parts } = play([rome, "Mild."], [tool], {
        approval: (request) => Effect.sync(() => asked.push(["loop", request.name]) > 0)
      })
      yield* Stream.runDrain(parts)
      assert.deepStrictEqual(asked, [
        ["loop", "weather"],
        ["tool", { id: "call_1_1", name: "weather", arguments: '{"city":"Rome"}', parameters: { city: "Rome" } }]
      ])
      assert.deepStrictEqual(cities, ["Rome"])
    })
  )

  const refusals: ReadonlyArray<readonly [string, Tool.Approval, string | undefined]> = [
    ["says no", () => false, undefined],
    ["says why not", () => Effect.succeed({ reason: "too dear" }), "too dear"],
    ["fails", () => Effect.fail(new Error("nobody is there")), "nobody is there"]
  ]
  for (const [name, approval, detail] of refusals) {
    it.effect(`does not run a call whose approval ${name}`, () =>
      Effect.gen(function* () {
        const { cities, tool } = weatherTool({ approval })
        const { parts, prompts } = play([rome, "Pity."], [tool])
        const [result] = results(yield* Stream.runCollect(parts))
        assert.deepStrictEqual(result?.error?.reason, { _tag: "Refused", tool: "weather", id: "call_1_1", detail })
        expect(Message.textOf(prompts[1]!.messages.at(-1)!)).toContain(
          `was refused${detail === undefined ? "." : `: ${detail}`}`
        )
        assert.deepStrictEqual(cities, [])
      })
    )
  }

  it.effect("asks nobody about a call that cannot be run", () =>
    Effect.gen(function* () {
      const { tool } = weatherTool()
      let asked = 0
      const { parts } = play([calls(call("weather"), call("other")), "Pity."], [tool], { approval: () => ++asked > 0 })
      yield* Stream.runDrain(parts)
      assert.strictEqual(asked, 0)
    })
  )
})
