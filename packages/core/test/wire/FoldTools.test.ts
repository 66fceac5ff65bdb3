import { describe, expect, it } from "vitest"
import { fold } from "../../src/internal/wire/Fold.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

const head = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m" }
const of = (delta: unknown, finish: unknown = null, more: object = {}): ChatCompletionChunk =>
  ({ ...head, choices: [{ index: 0, delta, finish_reason: finish, ...more }] }) as ChatCompletionChunk

const choiceOf = (...chunks: ReadonlyArray<ChatCompletionChunk>) => fold(chunks).choices[0]
const messageOf = (...deltas: ReadonlyArray<unknown>) => choiceOf(...deltas.map((delta) => of(delta)))?.message

const fragment = (more: object, name?: string, args?: string) => ({
  tool_calls: [
    {
      ...more,
      function: { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) }
    }
  ]
})
const calls = (...deltas: ReadonlyArray<unknown>) =>
  (messageOf(...deltas)?.tool_calls ?? []).map(({ function: called, id }) => [id, called?.name, called?.arguments])

describe("fold of tool calls", () => {
  it.each([
    [
      "an index each",
      [
        fragment({ index: 0, id: "a" }, "f", "{"),
        fragment({ index: 1, id: "b" }, "g", "{}"),
        fragment({ index: 0 }, undefined, "}")
      ],
      [
        ["a", "f", "{}"],
        ["b", "g", "{}"]
      ]
    ],
    [
      "no index, an id each",
      [
        fragment({ id: "a" }, "f", "{"),
        fragment({}, undefined, "}"),
        fragment({ id: "b" }, "g", "{"),
        fragment({}, undefined, "}")
      ],
      [
        ["a", "f", "{}"],
        ["b", "g", "{}"]
      ]
    ],
    [
      "one index for all",
      [
        fragment({ index: 0, id: "a" }, "f", "{}"),
        fragment({ index: 0, id: "b" }, "g", "{"),
        fragment({ index: 0 }, undefined, "}")
      ],
      [
        ["a", "f", "{}"],
        ["b", "g", "{}"]
      ]
    ],
    [
      "the id in every fragment",
      [fragment({ id: "a" }, "f", "{"), fragment({ id: "a" }, undefined, "}")],
      [["a", "f", "{}"]]
    ],
    [
      "an index that is a text",
      [
        fragment({ index: "0", id: "a" }, "f", "{"),
        fragment({ index: "1", id: "b" }, "g", ""),
        fragment({ index: "0" }, undefined, "}")
      ],
      [
        ["a", "f", "{}"],
        ["b", "g", ""]
      ]
    ],
    [
      "an index that is null",
      [fragment({ index: null, id: "a" }, "f", "{"), fragment({ index: null, id: null }, undefined, "}")],
      [["a", "f", "{}"]]
    ],
    [
      "no ids at all",
      [fragment({}, "f", "{}"), fragment({}, "g", "{}")],
      [
        ["", "f", "{}"],
        ["", "g", "{}"]
      ]
    ],
    [
      "one object in place of a list",
      [{ tool_calls: { id: "a", function: { name: "f", arguments: "{}" } } }],
      [["a", "f", "{}"]]
    ],
    [
      "arguments that are an object",
      [{ tool_calls: [{ id: "a", function: { name: "f", arguments: { city: "北京" } } }] }],
      [["a", "f", '{"city":"北京"}']]
    ]
  ] as const)("tells calls apart by %s", (_, deltas, expected) => {
    expect(calls(...deltas)).toEqual(expected)
  })

  it("keeps the order of the vendor's positions, and what nobody knows of a call", () => {
    const [first, second] =
      messageOf(
        fragment({ index: 1, id: "b" }, "g", "{}"),
        {
          tool_calls: [
            {
              index: 0,
              id: "a",
              type: "function",
              function: { name: "f", arguments: "" },
              extra_content: { signature: "s" }
            }
          ]
        },
        fragment({ index: 0 }, undefined, "{}")
      )?.tool_calls ?? []
    expect(first).toEqual({
      index: 0,
      id: "a",
      type: "function",
      function: { name: "f", arguments: "{}" },
      extra_content: { signature: "s" }
    })
    expect(second?.id).toBe("b")
  })

  it("numbers calls anew that were streamed under one number", () => {
    const folded = messageOf(fragment({ index: 0, id: "a" }, "f", "{}"), fragment({ index: 0, id: "b" }, "g", "{}"))
    expect(folded?.tool_calls?.map(({ id, index }) => [id, index])).toEqual([
      ["a", 0],
      ["b", 1]
    ])
  })

  it("tells calls without ids apart that share a number and stand one behind the other", () => {
    const number = { index: 0 }
    const folded = messageOf(
      fragment(number, "f", '{"a"'),
      fragment(number, "f", ":1}"),
      fragment(number, "f", '{"a":2}'),
      fragment(number, "f", ""),
      fragment(number, "g", ""),
      fragment(number, undefined, "{}")
    )
    expect(folded?.tool_calls?.map(({ function: called, index }) => [index, called])).toEqual([
      [0, { name: "f", arguments: '{"a":1}' }],
      [1, { name: "f", arguments: '{"a":2}' }],
      [2, { name: "g", arguments: "{}" }]
    ])
  })

  it("puts a name together that comes in pieces", () => {
    const folded = messageOf(
      fragment({ index: 0, id: "a" }, "get_", ""),
      fragment({ index: 0 }, "weather", ""),
      fragment({ index: 0 }, undefined, "{}")
    )
    expect(folded?.tool_calls?.map(({ function: called }) => called)).toEqual([
      { name: "get_weather", arguments: "{}" }
    ])
  })

  it("keeps a call of another type as it is", () => {
    const first = { index: 0, id: "a", type: "custom", custom: { name: "sh", input: "l" } }
    expect(
      messageOf({ tool_calls: [first] }, { tool_calls: [{ index: 0, custom: { input: "s" } }] })?.tool_calls
    ).toEqual([{ ...first, custom: { name: "sh", input: "ls" } }])
  })
})
