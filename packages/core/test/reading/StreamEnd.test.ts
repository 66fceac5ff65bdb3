import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { outcomeOf } from "../../src/failure/Trail.ts"
import { call, collect, error, isQwen, outcomes, play, stream, value } from "../play.ts"
import {
  broken,
  completion,
  data,
  done,
  end,
  frame,
  json,
  openStream,
  type Play,
  role,
  sse,
  stop,
  text
} from "../support.ts"

const usage = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}\n\n'
const other = (content: string | undefined, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "1", choices: [{ index: 1, delta: content === undefined ? {} : { content }, finish_reason: finish }] })}\n\n`

const chunks = (written: string): ReadonlyArray<any> =>
  written
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => JSON.parse(event.slice("data: ".length)))

const choices = (written: string): ReadonlyArray<any> => chunks(written).flatMap((chunk) => chunk.choices)

const textOf = (written: string, index = 0): string =>
  choices(written)
    .filter((choice) => choice.index === index)
    .map(({ delta }) => delta.content ?? "")
    .join("")

const finishesOf = (written: string): ReadonlyArray<unknown> =>
  choices(written).flatMap(({ finish_reason, index }) => (finish_reason === null ? [] : [[index, finish_reason]]))

const always =
  frame({ content: "The capital " }, "stop") + frame({ content: "is " }, "stop") + frame({ content: "Paris." }, "stop")

describe("the end of a stream", () => {
  for (const written of ["[DONE] ", " [DONE]", '"[DONE]"', "[done]", "[DONE]\r"]) {
    it.effect(`is known as servers write it: ${JSON.stringify(written)}`, () =>
      Effect.gen(function* () {
        const out = collect()
        const vendor = () => sse(text("a"), stop, `data: ${written}\n\n`)
        expect(value(yield* play(stream(out.sink), vendor)).provider).toBe("qwen")
        expect(textOf(out.text())).toBe("a")
        expect(value(yield* play(call(), vendor)).completion.choices[0]?.message.content).toBe("a")
      })
    )
  }

  it.effect("is reached by events that no blank line parts, each of which goes on by itself", () =>
    Effect.gen(function* () {
      const out = collect()
      const apart = [text("a"), text("b"), stop, done].map((each) => each.replace("\n\n", "\n"))
      for (const vendor of [() => sse(...apart), () => sse(apart.join(""))]) {
        out.log.length = 0
        value(yield* play(stream(out.sink), vendor))
        expect(textOf(out.text())).toBe("ab")
        expect(finishesOf(out.text())).toEqual([[0, "stop"]])
      }
    })
  )

  for (const [name, fault] of [
    ["in one piece", sse(role + always + done)],
    ["piece by piece", sse(role, ...always.split(/(?<=\n\n)/), done)],
    [
      "seconds apart",
      [...openStream, ...always.split(/(?<=\n\n)/).map((each) => [3_000, data(each)] as const), [0, end]]
    ]
  ] as ReadonlyArray<[string, Play]>) {
    it.effect(`delivers all of an answer with a finish on every chunk, and one finish behind it, ${name}`, () =>
      Effect.gen(function* () {
        const out = collect()
        value(yield* play(stream(out.sink), () => fault))
        expect(textOf(out.text())).toBe("The capital is Paris.")
        expect(finishesOf(out.text())).toEqual([[0, "stop"]])
        expect(choices(out.text()).at(-1)?.finish_reason).toBe("stop")
      })
    )
  }

  it.effect("delivers content and tool calls that come behind a finish, and the last finish", () =>
    Effect.gen(function* () {
      const called = frame({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "{}" } }] })
      const out = collect()
      value(
        yield* play(stream(out.sink), () => sse(text("a"), stop, text("b"), called, frame({}, "tool_calls") + done))
      )
      expect(textOf(out.text())).toBe("ab")
      expect(out.text()).toContain('"name":"f"')
      expect(finishesOf(out.text())).toEqual([[0, "tool_calls"]])
    })
  )

  it.effect("keeps the only finish for the end when content follows it", () =>
    Effect.gen(function* () {
      const out = collect()
      value(yield* play(stream(out.sink), () => sse(text("a"), stop, text("b"), done)))
      expect(out.text()).toBe(text("a") + text("b") + stop)
    })
  )

  it.effect("delivers every choice of n: 2, finishing one after the other", () =>
    Effect.gen(function* () {
      const out = collect()
      const answer = sse(text("a") + other("x"), stop, other("y"), other(undefined, "length"), usage, done)
      const report = value(yield* play(stream(out.sink, "qwen-turbo", { n: 2 }), () => answer))
      expect([textOf(out.text()), textOf(out.text(), 1)]).toEqual(["a", "xy"])
      expect(finishesOf(out.text())).toEqual([
        [0, "stop"],
        [1, "length"]
      ])
      expect(report.usage).toMatchObject({ total_tokens: 7 })
    })
  )

  for (const [name, fault] of [
    ["never began", sse(text("a") + stop)],
    ["never began, with [DONE]", sse(text("a") + stop + done)],
    ["has no finish", sse(text("a") + other("x") + stop)],
    ["has no finish, with [DONE]", sse(text("a") + other("x") + stop + done)],
    ["has no finish, in silence", [...openStream, [0, data(text("a") + other("x") + stop)]]]
  ] as ReadonlyArray<[string, Play]>) {
    it.effect(`is no end while one of the choices of n: 2 ${name}`, () =>
      Effect.gen(function* () {
        const out = collect()
        const failure = error(yield* play(stream(out.sink, "qwen-turbo", { n: 2 }), () => fault))
        expect(failure.reason._tag).toBe("Broken")
        expect(outcomeOf(failure.trail[0]!)).toMatch(/^(Interrupted|TimedOut\(idle\)) after content$/)
        expect(finishesOf(out.text())).toEqual([])
        const whole = yield* play(call("qwen-turbo", { n: 2 }), (seen) =>
          isQwen(seen) ? fault : json(200, completion(seen.model))
        )
        expect(value(whole).provider).toBe("deepseek")
      })
    )
  }

  it.effect("waits for a usage chunk that comes seconds behind the finish", () =>
    Effect.gen(function* () {
      const late: Play = [...openStream, [0, data(text("a") + stop)], [6_000, data(usage)], [6_000, data(done)]]
      const out = collect()
      const report = value(yield* play(stream(out.sink), () => late))
      expect(report.usage).toMatchObject({ total_tokens: 7 })
      expect(out.text()).toBe(text("a") + stop + usage)
    })
  )

  it.effect("is there at once with [DONE], whether or not the connection is closed", () =>
    Effect.gen(function* () {
      const out = collect()
      const result = yield* play(stream(out.sink), () => [...openStream, [0, data(text("a") + stop + done)]])
      value(result)
      expect(result.now).toBeLessThanOrEqual(100)
    })
  )

  it.effect("is taken from silence alone only after the idle deadline", () =>
    Effect.gen(function* () {
      const out = collect()
      const result = yield* play(stream(out.sink), () => [...openStream, [0, data(text("a") + stop)]])
      expect(value(result).provider).toBe("qwen")
      expect(result.now).toBeGreaterThanOrEqual(20_000)
    })
  )

  const went = frame({ content: "a" }, "stop") + frame({ content: "b" }, "stop")
  for (const [name, fault, outcome] of [
    ["silence, when content has followed a finish", [...openStream, [0, data(went)]], "TimedOut(idle)"],
    ["a cut, when content has followed a finish", [...openStream, [0, data(went)], [0, broken()]], "Interrupted"],
    [
      "a cut behind a finish that stood beside content",
      [...openStream, [0, data(frame({ content: "a" }, "stop"))], [0, broken()]],
      "Interrupted"
    ],
    ["half a frame behind content", sse(text("a"), text("b").slice(0, 30)), "Interrupted"]
  ] as ReadonlyArray<[string, Play, string]>) {
    it.effect(`is not taken from ${name}`, () =>
      Effect.gen(function* () {
        const out = collect()
        const failure = error(yield* play(stream(out.sink), () => fault))
        expect(outcomes(failure.trail)).toEqual([`qwen ${outcome} after content`])
        expect(finishesOf(out.text())).toEqual([])
      })
    )
  }

  it.effect("is taken from a cut behind a finish of its own", () =>
    Effect.gen(function* () {
      const out = collect()
      const cut: Play = [...openStream, [0, data(text("a") + stop)], [0, broken()]]
      expect(value(yield* play(stream(out.sink), () => cut)).provider).toBe("qwen")
      expect(out.text()).toBe(text("a") + stop)
    })
  )

  it.effect("reads a last frame without its blank line, and closes it for the caller", () =>
    Effect.gen(function* () {
      const out = collect()
      value(yield* play(stream(out.sink), () => sse(text("a"), stop.trimEnd())))
      expect(out.text()).toBe(text("a") + stop)
      const torn = collect()
      value(yield* play(stream(torn.sink), () => sse(text("a") + stop, done.trimEnd())))
      expect(torn.text()).toBe(text("a") + stop)
    })
  )
})
