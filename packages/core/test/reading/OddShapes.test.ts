import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { outcomeOf } from "../../src/failure/Trail.ts"
import * as Chunk from "../../src/internal/wire/Chunk.ts"
import { call, collect, error, isQwen, outcomes, play, stream, value } from "../play.ts"
import {
  completion,
  connected,
  data,
  done,
  frame,
  json,
  type Play,
  role,
  type Seen,
  sse,
  stop,
  text
} from "../support.ts"

const event = (json: unknown): string => `data: ${JSON.stringify(json)}\n\n`
const choice = (fields: unknown): string => event({ id: "1", choices: [fields] })

/** Frames that say nothing that a caller could miss. */
const harmless: ReadonlyArray<readonly [name: string, frame: string]> = [
  ["choices: [null]", event({ choices: [null] })],
  ["choices: {}", event({ choices: {} })],
  ["choices: null", event({ choices: null })],
  ["no choices", event({ id: "1" })],
  ["delta: null", choice({ index: 0, delta: null })],
  ["delta: []", choice({ index: 0, delta: [] })],
  ["finish_reason: false", choice({ index: 0, delta: {}, finish_reason: false })],
  ['finish_reason: ""', choice({ index: 0, delta: {}, finish_reason: "" })],
  ["finish_reason: 0", choice({ index: 0, delta: {}, finish_reason: 0 })],
  ["finish_reason: {}", choice({ index: 0, delta: {}, finish_reason: {} })],
  ["tool_calls: {}", choice({ index: 0, delta: { tool_calls: {} } })],
  ["tool_calls: [null]", choice({ index: 0, delta: { tool_calls: [null] } })],
  ["content: false", choice({ index: 0, delta: { content: false } })],
  ["usage: text", event({ choices: [], usage: "none" })],
  ["usage: []", event({ choices: [], usage: [] })],
  ["error: {}", event({ choices: [], error: {} })],
  ["id: {}", event({ id: {}, model: 7, choices: [] })],
  ["null", event(null)],
  ["{}", event({})],
  ["[]", event([])],
  ["an empty text", event("")],
  ["white space", "data:  \n\n"],
  ["a ping", 'event: ping\ndata: {"type":"ping","at":1730000000}\n\n'],
  ["a ping without a name", event({ type: "ping" })],
  ["usage: {}", event({ choices: [], usage: {} })]
]

/** Frames that hold something, or may, which nobody can read. */
const unreadable: ReadonlyArray<readonly [name: string, frame: string]> = [
  ["an array", event([1])],
  ["an array of chunks", event([{ choices: [{ delta: { content: "x" } }] }])],
  ["a number", event(42)],
  ["a text", event("x")],
  ["true", event(true)],
  ["no JSON", "data: {oops\n\n"],
  ["choices: {…}", event({ choices: { delta: { content: "x" } } })],
  ["choices: text", event({ choices: "x" })],
  ["a choice that is text", event({ choices: ["x"] })],
  ["a choice that is an array", event({ choices: [["x"]] })],
  ["delta: text", choice({ index: 0, delta: "x" })],
  ["delta: [x]", choice({ index: 0, delta: ["x"] })],
  ["content: {…}", choice({ index: 0, delta: { content: { of: "x" } } })],
  ["content: true", choice({ index: 0, delta: { content: true } })],
  ["tool_calls: text", choice({ index: 0, delta: { tool_calls: "x" } })],
  ["tool_calls: [text]", choice({ index: 0, delta: { tool_calls: ["x"] } })],
  ["a function that is text", choice({ index: 0, delta: { tool_calls: [{ index: 0, function: "x" }] } })]
]

