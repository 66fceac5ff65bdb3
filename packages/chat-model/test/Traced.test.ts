import { describe, expect, it } from "@effect/vitest"
import * as Telemetry from "@understudy/core/telemetry/Telemetry"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import * as ChatClient from "../src/ChatClient.ts"
import * as ChatModel from "../src/ChatModel.ts"
import * as PromiseChatClient from "../src/PromiseChatClient.ts"
import * as PromiseChatModel from "../src/PromiseChatModel.ts"
import * as Tool from "../src/Tool.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const recording = () => {
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span: (given) => {
      const span = new Tracer.NativeSpan(given)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

const parentOf = (span: Tracer.NativeSpan): string | undefined => {
  const parent = Option.getOrUndefined(span.parent)
  return parent?._tag === "Span" ? parent.name : undefined
}

const tree = [
  ["invoke_agent", undefined],
  ["chat chat", "invoke_agent"],
  ["chat first/chat", "chat chat"],
  ["execute_tool secret_number", "invoke_agent"],
  ["chat chat", "invoke_agent"],
  ["chat first/chat", "chat chat"]
]

const toolCall = {
  id: "call-1",
  type: "function",
  function: { name: "secret_number", arguments: '{"of":"sk-demo-x"}' }
}
const calling = Scripted.completion({ content: null, tool_calls: [toolCall] })
const answers = [{ json: calling }, { json: Scripted.completion({ content: "42" }) }]

const ask = (handler: () => unknown, toolLoop: { readonly failure?: "error" } = {}) =>
  Effect.gen(function* () {
    const tool = Tool.make({ name: "secret_number", handler })
    const client = ChatClient.make(yield* ChatModel.ChatModel, { tools: [tool], toolLoop })
    return yield* client.prompt("hi").call().content()
  })

const observed = () => Scripted.make(answers).layer.pipe(Layer.provide(Telemetry.layer))

describe("spans of a client", () => {
  it.effect("are one tree: the turn, its calls and its tools, and the calls' attempts", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const asked = ask(() => 42).pipe(Effect.provide(observed()), Effect.withTracer(tracer))
      expect(yield* asked).toBe("42")
      expect(spans.map((span) => [span.name, parentOf(span)])).toEqual(tree)
      expect(spans.every(({ status }) => status._tag === "Ended")).toBe(true)
      expect(Object.fromEntries(spans[3]!.attributes)).toEqual({
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "secret_number",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.call.id": "call-1"
      })
    })
  )

  it.each([
    "called",
    "streamed"
  ])("are one tree without Effect, too, at the tracer that the model was made with: %s", async (way) => {
    const { spans, tracer } = recording()
    const [first, second] = answers
    const frames = [
      { frames: [Scripted.chunk({ tool_calls: [{ index: 0, ...toolCall }] }), Scripted.finish("tool_calls")] },
      { frames: [Scripted.chunk({ content: "42" }), Scripted.finish()] }
    ]
    const { layer } = Scripted.make(way === "called" ? [first!, second!] : frames)
    await using chat = await PromiseChatModel.fromLayer(Layer.merge(layer, Layer.succeed(Tracer.Tracer, tracer)))
    const asked = PromiseChatClient.make(chat, {
      tools: [Tool.make({ name: "secret_number", handler: () => 42 })]
    }).prompt("hi")
    if (way === "called") expect(await asked.call().content()).toBe("42")
    else for await (const text of asked.stream().content()) expect(text).toBe("42")
    expect(spans.map((span) => [span.name, parentOf(span)])).toEqual(tree)
  })

  it.effect("tell the tag of a failure, and nothing of what was said", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const asked = ask(
        () => {
          throw new Error("no number for sk-demo-x")
        },
        { failure: "error" }
      )
      yield* Effect.flip(asked.pipe(Effect.provide(observed()), Effect.withTracer(tracer)))
      const failed = spans.filter(({ attributes }) => attributes.has("error.type"))
      expect(failed.map(({ attributes, name }) => [name, attributes.get("error.type")])).toEqual([
        ["invoke_agent", "HandlerFailed"],
        ["execute_tool secret_number", "HandlerFailed"]
      ])
      const told = spans.map(({ attributes, status }) => [...attributes, status])
      expect(JSON.stringify(told, (_, value) => (typeof value === "bigint" ? Number(value) : value))).not.toContain(
        "sk-demo"
      )
    })
  )

  it.effect("end with a reader who leaves", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const open = Scripted.make({ frames: [Scripted.chunk({ content: "a" })], end: "open" })
      const left = Effect.gen(function* () {
        const tool = Tool.make({ name: "now", handler: () => 1 })
        const client = ChatClient.make(yield* ChatModel.ChatModel, { tools: [tool] })
        const reading = yield* Effect.forkChild(Stream.runDrain(client.prompt("hi").stream().parts()))
        yield* Effect.promise(open.arrival)
        yield* Fiber.interrupt(reading)
      })
      yield* left.pipe(Effect.provide(open.layer), Effect.withTracer(tracer))
      expect(spans.map(({ attributes, name, status }) => [name, attributes.get("error.type"), status._tag])).toEqual([
        ["invoke_agent", "Cancelled", "Ended"],
        ["chat chat", "Cancelled", "Ended"],
        ["chat first/chat", "Cancelled after content", "Ended"]
      ])
    })
  )

  it.effect("are not made where nobody traces", () =>
    Effect.gen(function* () {
      const parents: Array<unknown> = []
      const tool = Tool.make({
        name: "secret_number",
        handler: () => Effect.map(Effect.serviceOption(Tracer.ParentSpan), (found) => parents.push(found))
      })
      const asked = Effect.gen(function* () {
        const client = ChatClient.make(yield* ChatModel.ChatModel, { tools: [tool] })
        return yield* client.prompt("hi").call().content()
      })
      yield* asked.pipe(Effect.provide(Scripted.make(answers).layer))
      expect(parents).toEqual([Option.none()])
    })
  )
})
