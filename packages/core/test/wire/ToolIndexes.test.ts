import { describe, expect, it } from "vitest"
import { ToolIndexes } from "../../src/internal/wire/ToolIndexes.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

const chunk = (...tool_calls: ReadonlyArray<unknown>): ChatCompletionChunk =>
  ({ id: "1", choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] }) as never

/** What a client makes of fragments that it puts together by their index alone. */
const asClient = (fragments: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const indexes = new ToolIndexes()
  const calls: Array<string> = []
  for (const fragment of fragments) {
    for (const choice of indexes.chunk(chunk(fragment)).choices ?? []) {
      for (const { function: called, index } of choice.delta?.tool_calls ?? []) {
        calls[index as number] = `${calls[index as number] ?? ""}${called?.name ?? ""}${called?.arguments ?? ""}`
      }
    }
  }
  return calls
}

const named = (name: string, fields: object = {}) => ({ ...fields, function: { name, arguments: "(" } })
const more = (fields: object = {}) => ({ ...fields, function: { arguments: ")" } })

describe("the calls of a stream", () => {
  it.each([
    ["without an index", [named("f", { id: "a" }), more(), named("g", { id: "b" }), more()]],
    ["without index and id", [named("f"), more(), named("g"), more()]],
    ["all at 0", [named("f", { index: 0, id: "a" }), more({ index: 0 }), named("g", { index: 0, id: "b" }), more()]],
    ["at no position", [named("f", { index: -1, id: "a" }), more(), named("g", { index: 2 ** 31, id: "b" }), more()]],
    ["one behind the other", [named("f", { index: 0, id: "a" }), more(), named("g", { index: 1, id: "b" }), more()]],
    [
      "taking turns",
      [
        named("f", { index: 0, id: "a" }),
        named("g", { index: 1, id: "b" }),
        more({ index: 1, id: "" }),
        more({ index: 0 })
      ]
    ]
  ])("have a position of their own for clients that know no other: %s", (_, fragments) => {
    expect(asClient(fragments)).toEqual(["f()", "g()"])
  })

  it("do not run into a call that took the next position", () => {
    const fragments = [
      named("f", { index: 0, id: "a" }),
      named("g", { index: 0, id: "b" }),
      named("h", { index: 1, id: "c" })
    ]
    expect(asClient([...fragments, more({ index: 1, id: "c" })])).toEqual(["f(", "g(", "h()"])
  })

  it("go on as they came where the vendor has numbered them", () => {
    const indexes = new ToolIndexes()
    for (const each of [
      chunk(named("f", { index: 0, id: "a" }), named("g", { index: 1, id: "b" })),
      chunk(more({ index: 1 })),
      chunk(named("h", { index: 3, id: "c" })),
      chunk(more({ index: 0 }), more({ index: 3 }))
    ])
      expect(indexes.chunk(each)).toBe(each)
  })

  it("are counted for each choice by itself", () => {
    const indexes = new ToolIndexes()
    const both = [0, 1].map((index) => ({ index, delta: { tool_calls: [named("f", { id: `c${index}` })] } }))
    const { choices } = indexes.chunk({ id: "1", choices: both } as never)
    expect(choices?.map(({ delta }) => delta?.tool_calls?.[0]?.index)).toEqual([0, 0])
  })
})
