// Handlers fail with whatever they like.
// @effect-diagnostics globalErrorInEffectFailure:off
import { assert, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { describe, expect } from "vitest"
import * as ChatResponse from "../src/ChatResponse.ts"
import * as Message from "../src/Message.ts"
import * as Tool from "../src/Tool.ts"
import { call, calls, Declined, play, results, weatherTool } from "./support/toolLoop.ts"

describe("ToolLoop, when a call fails", () => {
  const throwing = (error: unknown) =>
    Tool.make({
      name: "fails",
      handler: () => {
        throw error
      }
    })
  const { tool: weather } = weatherTool()
  const id = "call_1_1"

  const failures: ReadonlyArray<readonly [string, Tool.Any, ReturnType<typeof call>, object, string]> = [
    [
      "no such tool",
      weather,
      call("wether"),
      { _tag: "Unknown", tool: "wether", id, tools: ["weather"] },
      'There is no tool "wether". Call one of: weather.'
    ],
    [
      "no JSON",
      weather,
      call("weather", "{city"),
      { _tag: "InvalidArguments", detail: "they are no JSON object: {city" },
      "they are no JSON object: {city. Call it again"
    ],
    [
      "a list instead of arguments",
      weather,
      call("weather", "[1]"),
      { _tag: "InvalidArguments", detail: "they are no JSON object: [1]" },
      "they are no JSON object: [1]"
    ],
    [
      "other arguments",
      weather,
      call("weather", { city: 1 }),
      { _tag: "InvalidArguments", tool: "weather", id, detail: "city: Expected string" },
      "city: Expected string. Call it again"
    ],
    [
      "a handler that throws",
      throwing(new Error("boom")),
      call("fails"),
      { _tag: "HandlerFailed", detail: "boom" },
      '"fails" failed: boom'
    ],
    [
      "a promise that rejects",
      Tool.make({ name: "fails", handler: () => Promise.reject("no") }),
      call("fails"),
      { _tag: "HandlerFailed", cause: "no", detail: "no" },
      "no"
    ],
    [
      "an Effect that fails",
      Tool.make({ name: "fails", handler: () => Effect.fail(new Error("bad")) }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "bad" },
      "bad"
    ],
    [
      "an Error that is handed back",
      Tool.make({ name: "fails", handler: () => new Error("no money") }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "no money" },
      '"fails" failed: no money'
    ],
    [
      "an Error with causes",
      throwing(new Error("pay", { cause: new AggregateError([new Error("a"), new Error("b")], "twice") })),
      call("fails"),
      { _tag: "HandlerFailed", detail: "pay: twice: a; b" },
      "pay: twice: a; b"
    ],
    [
      "an object that is thrown",
      throwing({ code: "CARD_DECLINED", message: "The card was declined" }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "The card was declined (CARD_DECLINED)" },
      "The card was declined (CARD_DECLINED)"
    ],
    [
      "an error of Effect's that has no message",
      Tool.make({ name: "fails", handler: () => Effect.fail(new Declined({ why: "no money" })) }),
      call("fails"),
      { _tag: "HandlerFailed", detail: 'Declined {"why":"no money"}' },
      'Declined {"why":"no money"}'
    ],
    [
      "another result",
      Tool.make({ name: "fails", result: Schema.Number, handler: () => "many" as unknown as number }),
      call("fails"),
      { _tag: "HandlerFailed", detail: "its result does not fit: Expected number" },
      "does not fit"
    ],
    [
      "a result that cannot be read",
      Tool.make({
        name: "fails",
        handler: () => ({
          get at() {
            throw new Error("gone")
          }
        })
      }),
      call("fails"),
      { _tag: "HandlerFailed" },
      "its result cannot be told: gone"
    ]
  ]

  for (const [name, tool, wanted, reason, message] of failures) {
    it.effect(`tells the model of ${name}, and goes on`, () =>
      Effect.gen(function* () {
        const { parts, prompts } = play([calls(wanted), "Sorry."], [tool])
        const collected = yield* Stream.runCollect(parts)
        const [result] = results(collected)
        expect(result?.error?.reason).toMatchObject(reason)
        expect(
          JSON.parse(
            String(prompts[1]?.messages.at(-1)?.role === "tool" && Message.textOf(prompts[1].messages.at(-1)!))
          )
        ).toEqual({
          error: expect.stringContaining(message)
        })
        assert.strictEqual(ChatResponse.fromParts(collected).text, "Sorry.")
      })
    )

    it.effect(`fails the run at ${name} when told to`, () =>
      Effect.gen(function* () {
        const { parts } = play([calls(wanted), "Sorry."], [tool], { failure: "error" })
        const error = yield* Effect.flip(Stream.runDrain(parts))
        expect(error).toMatchObject({ _tag: "ToolError", reason, trail: [{ _tag: "Ok" }] })
        expect(error.message).toContain(message)
      })
    )
  }

  it.effect("sends back what every vendor takes of a call that is none, and tells the model its own text", () =>
    Effect.gen(function* () {
      const { parts, prompts } = play([calls(call("shop.buy 😀", '{"city": "Hang'), call("", "")), "Sorry."], [weather])
      yield* Stream.runDrain(parts)
      const [, asked, first, second] = prompts[1]?.messages ?? []
      const toolCalls = [
        { id, name: "shop_buy___", arguments: "{}" },
        { id: "call_1_2", name: "unnamed", arguments: "{}" }
      ]
      assert.deepStrictEqual(asked, Message.assistant({ toolCalls }))
      expect(first).toMatchObject({
        toolCallId: id,
        content: expect.stringContaining('no JSON object: {\\"city\\": \\"Hang')
      })
      expect(second).toMatchObject({ toolCallId: "call_1_2", content: expect.stringContaining("There is no tool") })
    })
  )

  it.effect("interrupts the other calls when one fails the run", () =>
    Effect.gen(function* () {
      const gone = yield* Deferred.make<void>()
      const waits = Tool.make({
        name: "waits",
        handler: () => Effect.onInterrupt(Effect.never, () => Deferred.succeed(gone, undefined))
      })
      const { parts } = play([calls(call("waits"), call("fails"))], [waits, throwing("no")], { failure: "error" })
      expect(yield* Effect.flip(Stream.runDrain(parts))).toMatchObject({ reason: { tool: "fails" } })
      yield* Deferred.await(gone)
    })
  )
})

describe("ToolLoop, when a handler has a defect", () => {
  const bug = new Error("bug")
  /** The messages that were logged, and their causes. */
  const logged = () => {
    const lines: Array<readonly [unknown, unknown]> = []
    const logger = Logger.make(({ cause, message }) => void lines.push([[message].flat()[0], Cause.hasDies(cause)]))
    return { lines, layer: Logger.layer([logger]) as Layer.Layer<never> }
  }
  const defective: ReadonlyArray<readonly [string, Tool.Any, string]> = [
    ["an Effect that dies", Tool.make({ name: "fails", handler: () => Effect.die(bug) }), 'Tool "fails" died'],
    [
      "an Effect that fails and dies",
      Tool.make({
        name: "fails",
        handler: () => Effect.failCause(Cause.combine(Cause.fail("no"), Cause.die(bug)))
      }),
      'Tool "fails" died'
    ],
    [
      "an approval that dies",
      Tool.make({ name: "fails", approval: () => Effect.die(bug), handler: () => 1 }),
      'Approval of tool "fails" died'
    ]
  ]

  for (const [name, tool, said] of defective) {
    it.effect(`dies of it, tells the model nothing and logs it: ${name}`, () =>
      Effect.gen(function* () {
        const { layer, lines } = logged()
        const { parts, prompts } = play([calls(call("fails")), "Sorry."], [tool])
        const exit = yield* Effect.exit(Effect.provide(Stream.runDrain(parts), layer))
        assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
        assert.strictEqual(Exit.isFailure(exit) && Cause.squash(exit.cause), bug)
        assert.lengthOf(prompts, 1)
        assert.deepStrictEqual(lines, [[`${said} (call call_1_1)`, true]])
      })
    )
  }

  it.effect("is interrupted with a handler that interrupts itself, and logs that", () =>
    Effect.gen(function* () {
      const { layer, lines } = logged()
      const tool = Tool.make({ name: "stops", handler: () => Effect.interrupt })
      const { parts, prompts } = play([calls(call("stops")), "Sorry."], [tool])
      const exit = yield* Effect.exit(Effect.provide(Stream.runDrain(parts), layer))
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
      assert.lengthOf(prompts, 1)
      assert.strictEqual(lines[0]?.[0], 'Tool "stops" was interrupted (call call_1_1)')
    })
  )

  it.effect("logs nothing when its reader leaves", () =>
    Effect.gen(function* () {
      const { layer, lines } = logged()
      const begun = yield* Deferred.make<void>()
      const tool = Tool.make({
        name: "waits",
        handler: () => Effect.andThen(Deferred.succeed(begun, undefined), Effect.never)
      })
      const { parts } = play([calls(call("waits"))], [tool])
      const fiber = yield* Effect.forkChild(Effect.provide(Stream.runDrain(parts), layer))
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(lines, [])
    })
  )
})
