import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import { Failover } from "../src/failover/Failover.ts"
import * as TextCompletion from "../src/internal/wire/TextCompletion.ts"
import { collect, error, play, value } from "./play.ts"
import { broken, completion, data, done, json, openStream, type Play, type Seen, sse } from "./support.ts"

const config = (targets: ReadonlyArray<string>, more: object = {}): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: "http://qwen.test/v1", keys: ["sk-demo-q1"] },
    deepseek: { type: "deepseek", baseUrl: "http://deepseek.test", keys: ["sk-demo-d1"] },
    local: { type: "openai-compatible", baseUrl: "http://local.test/v1", keys: ["sk-demo-l1"] },
    other: { type: "openai-compatible", baseUrl: "http://other.test/v1", keys: ["sk-demo-o1"] }
  },
  routes: [
    {
      name: "code",
      match: { model: { prefix: "" } },
      targets: [{ provider: targets[0] ?? "" }],
      fallback: targets.slice(1).map((provider) => ({ provider })),
      ...more
    }
  ]
})

const answer = (text: string, finish = "stop", more: object = {}) => ({
  id: "cmpl-1",
  object: "text_completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, text, logprobs: null, finish_reason: finish, ...more }],
  usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 }
})

const frame = (text: string, finish: string | null = null, index = 0): string =>
  `data: ${JSON.stringify({ id: "cmpl-1", object: "text_completion", model: "m", choices: [{ index, text, logprobs: null, finish_reason: finish }] })}\n\n`

const complete = (model = "m", more: object = {}, text?: string) =>
  Effect.flatMap(Failover, ({ complete }) => complete({ request: { model, prompt: "def f(", ...more }, text }))

const stream = (sink: ReturnType<typeof collect>["sink"], more: object = {}) =>
  Effect.flatMap(Failover, ({ streamText }) =>
    streamText({ request: { model: "m", prompt: "def f(", stream: true, ...more }, text: undefined }, sink)
  )

const choices = (written: string): ReadonlyArray<any> =>
  written
    .split("\n\n")
    .filter((event) => event !== "")
    .flatMap((event) => JSON.parse(event.slice("data: ".length)).choices)

const origins = (seen: ReadonlyArray<Seen>) => seen.map(({ origin, path }) => origin + path)

