import { outcomeOf } from "@understudy/core/failure/Trail"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as ChatModel from "../src/ChatModel.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import { highWater } from "../src/internal/stream/PartStream.ts"
import * as Prompt from "../src/Prompt.ts"
import * as Scripted from "./support/ScriptedUpstream.ts"

const { chunk, completion, finish, run, usage } = Scripted
const answer = { json: completion({ role: "assistant", content: "Hello there", reasoning_content: "Greet." }) }
const streamed = {
  frames: [
    chunk({ role: "assistant", content: null, reasoning_content: "" }),
    chunk({ reasoning_content: "Greet." }),
    chunk({ content: "Hello " }),
    chunk({ content: "there" }),
    finish(),
    usage
  ]
}
// Failures that are not followed by a pause.
const empty = { json: { choices: [] } }
const denied = { status: 403, json: { error: { message: "no" } } }

describe("ChatModel.call", () => {
  it("answers with text, reasoning and who answered", async () => {
    const scripted = Scripted.make(answer)
    const response = await run(scripted, ChatModel.call("hi"))
    expect(response.result.output).toEqual({ role: "assistant", text: "Hello there", reasoning: "Greet." })
    expect(response.text).toBe("Hello there")
    expect(response.reasoning).toBe("Greet.")
    expect(response.toolCalls).toEqual([])
    expect(response.metadata).toMatchObject({
      id: "answer-1",
      model: "chat-2026",
      created: 1_700_000_000,
      route: "chain",
      provider: "first",
      attempts: 1,
      finishReason: { unified: "stop", raw: "stop" },
      usage: { promptTokens: 3, completionTokens: 5, totalTokens: 8 }
    })
    expect(response.result.finishReason).toEqual(response.metadata.finishReason)
  })

  it("asks for JSON", async () => {
    const scripted = Scripted.make(answer)
    await run(scripted, ChatModel.call("hi"))
    expect(scripted.exchanges[0]!.body).toEqual({ model: "chat", messages: [{ role: "user", content: "hi" }] })
    expect(scripted.exchanges[0]!.request.headers["accept"]).toBe("application/json")
  })

  it("tells who answered after a fallback, and what it took", async () => {
    const scripted = Scripted.make([{ status: 401, json: { error: { message: "no" } } }, answer])
    const { metadata } = await run(scripted, ChatModel.call("hi"))
    expect(metadata).toMatchObject({ provider: "second", attempts: 2 })
    expect(metadata.trail.map((record) => [record.provider, record.model, outcomeOf(record)])).toEqual([
      ["first", "chat", "Unauthorized"],
      ["second", "other", "ok"]
    ])
    expect(scripted.exchanges[1]!.body["model"]).toBe("other")
  })

  it("lets its reader leave in the midst of a read that also ends the answer", async () => {
    const scripted = Scripted.make([{ frames: [chunk({ content: "a" })], end: "open" }, streamed])
    const seen: Array<string> = []
    const done = run(
      scripted,
      Stream.runForEach(Stream.take(ChatModel.stream("hi"), 4), (part) => Effect.sync(() => seen.push(part.type)))
    )
    const exchange = await scripted.arrival()
    await expect.poll(() => seen).toHaveLength(3)
    exchange.frames([chunk({ content: "b" }), finish(), "[DONE]"])
    await done
    expect(seen).toEqual(["response-metadata", "text-start", "text-delta", "text-delta"])
    expect((await run(scripted, ChatResponse.fromStream(ChatModel.stream("hi")))).text).toBe("Hello there")
  })

  it("aborts the request when it is interrupted", async () => {
    const scripted = Scripted.make({ frames: [], end: "open" })
    const fiber = Effect.runFork(Effect.provide(ChatModel.call("hi"), scripted.layer))
    const exchange = await scripted.arrival()
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(exchange.aborted).toBe(true)
  })
})

