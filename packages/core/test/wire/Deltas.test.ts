import { describe, expect, it } from "vitest"
import { Deltas } from "../../src/internal/wire/Deltas.ts"
import type { ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

const chunk = (...tool_calls: ReadonlyArray<unknown>): ChatCompletionChunk =>
  ({ id: "1", choices: [{ index: 0, delta: { tool_calls }, finish_reason: null }] }) as never

/** What a client makes of fragments that it puts together by their index alone. */
const asClient = (fragments: ReadonlyArray<unknown>): ReadonlyArray<string> => {
  const deltas = new Deltas()
  const calls: Array<string> = []
  for (const fragment of fragments) {
    for (const choice of deltas.chunk(chunk(fragment)).choices ?? []) {
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

  it("have a position of their own without ids at one number, behind whole arguments or under another name", () => {
    const at = (name: string, given: string) => ({ index: 0, function: { name, arguments: given } })
    expect(asClient([at("f", '{"a"'), at("f", ":1}"), at("f", "{}"), at("g", ""), at("g", "{}")])).toEqual([
      'f{"a":1}',
      "f{}",
      "g{}"
    ])
  })

  it("keep the pieces of a name, and lose what is said twice", () => {
    const at = (name: string, given: string, id?: string) => ({ index: 0, id, function: { name, arguments: given } })
    expect(asClient([at("get_", "", "a"), at("weather", ""), at("get_weather", "{}")])).toEqual(["get_weather{}"])
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
    const deltas = new Deltas()
    for (const each of [
      chunk(named("f", { index: 0, id: "a" }), named("g", { index: 1, id: "b" })),
      chunk(more({ index: 1 })),
      chunk(named("h", { index: 3, id: "c" })),
      chunk(more({ index: 0 }), more({ index: 3 }))
    ])
      expect(deltas.chunk(each)).toBe(each)
  })

  it("are counted for each choice by itself", () => {
    const deltas = new Deltas()
    const both = [0, 1].map((index) => ({ index, delta: { tool_calls: [named("f", { id: `c${index}` })] } }))
    const { choices } = deltas.chunk({ id: "1", choices: both } as never)
    expect(choices?.map(({ delta }) => delta?.tool_calls?.[0]?.index)).toEqual([0, 0])
  })

  it("are named once, by those who say id and name again in each fragment", () => {
    const deltas = new Deltas()
    const told = [
      named("f", { index: 0, id: "a" }),
      named("f", { index: 0, id: "a" }),
      more({ index: 0, id: "other" })
    ].map((fragment) => deltas.chunk(chunk(fragment)).choices?.[0]?.delta?.tool_calls?.[0])
    expect(told).toEqual([
      named("f", { index: 0, id: "a" }),
      { index: 0, function: { arguments: "(" } },
      { index: 0, function: { arguments: ")" } }
    ])
  })
})

describe("the role of a stream", () => {
  const said = (index: number, delta: object): ChatCompletionChunk =>
    ({ id: "1", choices: [{ index, delta }] }) as never

  it("is said once for each choice, though the vendor says it again", () => {
    const deltas = new Deltas()
    const role = { role: "assistant" }
    const told = [
      said(0, { ...role, content: "" }),
      said(0, { ...role, content: "a" }),
      said(1, { ...role, content: "b" }),
      said(0, { ...role, ...{ tool_calls: [named("f", { index: 0, id: "a" })] } })
    ].map((each) => deltas.chunk(each).choices?.[0]?.delta)
    expect(told).toEqual([
      { ...role, content: "" },
      { content: "a" },
      { ...role, content: "b" },
      { tool_calls: [named("f", { index: 0, id: "a" })] }
    ])
  })
})