describe("a text completion", () => {
  it.effect("comes from the vendor's endpoint with the caller's text and the answer's bytes as they were", () =>
    Effect.gen(function* () {
      const text = '{ "model":"m", "prompt":"def f(", "seed": 9223372036854775807 }'
      const bytes =
        '{"object":"text_completion","choices":[{"text":"x","logprobs":{"top":-1.0},"finish_reason":"stop"}]}'
      const played = yield* play(complete("m", {}, text), () => json(200, bytes), config(["local"]))
      expect(value(played).bytes.toString()).toBe(bytes)
      expect(played.world.seen[0]).toMatchObject({ path: "/v1/completions", text })
      expect(played.world.calls[0]).toMatchObject({ _tag: "CallStarted", operation: "text_completion" })
    })
  )

  it.effect("moves to the next target when the first fails, and takes an empty text for an answer", () =>
    Effect.gen(function* () {
      const vendor = ({ origin }: Seen): Play =>
        origin.includes("local") ? json(500, { error: { message: "down" } }) : json(200, answer(""))
      const played = yield* play(complete(), vendor, config(["local", "other"]))
      expect(value(played)).toMatchObject({ provider: "other", completion: answer("") })
    })
  )

  it.effect("asks each vendor where it has them, and passes over models without", () =>
    Effect.gen(function* () {
      const fails = (): Play => json(500, { error: { message: "down" } })
      const coder = yield* play(complete("qwen2.5-coder-7b-instruct"), fails, config(["qwen", "deepseek"]))
      expect(new Set(origins(coder.world.seen))).toEqual(
        new Set(["http://qwen.test/v1/completions", "http://deepseek.test/beta/completions"])
      )
      const chat = yield* play(complete("qwen-plus"), () => json(200, answer("x")), config(["qwen", "local"]))
      expect(origins(chat.world.seen)).toEqual(["http://local.test/v1/completions"])
      expect(value(chat).trail).toMatchObject([{ provider: "qwen", because: "Unsuited" }, { _tag: "Ok" }])
    })
  )

  it.effect("is refused with what to do instead where no target has them, and nothing is sent", () =>
    Effect.gen(function* () {
      const played = yield* play(complete("qwen-plus"), () => json(200, answer("x")), config(["qwen"]))
      expect(error(played).message).toContain('send {"messages":[{"role":"user","content":PROMPT}]}')
      expect(played.world.seen).toEqual([])
    })
  )

  it.effect("is put together from a stream, where the route or the vendor streams", () =>
    Effect.gen(function* () {
      const vendor = (): Play => sse(frame("a"), frame("b"), frame("", "length"), done)
      const played = yield* play(complete(), vendor, config(["local"], { upstream: "streamed" }))
      expect(played.world.seen[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
      expect(value(played).completion).toEqual({
        id: "cmpl-1",
        object: "text_completion",
        model: "m",
        choices: [{ index: 0, text: "ab", logprobs: null, finish_reason: "length" }]
      })
    })
  )

  it.effect.each([
    ["a chat's body without a message", { choices: [{ index: 0 }] }],
    ["no list", { choices: { text: "a" } }],
    ["an unfinished nothing", { choices: [{ text: "", finish_reason: null }] }],
    ["null for a choice", { choices: [null] }]
  ])("takes %s for no answer", ([, body]) =>
    Effect.gen(function* () {
      const played = yield* play(complete(), () => json(200, body), config(["local"]))
      expect(error(played).reason._tag).toBe("UpstreamFailed")
    })
  )

  it("has a text where a vendor answers as for a chat", () => {
    expect(TextCompletion.read(completion("m", "hello") as never).choices).toEqual([
      { index: 0, text: "hello", logprobs: null, finish_reason: "stop" }
    ])
  })

  it.effect.each<[string, object]>([
    ["a number", { text: 42 }],
    ["a number, as for a chat", { message: { role: "assistant", content: 42 } }],
    ["parts, as for a chat", { message: { role: "assistant", content: [{ type: "text", text: "4" }, "2"] } }]
  ])("has the text that is %s", ([, said]) =>
    Effect.gen(function* () {
      const body = { id: "1", choices: [{ index: 0, ...said, finish_reason: "stop" }] }
      const { bytes, completion } = value(yield* play(complete(), () => json(200, body), config(["local"])))
      expect(completion.choices[0]?.text).toBe("42")
      expect(JSON.parse(bytes.toString())).toEqual(completion)
      const streamed = yield* play(
        complete(),
        () =>
          sse(`data: ${JSON.stringify({ id: "1", choices: [{ index: 0, ...said }] })}\n\n`, frame("", "stop"), done),
        config(["local"])
      )
      expect(value(streamed).completion.choices[0]?.text).toBe("42")
    })
  )

  it.each([
    [{ prompt: "a" }, 1],
    [{ prompt: ["a", "b"], n: 2 }, 4],
    [{ prompt: [1, 2, 3] }, 1],
    [{ prompt: [[1, 2], [3]] }, 2],
    [{ prompt: [], n: 0 }, 1]
  ])("has, for %j, %i choices", (request, count) => {
    expect(TextCompletion.choicesOf(request)).toBe(count)
  })
})

describe("a streamed text completion", () => {
  it.effect("is delivered with texts, and one finish behind all of them", () =>
    Effect.gen(function* () {
      const out = collect()
      const vendor = (): Play => sse(frame("a", "stop"), frame("b", "stop"), done)
      value(yield* play(stream(out.sink), vendor, config(["local"])))
      expect(choices(out.text()).map(({ finish_reason, text }) => [text, finish_reason])).toEqual([
        ["a", null],
        ["b", null],
        ["", "stop"]
      ])
      expect(out.text()).not.toContain("delta")
    })
  )

  it.effect("moves on before the first text, and breaks behind it", () =>
    Effect.gen(function* () {
      const out = collect()
      const vendor = ({ origin }: Seen): Play =>
        origin.includes("local")
          ? [...openStream, [0, data(frame(""))], [0, broken()]]
          : [...openStream, [0, data(frame("a"))], [0, broken()]]
      const played = yield* play(stream(out.sink), vendor, config(["local", "other"]))
      expect(error(played).reason._tag).toBe("Broken")
      expect(out.log[0]).toBe("begin other")
    })
  )

  it.effect("is whole only with a choice for each of its prompts", () =>
    Effect.gen(function* () {
      const prompts = { prompt: ["a", "b"] }
      const half = yield* play(stream(collect().sink, prompts), () => sse(frame("a", "stop"), done), config(["local"]))
      expect(error(half).reason._tag).toBe("Broken")
      const both = (): Play => sse(frame("a", "stop"), frame("b", "stop", 1), done)
      value(yield* play(stream(collect().sink, prompts), both, config(["local"])))
    })
  )

  it.effect("is unfolded where the vendor answers with JSON, and may be empty", () =>
    Effect.gen(function* () {
      const out = collect()
      const whole = yield* play(stream(out.sink), () => json(200, answer("")), config(["local"]))
      expect(value(whole).usage).toMatchObject({ total_tokens: 3 })
      expect(choices(out.text()).at(-1)).toMatchObject({ text: "", finish_reason: "stop" })
      value(yield* play(stream(collect().sink), () => sse(frame("", "stop"), done), config(["local"])))
    })
  )

  it.effect("leaves think tags in the text, which has no other place for them", () =>
    Effect.gen(function* () {
      const out = collect()
      const tagged: UnderstudyOptions = {
        ...config(["local"]),
        providers: { local: { type: "openai-compatible", baseUrl: "http://local.test/v1", keys: [], thinkTags: true } }
      }
      value(yield* play(stream(out.sink), () => sse(frame("<think>a</think>b", "stop"), done), tagged))
      expect(choices(out.text())[0].text).toBe("<think>a</think>b")
    })
  )
})