describe("ChatModel.stream", () => {
  it("folds to what call answers", async () => {
    const called = await run(Scripted.make(answer), ChatModel.call("hi"))
    const folded = await run(Scripted.make(streamed), ChatResponse.fromStream(ChatModel.stream("hi")))
    const collected = await run(Scripted.make(streamed), Stream.runCollect(ChatModel.stream("hi")))
    const withoutMillis = ({ metadata, result }: ChatResponse.ChatResponse) => ({
      result,
      metadata: { ...metadata, trail: metadata.trail.map((record) => ({ ...record, millis: 0 })) }
    })
    expect(withoutMillis(folded)).toEqual(withoutMillis(called))
    expect(withoutMillis(ChatResponse.fromParts(collected))).toEqual(withoutMillis(called))
  })

  it("asks for a stream with usage", async () => {
    const scripted = Scripted.make(streamed)
    await run(scripted, Stream.runDrain(ChatModel.stream("hi")))
    expect(scripted.exchanges[0]!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(scripted.exchanges[0]!.request.headers["accept"]).toBe("text/event-stream")
  })

  it("sends nothing before it is run, and anew in every run", async () => {
    const scripted = Scripted.make(streamed)
    const stream = ChatModel.stream("hi")
    expect(scripted.exchanges).toHaveLength(0)
    await run(scripted, Effect.andThen(Stream.runDrain(stream), Stream.runDrain(stream)))
    expect(scripted.exchanges).toHaveLength(2)
  })

  it("delivers parts as they come", async () => {
    const scripted = Scripted.make({ frames: [chunk({ content: "Hello " })], end: "open" })
    const seen: Array<string> = []
    const done = run(
      scripted,
      Stream.runForEach(ChatModel.stream("hi"), (part) => Effect.sync(() => seen.push(part.type)))
    )
    const exchange = await scripted.arrival()
    await expect.poll(() => seen).toEqual(["response-metadata", "text-start", "text-delta"])
    exchange.frame(finish())
    exchange.end()
    await done
    expect(seen.slice(3)).toEqual(["text-end", "finish"])
  })

  it("fails over before the first content without a trace in the parts", async () => {
    const scripted = Scripted.make([
      { frames: [chunk({ role: "assistant", content: "" })], end: "cut" },
      denied,
      streamed
    ])
    const response = await run(scripted, ChatResponse.fromStream(ChatModel.stream("hi")))
    expect(response.text).toBe("Hello there")
    expect(response.metadata).toMatchObject({ attempts: 3, provider: "second" })
  })

  it("aborts the request when the reader has enough", async () => {
    const scripted = Scripted.make({ ...streamed, frames: streamed.frames.slice(0, 4), end: "open" })
    const parts = await run(scripted, Stream.runCollect(Stream.take(ChatModel.stream("hi"), 3)))
    expect(parts).toHaveLength(3)
    expect(scripted.exchanges[0]!.aborted).toBe(true)
  })

  it("aborts the request when it is interrupted", async () => {
    const scripted = Scripted.make({ frames: [chunk({ content: "a" })], end: "open" })
    const fiber = Effect.runFork(Effect.provide(Stream.runDrain(ChatModel.stream("hi")), scripted.layer))
    const exchange = await scripted.arrival()
    await Effect.runPromise(Fiber.interrupt(fiber))
    expect(exchange.aborted).toBe(true)
  })

  it("stops the flow while its reader is behind, and lets it go on", async () => {
    const scripted = Scripted.make({ frames: [chunk({ content: "a" })], end: "open" })
    const gate = Promise.withResolvers<void>()
    let text = ""
    const done = run(
      scripted,
      Stream.runForEachArray(ChatModel.stream("hi"), (parts) => {
        for (const part of parts) if (part.type === "text-delta") text += part.delta
        return Effect.promise(() => gate.promise)
      })
    )
    const exchange = await scripted.arrival()
    await expect.poll(() => text).toBe("a")
    for (let i = 0; i < highWater; i++) exchange.frame(chunk({ content: "b" }))
    expect(exchange.paused).toBe(0)
    exchange.frame(chunk({ content: "c" }))
    exchange.frame(chunk({ content: "d" }))
    expect([exchange.paused, exchange.resumed]).toEqual([1, 0])
    gate.resolve()
    await expect.poll(() => exchange.resumed).toBe(1)
    exchange.frame(finish())
    exchange.end()
    await done
    expect(text).toBe(`a${"b".repeat(highWater)}cd`)
  })
})

describe("an answer that fails", () => {
  const failing: ReadonlyArray<
    readonly [string, Prompt.Input, Scripted.Answer | ReadonlyArray<Scripted.Answer>, object]
  > = [
    [
      "NoRoute",
      Prompt.make("hi", { model: "gpt-9" }),
      answer,
      { reason: { model: "gpt-9" }, isRetryable: false, trail: [] }
    ],
    [
      "Rejected",
      "hi",
      { status: 400, json: { error: { message: "bad top_p", type: "t", code: "c", param: "top_p" } } },
      { reason: { kind: "InvalidRequest", status: 400, type: "t", code: "c", param: "top_p" }, isRetryable: false }
    ],
    ["UpstreamFailed", "hi", empty, { reason: { detail: expect.stringContaining("second") }, isRetryable: true }],
    ["UpstreamFailed", "hi", denied, { reason: { kind: "PermissionDenied", status: 403 }, isRetryable: false }],
    [
      "UpstreamFailed",
      "hi",
      { status: 401, json: { error: { message: "no" } } },
      { reason: { kind: "Unauthorized", status: 401 }, isRetryable: false }
    ]
  ]

  it.each(failing)("says %s for call and stream alike (%#)", async (tag, input, answers, expected) => {
    const fail = async (effect: Effect.Effect<unknown, any, ChatModel.ChatModel>) =>
      run(Scripted.make(answers), Effect.flip(effect))
    const called = await fail(ChatModel.call(input))
    const streamed = await fail(Stream.runDrain(ChatModel.stream(input)))
    for (const error of [called, streamed]) {
      expect(error).toBeInstanceOf(Error)
      expect(error._tag).toBe("ChatModelError")
      expect(error.reason._tag).toBe(tag)
      expect(error).toMatchObject(expected)
      expect(error.stack).toContain(error.message)
    }
  })

  it("delivers what came before it broke, and never a finish", async () => {
    const scripted = Scripted.make({ frames: [chunk({ content: "Once" }), chunk({ content: " upon" })], end: "cut" })
    const parts: Array<string> = []
    const effect = Stream.runForEach(ChatModel.stream("hi"), (part) =>
      Effect.sync(() => parts.push(part.type === "text-delta" ? part.delta : part.type))
    )
    const error = await run(scripted, Effect.flip(effect))
    expect(error.reason).toMatchObject({ _tag: "Broken", kind: "Interrupted" })
    expect(error.isRetryable).toBe(true)
    expect(parts).toEqual(["response-metadata", "text-start", "Once", " upon"])
  })

  it("hands Limited and its wait to catchReason", async () => {
    const limited = { status: 429, headers: { "retry-after": "3600" }, json: { error: { message: "slow down" } } }
    const waits = await run(
      Scripted.make(limited),
      ChatModel.call("hi").pipe(
        Effect.catchReason("ChatModelError", "Limited", (reason, error) =>
          Effect.succeed([reason.retryAfter, error.retryAfter, error.isRetryable])
        )
      )
    )
    expect(waits).toEqual([expect.any(Number), expect.any(Number), true])
  })

  it("hands on the reasons that catchReason does not name", async () => {
    const effect = ChatModel.call("hi").pipe(
      Effect.catchReason("ChatModelError", "Limited", () => Effect.succeed("limited")),
      Effect.catchTag("ChatModelError", (error) => Effect.succeed(error.reason._tag))
    )
    expect(await run(Scripted.make(empty), effect)).toBe("UpstreamFailed")
  })
})
