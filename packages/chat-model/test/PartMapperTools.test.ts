import { describe, expect, it } from "vitest"
import type { ChatPart } from "../src/ChatPart.ts"
import * as ChatResponse from "../src/ChatResponse.ts"
import { PartMapper } from "../src/internal/stream/PartMapper.ts"
import { chunk, finish } from "./support/ScriptedUpstream.ts"

const head = { route: "chain", provider: "first", model: "chat", trail: [] }

const map = (...chunks: ReadonlyArray<any>): ReadonlyArray<ChatPart> => {
  const mapper = new PartMapper(head)
  const parts: Array<ChatPart> = []
  for (const each of chunks) mapper.push(each, parts)
  mapper.end(parts, head.trail)
  return parts
}

const fold = (...chunks: ReadonlyArray<any>) => ChatResponse.fromParts(map(...chunks))
const calls = (...fragments: ReadonlyArray<any>) =>
  fold(
    ...fragments.map((fragment) => chunk({ tool_calls: Array.isArray(fragment) ? fragment : [fragment] })),
    finish("tool_calls")
  ).toolCalls

describe("tool call fragments", () => {
  const named = (extra: object, name = "weather", text: unknown = "") => ({
    ...extra,
    type: "function",
    function: { name, arguments: text }
  })
  const more = (extra: object, text: unknown) => ({ ...extra, function: { arguments: text } })
  const weather = { id: "c1", name: "weather", arguments: '{"city":"Hangzhou"}' }

  const rows: ReadonlyArray<readonly [string, ReadonlyArray<any>, ReadonlyArray<object>]> = [
    [
      "by index (OpenAI, DeepSeek)",
      [named({ index: 0, id: "c1" }), more({ index: 0 }, '{"city":'), more({ index: 0 }, '"Hangzhou"}')],
      [weather]
    ],
    [
      "with an empty id after the first (Qwen)",
      [named({ index: 0, id: "c1" }), more({ index: 0, id: "", type: "function" }, '{"city":"Hangzhou"}')],
      [weather]
    ],
    [
      "with null arguments",
      [
        named({ index: 0, id: "c1" }, "weather", null),
        more({ index: 0 }, '{"city":"Hangzhou"}'),
        more({ index: 0 }, null)
      ],
      [weather]
    ],
    [
      "without a type",
      [{ index: 0, id: "c1", function: { name: "weather", arguments: '{"city":"Hangzhou"}' } }],
      [weather]
    ],
    ["without an index", [named({ id: "c1" }), more({}, '{"city":'), more({}, '"Hangzhou"}')], [weather]],
    [
      "by id alone",
      [named({ id: "c1" }), named({ id: "c2" }, "now", "{}"), more({ id: "c1" }, '{"city":"Hangzhou"}')],
      [weather, { id: "c2", name: "now", arguments: "{}" }]
    ],
    [
      "interleaved",
      [
        named({ index: 0, id: "c1" }),
        named({ index: 1, id: "c2" }, "now"),
        more({ index: 0 }, '{"city":"Hangzhou"}'),
        more({ index: 1 }, "{}")
      ],
      [weather, { id: "c2", name: "now", arguments: "{}" }]
    ],
    [
      "with one index for different calls (Gemini)",
      [named({ index: 0, id: "c1" }, "weather", '{"city":"Hangzhou"}'), named({ index: 0, id: "c2" }, "now", "{}")],
      [weather, { id: "c2", name: "now", arguments: "{}" }]
    ],
    [
      "with a new id in every fragment",
      [named({ index: 0, id: "c1" }), more({ index: 0, id: "zzz" }, '{"city":"Hangzhou"}')],
      [weather]
    ],
    [
      "with the name in every fragment",
      [named({ index: 0, id: "c1" }, "weather", '{"city":'), named({ index: 0 }, "weather", '"Hangzhou"}')],
      [weather]
    ],
    [
      "with the name after the first arguments",
      [more({ index: 0, id: "c1" }, '{"city":'), named({ index: 0 }, "weather", '"Hangzhou"}')],
      [weather]
    ],
    [
      "with arguments as an object (Ollama)",
      [named({ index: 0, id: "c1" }, "weather", { city: "Hangzhou" })],
      [weather]
    ],
    [
      "two in one chunk",
      [[named({ index: 0, id: "c1" }, "weather", '{"city":"Hangzhou"}'), named({ index: 1, id: "c2" }, "now", "{}")]],
      [weather, { id: "c2", name: "now", arguments: "{}" }]
    ],
    [
      "two without index or id",
      [[named({}, "weather", "{}"), named({}, "now", "{}")]],
      [
        { id: "call_answer-1_0", name: "weather", arguments: "{}" },
        { id: "call_answer-1_1", name: "now", arguments: "{}" }
      ]
    ],
    ["without an id", [named({ index: 0 }, "weather", '{"city":"Hangzhou"}')], [{ ...weather, id: "call_answer-1_0" }]],
    [
      "with an id that comes late",
      [named({ index: 0, id: "" }), more({ index: 0, id: "late" }, '{"city":"Hangzhou"}')],
      [{ ...weather, id: "call_answer-1_0" }]
    ],
    ["without a name at all", [more({ index: 0, id: "c1" }, "{}")], [{ id: "c1", name: "", arguments: "{}" }]],
    ["without a function", [{ index: 0, id: "c1" }, named({ index: 0 }, "weather", '{"city":"Hangzhou"}')], [weather]],
    [
      "when calls share an id",
      [
        named({ index: 0, id: "c1" }, "weather", '{"city":'),
        named({ index: 1, id: "c1" }, "now"),
        more({ index: 0, id: "c1" }, '"Hangzhou"}'),
        more({ index: 1, id: "c1" }, "{}")
      ],
      [weather, { id: "c1", name: "now", arguments: "{}" }]
    ],
    ["that are null", [[null, named({ index: 0, id: "c1" }, "weather", '{"city":"Hangzhou"}')]], [weather]]
  ]

  it.each(rows)("are put together %s", (_, fragments, expected) => {
    expect(calls(...fragments)).toEqual(expected)
  })

  it("stream as deltas that join to the whole", () => {
    const parts = map(
      chunk({ tool_calls: [more({ index: 0, id: "c1" }, '{"a"')] }),
      chunk({ tool_calls: [named({ index: 0 }, "weather", ":1")] }),
      chunk({ tool_calls: [more({ index: 0 }, "}")] }),
      finish("tool_calls")
    )
    expect(parts.slice(1, -1)).toEqual([
      { type: "tool-call-start", id: "c1", name: "weather" },
      { type: "tool-call-delta", id: "c1", delta: '{"a":1' },
      { type: "tool-call-delta", id: "c1", delta: "}" },
      { type: "tool-call", id: "c1", name: "weather", arguments: '{"a":1}' }
    ])
  })
})
