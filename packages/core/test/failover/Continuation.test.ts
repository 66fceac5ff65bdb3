import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { call, collect, error, isQwen, ok, outcomes, play, stream, value } from "../play.ts"
import {
  broken,
  data,
  done,
  failed,
  frame,
  json,
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

describe("afterCommit: continue", () => {
  const continuing = { ...options().routes[0]!, afterCommit: "continue" as const }
  const config = options({ routes: [continuing] })
  const tokens = Array.from({ length: 60 }, (_, index) => `t${index} `)
  const whole = tokens.join("")
  const frames = (from: number, to: number) => tokens.slice(from, to).map(text)
  const cutAfter40: Play = [
    ...openStream,
    ...[role, ...frames(0, 40)].map((piece) => [1, data(piece)] as const),
    [0, broken()]
  ]
  const isPrefill = (seen: Seen) => (seen.body["messages"] as Array<{ role: string }>).at(-1)?.role === "assistant"

  const play60 = (vendor: (seen: Seen) => Play, using = config) =>
    Effect.gen(function* () {
      const out = collect()
      const result = yield* play(stream(out.sink), (seen) => (isQwen(seen) ? cutAfter40 : vendor(seen)), using)
      const chunks = out
        .text()
        .split("\n\n")
        .filter((piece) => piece !== "")
        .map(
          (piece) =>
            JSON.parse(piece.slice("data: ".length)) as {
              id: string
              choices: Array<{ delta: Record<string, unknown>; finish_reason: string | null }>
            }
        )
      const content = chunks.map((chunk) => chunk.choices[0]?.delta["content"] ?? "").join("")
      return { result, chunks, content, seen: result.world.seen }
    })

  it.effect("ends in an error by default, with what was delivered delivered", () =>
    Effect.gen(function* () {
      const { content, result } = yield* play60(() => sse(...frames(0, 60), stop + done), options())
      expect(content).toBe(tokens.slice(0, 40).join(""))
      expect(error(result).reason._tag).toBe("Broken")
    })
  )

  for (const [name, rest] of [
    ["continues", frames(40, 60)],
    ["repeats the text and continues", frames(0, 60)],
    ["repeats the text in one piece", [text(whole)]]
  ] as const) {
    it.effect(`gives every token once, as one response, when the next target ${name} from a prefill`, () =>
      Effect.gen(function* () {
        const { chunks, content, result, seen } = yield* play60((seen) =>
          isPrefill(seen) ? sse(role, ...rest, stop + done) : sse(text("no") + stop + done)
        )
        expect(content).toBe(whole)
        expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
        expect(chunks.filter(({ choices }) => choices[0]?.delta["role"] !== undefined)).toHaveLength(1)
        expect(chunks.filter(({ choices }) => choices[0]?.finish_reason != null)).toHaveLength(1)
        expect(seen[1]?.path).toBe("/beta/chat/completions")
        expect((seen[1]?.body["messages"] as Array<unknown>).at(-1)).toEqual({
          role: "assistant",
          content: tokens.slice(0, 40).join(""),
          prefix: true
        })
        expect(outcomes(value(result).trail)).toEqual(["qwen Interrupted after content", "deepseek ok"])
      })
    )
  }

  it.effect("joins an exact match when the prefill is refused", () =>
    Effect.gen(function* () {
      const refused = json(400, { error: { message: "prefix is not supported" } })
      const { content, seen } = yield* play60((seen) =>
        isPrefill(seen) ? refused : sse(role, ...frames(0, 60), stop + done)
      )
      expect(content).toBe(whole)
      expect(seen).toHaveLength(3)
    })
  )

  for (const [name, answer] of [
    ["another answer", sse(text("something else") + stop + done)],
    ["a shorter answer", sse(...frames(0, 30), stop + done)],
    ["a refusal too", json(400, { error: { message: "no" } })],
    ["silence", silent]
  ] as const) {
    it.effect(
      `ends as an error with the first failure as the reason when the prefill is refused and the match is ${name}`,
      () =>
        Effect.gen(function* () {
          const refused = json(400, { error: { message: "prefix is not supported" } })
          const { content, result } = yield* play60((seen) => (isPrefill(seen) ? refused : answer))
          expect(content).toBe(tokens.slice(0, 40).join(""))
          expect(error(result).reason).toMatchObject({ _tag: "Broken", failure: { reason: { _tag: "Interrupted" } } })
        })
    )
  }

  it.effect(
    "does not go on after a tool call has started, after reasoning alone, or once the content was refused",
    () =>
      Effect.gen(function* () {
        const call = frame({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{" } }] })
        const thinking = frame({ reasoning_content: "hm" })
        const filtered = 'data: {"error":{"message":"x","code":"data_inspection_failed"}}\n\n'
        for (const begun of [text("a") + call, thinking]) {
          const cut: Play = [...openStream, [0, data(begun)], [0, broken()]]
          const result = yield* play(
            stream(collect().sink),
            (seen) => (isQwen(seen) ? cut : sse(text("b") + stop + done)),
            config
          )
          expect(error(result).reason._tag).toBe("Broken")
          expect(result.world.seen).toHaveLength(1)
        }
        const result = yield* play(
          stream(collect().sink),
          (seen) => (isQwen(seen) ? sse(text("a"), filtered) : sse(stop)),
          config
        )
        expect(result.world.seen).toHaveLength(1)
        expect(error(result).reason).toMatchObject({ failure: { reason: { _tag: "ContentFiltered" } } })
      })
  )

  it.effect("goes on again when the target that went on breaks too", () =>
    Effect.gen(function* () {
      const third = { type: "openai-compatible" as const, baseUrl: "http://third.test", prefill: true }
      const chain = [...continuing.fallback!, { provider: "third", model: "m" }]
      const using = options({
        providers: { ...options().providers, third },
        routes: [{ ...continuing, fallback: chain }]
      })
      const cut50: Play = [...openStream, ...frames(40, 50).map((piece) => [1, data(piece)] as const), [0, broken()]]
      const { content, result } = yield* play60(
        (seen) => (seen.origin.includes("third") ? sse(...frames(50, 60), stop + done) : cut50),
        using
      )
      expect(content).toBe(whole)
      expect(outcomes(value(result).trail)).toEqual([
        "qwen Interrupted after content",
        "deepseek Interrupted after content",
        "third ok"
      ])
    })
  )
})

describe("a folded answer", () => {
  const thinking = sse(role + frame({ reasoning_content: "hm" }), text("a") + text("b") + stop + done)

  it.effect("comes from a stream-only model for a caller who wants JSON, with reasoning kept apart", () =>
    Effect.gen(function* () {
      const route = { name: "qwq", match: { model: { exact: "qwq-32b" } }, targets: [{ provider: "qwen" }] }
      const result = yield* play(call("qwq-32b"), () => thinking, options({ routes: [route] }))
      expect(result.world.seen[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
      expect(value(result).completion.choices[0]?.message).toMatchObject({ content: "ab", reasoning_content: "hm" })
    })
  )

  it.effect("gives way to an ordinary model's JSON, and stands in for one", () =>
    Effect.gen(function* () {
      const route = (name: string, model: string, fallback: { provider: string; model: string }) => ({
        name,
        match: { model: { exact: model } },
        targets: [{ provider: model.startsWith("qw") ? "qwen" : "deepseek" }],
        fallback: [fallback]
      })
      const config = options({
        routes: [
          route("a", "qwq-32b", { provider: "deepseek", model: "deepseek-chat" }),
          route("b", "deepseek-chat", { provider: "qwen", model: "qwq-32b" })
        ]
      })
      const from = (broken: string) => (seen: Seen) =>
        seen.model === broken ? failed : isQwen(seen) ? thinking : ok(seen)
      const away = yield* play(call("qwq-32b"), from("qwq-32b"), config)
      expect(away.world.seen.map(({ body, model }) => [model, body["stream"] ?? false])).toEqual([
        ["qwq-32b", true],
        ["qwq-32b", true],
        ["deepseek-chat", false]
      ])
      expect(value(away).completion.choices[0]?.message.content).toBe("ok")
      const back = yield* play(call("deepseek-chat"), from("deepseek-chat"), config)
      expect(back.world.seen.at(-1)?.body).toMatchObject({ model: "qwq-32b", stream: true })
      expect(value(back).completion.choices[0]?.message).toMatchObject({ content: "ab", reasoning_content: "hm" })
    })
  )

  it.effect("is replaced by the fallback's JSON when the stream breaks after content", () =>
    Effect.gen(function* () {
      const route = {
        ...options().routes[0]!,
        upstream: "streamed" as const,
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
      const cut: Play = [...openStream, [0, data(text("a"))], [0, broken()]]
      const vendor = (seen: Seen): Play => (isQwen(seen) ? cut : sse(text("whole") + stop + done))
      const result = yield* play(call(), vendor, options({ routes: [route] }))
      expect(value(result).completion.choices[0]?.message.content).toBe("whole")
    })
  )
})