/** Frames that are read although the protocol writes them otherwise. */
const read: ReadonlyArray<readonly [name: string, delta: object, expected: object]> = [
  ["a number for a text", { content: 42 }, { content: "42" }],
  ["a number for a thought", { reasoning_content: 4.5 }, { reasoning_content: "4.5" }],
  [
    "one call instead of a list",
    { tool_calls: { id: "c", function: { name: "f", arguments: "{}" } } },
    { tool_calls: [{ id: "c", function: { name: "f", arguments: "{}" } }] }
  ],
  [
    "arguments as an object",
    { tool_calls: [{ index: 0, function: { arguments: { a: 1 } } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }
  ],
  ["an index as text", { tool_calls: [{ index: "1", id: 7 }] }, { tool_calls: [{ index: 1, id: "7" }] }]
]

describe("odd frames", () => {
  for (const [name, odd] of harmless) {
    it.effect(`do not hurt a stream that is whole around them: ${name}`, () =>
      Effect.gen(function* () {
        const out = collect()
        expect(
          value(yield* play(stream(out.sink), () => sse(odd, text("a"), odd, text("b"), odd, stop, odd, done))).provider
        ).toBe("qwen")
        const events = out
          .text()
          .split("\n\n")
          .filter((each) => each !== "")
        for (const each of events) expect(Chunk.isPlain(JSON.parse(each.slice(6)))).toBe(true)
        expect(out.text().match(/"content":"[ab]"/g)).toEqual(['"content":"a"', '"content":"b"'])
        const whole = value(yield* play(call("qwen-turbo"), () => sse(odd, text("a"), odd, text("b"), stop, done)))
        expect([whole.provider, whole.completion.choices[0]?.message.content]).toEqual(["qwen", "ab"])
      })
    )

    it.effect(`do not make an answer: ${name}`, () =>
      Effect.gen(function* () {
        const vendor = (seen: Seen) => (isQwen(seen) ? sse(role, odd, done) : sse(text("b") + stop + done))
        expect(value(yield* play(stream(collect().sink), vendor)).provider).toBe("deepseek")
      })
    )
  }

  for (const [name, odd] of unreadable) {
    it.effect(`are malformed before content, and break a stream behind it: ${name}`, () =>
      Effect.gen(function* () {
        const vendor = (seen: Seen) => (isQwen(seen) ? sse(odd, text("a") + stop + done) : sse(text("b") + stop + done))
        const before = value(yield* play(stream(collect().sink), vendor))
        expect(outcomes(before.trail).slice(0, 1)).toEqual(["qwen MalformedResponse"])
        expect(before.provider).toBe("deepseek")
        const out = collect()
        const after = error(yield* play(stream(out.sink), () => sse(text("a"), odd, text("b") + stop + done)))
        expect(outcomes(after.trail)).toEqual(["qwen Interrupted after content"])
        expect(out.text()).toBe(text("a"))
      })
    )
  }

  it.each(read)("are mended without a loss: %s", (_, delta, expected) => {
    expect(Chunk.isPlain({ choices: [{ delta }] })).toBe(false)
    expect(Chunk.mend({ choices: [{ delta }] })?.choices?.[0]?.delta).toEqual(expected)
  })

  it.effect("reach the caller mended", () =>
    Effect.gen(function* () {
      const out = collect()
      value(yield* play(stream(out.sink), () => sse(choice({ index: "0", delta: { content: 42 } }), stop, done)))
      expect(out.text()).toContain('"content":"42"')
    })
  )

  it.effect("are read where an event holds a whole message, once", () =>
    Effect.gen(function* () {
      const whole = event({
        id: "1",
        choices: [{ index: 0, message: { role: "assistant", content: "all" }, finish_reason: "stop" }]
      })
      const out = collect()
      value(yield* play(stream(out.sink), () => sse(whole, done)))
      expect(out.text().match(/"content":"all"/g)).toHaveLength(1)
      const again = value(yield* play(call(), () => sse(text("all"), whole, done)))
      expect(again.completion.choices[0]?.message.content).toBe("all")
    })
  )
})

describe("a JSON answer of an odd shape", () => {
  for (const [name, body] of [
    ["choices: [null]", { choices: [null] }],
    ["choices: {}", { choices: {} }],
    ["a message that is null", { choices: [{ message: null }] }],
    ["a message that is text", { choices: [{ message: "x" }] }],
    ["an array", [completion("m")]],
    ["a number", 42],
    ["null", null],
    ["text", '"x"']
  ] as ReadonlyArray<[string, unknown]>) {
    it.effect(`moves to the next target: ${name}`, () =>
      Effect.gen(function* () {
        for (const ask of [call(), stream(collect().sink)]) {
          const vendor = (seen: Seen): Play =>
            isQwen(seen)
              ? json(200, typeof body === "string" ? body : JSON.stringify(body))
              : sse(text("b") + stop + done)
          const answer = value(yield* play<{ readonly provider: string; readonly trail: any }, any>(ask, vendor))
          expect([answer.provider, outcomeOf(answer.trail[0]!)]).toEqual(["deepseek", "MalformedResponse"])
        }
      })
    )
  }
})

describe("an error without a member of that name, inside HTTP 200", () => {
  for (const [body, reason] of [
    [{ error_code: 18, error_msg: "Open api qps request limit reached" }, "RateLimited"],
    [{ message: "Input is too long for requested model." }, "ContextTooLong"],
    [{ status: 503, message: "busy" }, "Overloaded"]
  ] as const) {
    it.effect(`is what it says: ${JSON.stringify(body)}`, () =>
      Effect.gen(function* () {
        for (const ask of [call(), stream(collect().sink)]) {
          const vendor = (seen: Seen): Play =>
            isQwen(seen) ? json(200, JSON.stringify(body)) : sse(text("b") + stop + done)
          const answer = value(yield* play<{ readonly provider: string; readonly trail: any }, any>(ask, vendor))
          expect([answer.provider, outcomeOf(answer.trail[0]!)]).toEqual(["deepseek", reason])
        }
      })
    )
  }
})

describe("an error beside a whole answer", () => {
  const choice = { index: 0, message: { role: "assistant", content: "a" }, finish_reason: "stop" }
  const error = { message: "broken", code: 502 }
  for (const [name, body] of [
    ["at the top", { choices: [choice], error }],
    ["in its choice", { choices: [{ ...choice, error }] }],
    ["in one of its choices", { choices: [choice, { ...choice, index: 1, error }] }],
    ["as MiniMax has it", { choices: [choice], base_resp: { status_code: 1000, status_msg: "broken" } }]
  ] as const) {
    it.effect(`moves to the next target: ${name}`, () =>
      Effect.gen(function* () {
        const vendor = (seen: Seen): Play => json(200, isQwen(seen) ? JSON.stringify(body) : completion("b"))
        const answer = value(yield* play(call(), vendor))
        expect([answer.provider, answer.trail[0]?._tag]).toEqual(["deepseek", "Failed"])
      })
    )
  }
})

describe("an odd JSON answer", () => {
  const answer = (message: unknown, more: object = {}, outer: object = {}) =>
    JSON.stringify({ id: "1", choices: [{ index: 0, message, finish_reason: "stop", ...more }], ...outer })
  const f = { name: "f", arguments: '{"a":1}' }
  for (const [name, body, message, finish] of [
    ["a number for its text", answer({ content: 42 }), { content: "42" }, "stop"],
    [
      "parsed arguments",
      answer({ tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: { a: 1 } } }] }),
      { tool_calls: [{ index: 0, id: "c", type: "function", function: f }] },
      "stop"
    ],
    [
      "arguments that are null",
      answer({ tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: null } }] }),
      { tool_calls: [{ index: 0, id: "c", type: "function", function: { name: "f", arguments: "" } }] },
      "stop"
    ],
    [
      "one call for a list, and no finish that could be read",
      answer({ tool_calls: { id: "c", type: "function", function: f } }, { finish_reason: false }),
      { tool_calls: [{ index: 0, id: "c", type: "function", function: f }] },
      "tool_calls"
    ],
    ["a call that is null", answer({ content: "a", tool_calls: [null] }), { content: "a", tool_calls: [] }, "stop"],
    ["an empty error beside it", answer({ content: "a" }, {}, { error: {} }), { content: "a" }, "stop"],
    ["an empty usage", answer({ content: "a" }, {}, { usage: {} }), { content: "a" }, "stop"],
    [
      "null beside its choice",
      JSON.stringify({ id: "1", choices: [null, { index: 0, message: { content: "a" }, finish_reason: "stop" }] }),
      { content: "a" },
      "stop"
    ]
  ] as const) {
    it.effect(`is whole for every caller, in the shapes that clients know: ${name}`, () =>
      Effect.gen(function* () {
        const asked = value(yield* play(call(), () => json(200, body)))
        expect(asked.provider).toBe("qwen")
        for (const said of [asked.completion, JSON.parse(asked.bytes.toString())]) {
          expect(said.choices).toEqual([{ index: 0, message, finish_reason: finish }])
          expect(said).not.toHaveProperty("error")
        }
        const out = collect()
        expect(value(yield* play(stream(out.sink), () => json(200, body))).provider).toBe("qwen")
        const chunks = out
          .text()
          .split("\n\n")
          .filter((each) => each !== "")
          .map((each) => JSON.parse(each.slice(6)))
        for (const chunk of chunks) expect(Chunk.isPlain(chunk)).toBe(true)
        expect(chunks.map((chunk) => chunk.choices[0].delta)).toContainEqual(expect.objectContaining(message))
        expect(chunks.at(-1).choices[0].finish_reason).toBe(finish)
      })
    )
  }

  it.effect("keeps its numbers as the vendor wrote them when it is mended", () =>
    Effect.gen(function* () {
      const body = answer({ content: 42 }).replace('"id":"1"', '"id":"1","seed":9223372036854775807')
      const { bytes } = value(yield* play(call(), () => json(200, body)))
      expect(bytes.toString()).toContain('"seed":9223372036854775807')
    })
  )
})

describe("an error event", () => {
  for (const [name, frames, outcome] of [
    [
      "DashScope's own words",
      'id:1\nevent:error\n:HTTP_STATUS/429\ndata:{"code":"Throttling.RateQuota","message":"Requests rate limit exceeded","request_id":"r"}\n\n',
      "RateLimited"
    ],
    [
      "vLLM's",
      'event: error\ndata: {"object":"error","message":"boom","type":"InternalServerError","code":500}\n\n',
      "ServerFailed"
    ],
    [
      "vLLM's without a name",
      'data: {"object":"error","message":"boom","type":"InternalServerError"}\n\n',
      "ServerFailed"
    ],
    ["llama.cpp's", 'error: {"code":500,"message":"boom","type":"server_error"}\n\n', "ServerFailed"],
    ["plain text", "event: error\ndata: upstream gone\n\n", "ServerFailed"],
    ["nothing", "event: error\n\n", "ServerFailed"],
    ["JSON without data before it", '{"error":{"message":"boom","code":"internal_error"}}\n\n', "ServerFailed"]
  ] as const) {
    it.effect(`ends the stream as an error, before and behind content, in ${name}`, () =>
      Effect.gen(function* () {
        const vendor = (seen: Seen) =>
          isQwen(seen) ? sse(role, frames, text("a") + stop + done) : sse(text("b") + stop + done)
        const before = value(yield* play(stream(collect().sink), vendor))
        expect(outcomeOf(before.trail[0]!)).toBe(outcome)
        expect(before.provider).toBe("deepseek")
        const out = collect()
        const after = error(yield* play(stream(out.sink), () => sse(text("a"), frames, text("b") + stop + done)))
        expect(outcomes(after.trail)).toEqual([`qwen ${outcome} after content`])
        expect(out.text()).toBe(text("a"))
      })
    )
  }

  it.effect("is one without its blank line, too", () =>
    Effect.gen(function* () {
      for (const last of ["event: error", "event: error\ndata: gone"]) {
        const failure = error(yield* play(stream(collect().sink), () => sse(text("a") + stop, last)))
        expect(outcomes(failure.trail)).toEqual(["qwen ServerFailed after content"])
      }
    })
  )

  it.effect("is for nobody when it has no data: clients take it for broken JSON", () =>
    Effect.gen(function* () {
      for (const nothing of ["data:\n\n", "data: \n\n", "event: ping\n\n", "event: ping\ndata:\n\n"]) {
        const out = collect()
        const pieces = [text("a"), nothing, text("b") + nothing + text("c") + nothing, stop + nothing + done]
        value(yield* play(stream(out.sink), () => sse(...pieces)))
        expect(out.text()).toBe(text("a") + text("b") + text("c") + stop)
      }
    })
  )

  it.effect("is no error when it has another name", () =>
    Effect.gen(function* () {
      const named = `event: message\n${text("a")}`
      const out = collect()
      value(yield* play(stream(out.sink), () => sse(named, "event: ping\ndata: {}\n\n", frame({}, "stop") + done)))
      expect(out.text()).toContain('"content":"a"')
    })
  )
})

it.effect("reads frames that hold a plain end in one piece as they came", () =>
  Effect.gen(function* () {
    const out = collect()
    value(
      yield* play(stream(out.sink), () => [
        [0, connected],
        [0, (handler) => handler.onHeaders(200, { "content-type": "text/event-stream" })],
        [0, data(role + text("a") + frame({ content: "b" }, "stop") + done)]
      ])
    )
    expect(out.text()).toBe(role + text("a") + frame({ content: "b" }, "stop"))
  })
)
