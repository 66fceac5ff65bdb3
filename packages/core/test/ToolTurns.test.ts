import { describe, expect, it } from "vitest"
import * as ToolTurns from "../src/internal/provider/ToolTurns.ts"
import * as ToolArguments from "../src/internal/wire/ToolArguments.ts"
import type { ChatMessage } from "../src/wire/ChatCompletion.ts"

const user: ChatMessage = { role: "user", content: "How warm is it?" }
const call = (id: unknown, given: unknown = "{}") => ({
  id,
  type: "function",
  function: { name: "weather", arguments: given }
})
const calls = (...all: ReadonlyArray<unknown>): ChatMessage => ({ role: "assistant", content: "", tool_calls: all })
const result = (id: string, content: unknown = "21"): ChatMessage => ({ role: "tool", tool_call_id: id, content })
const lost = "There is no result of this call: it was not run, or its result was lost."

describe("the tool calls of a conversation", () => {
  it.each<[string, ReadonlyArray<ChatMessage>]>([
    ["without tools", [user, { role: "assistant", content: "Hello." }]],
    ["with results behind their calls", [user, calls(call("a"), call("b")), result("b"), result("a"), user]],
    ["that ends with its calls", [user, calls(call("a"))]],
    ["with a result of a call that nobody made", [user, result("x"), calls(call("a")), result("a")]],
    ["with shapes that are none", [user, calls(null, 1, "x"), { role: "tool" }, user]]
  ])("stay the same object in one %s", (_, messages) => {
    expect(ToolTurns.mend(messages)).toBe(messages)
  })

  it("are new calls in each answer, with the results that belong to them, when a vendor begins its ids anew", () => {
    const messages = [
      user,
      calls(call("call_0")),
      result("call_0", "21"),
      calls(call("call_0")),
      result("call_0", "22")
    ]
    expect(ToolTurns.mend(messages)).toEqual([
      user,
      calls(call("call_0")),
      result("call_0", "21"),
      calls(call("call_0_2")),
      result("call_0_2", "22")
    ])
  })

  it("are told apart within one answer, the results in their order", () => {
    const messages = [
      user,
      calls(call("x"), call("x"), call("x_2")),
      result("x", "1"),
      result("x", "2"),
      result("x_2", "3")
    ]
    expect(ToolTurns.mend(messages)).toEqual([
      user,
      calls(call("x"), call("x_2"), call("x_2_2")),
      result("x", "1"),
      result("x_2", "2"),
      result("x_2_2", "3")
    ])
  })

  it.each<[string, unknown, string]>([
    ["half of an object", '{"city": "Hang', '{"city": "Hang'],
    ["a list", "[1]", "[1]"],
    ["a number", "3", "3"],
    ["a text", '"Hangzhou"', '"Hangzhou"'],
    ["an object with something behind it", '{"city":"x"}}', '{"city":"x"}}'],
    ["two objects", '{}{"city":"x"}', '{}{"city":"x"}']
  ])("go out with {} for %s, and with the text in their result", (_, given, told) => {
    const [, sent, answer] = ToolTurns.mend([user, calls(call("a", given)), result("a", "Sorry.")])
    expect(sent).toEqual(calls(call("a", "{}")))
    expect(answer).toEqual(result("a", `The arguments of this call were no JSON object: ${told}\n\nSorry.`))
  })

  it("do not tell a text twice that their result has already, and tell it beside a result in parts", () => {
    const [, , told] = ToolTurns.mend([user, calls(call("a", "[1]")), result("a", "They are no JSON object: [1]")])
    expect(told).toEqual(result("a", "They are no JSON object: [1]"))
    const parts = [{ type: "text", text: "Sorry." }]
    const [, , inParts] = ToolTurns.mend([user, calls(call("a", "[1]")), result("a", parts)])
    expect(inParts?.content).toEqual([
      { type: "text", text: "The arguments of this call were no JSON object: [1]" },
      ...parts
    ])
  })

  it.each<[string, unknown, string]>([
    ["nothing", "", "{}"],
    ["null in words", "null", "{}"],
    ["null", null, "{}"],
    ["no arguments at all", undefined, "{}"],
    ["an object instead of its text", { city: "x" }, '{"city":"x"}'],
    ["an object that was encoded twice", '"{\\"n\\":12345678901234567890}"', '{"n":12345678901234567890}']
  ])("go out as the object that is meant for %s", (_, given, sent) => {
    const messages = ToolTurns.mend([user, calls(call("a", given)), result("a")])
    expect(messages).toEqual([user, calls({ ...call("a", sent) }), result("a")])
  })

  it("have their results behind them, where something stood between", () => {
    const messages = [user, calls(call("a"), call("b")), result("a", "1"), user, result("b", "2"), user]
    expect(ToolTurns.mend(messages)).toEqual([
      user,
      calls(call("a"), call("b")),
      result("a", "1"),
      result("b", "2"),
      user,
      user
    ])
  })

  it("have a result that says so where they have none and the conversation goes on", () => {
    expect(ToolTurns.mend([user, calls(call("a")), user])).toEqual([user, calls(call("a")), result("a", lost), user])
    expect(ToolTurns.mend([calls(call("a"), call("b")), result("b")])).toEqual([
      calls(call("a"), call("b")),
      result("b"),
      result("a", lost)
    ])
    const [, cut] = ToolTurns.mend([calls(call("a", '{"to')), calls(call("b")), result("b")])
    expect(cut?.content).toContain('{"to')
  })
})

describe("arguments that are long", () => {
  it("go out without what only JavaScript takes for blank", () => {
    for (const text of ['\uFEFF{"a":1}', '\u00A0{"a":1}\u2028'])
      expect([ToolArguments.read(text), ToolArguments.toWire(text)]).toEqual([{ a: 1 }, '{"a":1}'])
    expect(ToolArguments.toWire(' {"a":1}\n')).toBe(' {"a":1}\n')
  })

  it("are told as far as 2,000 characters, never half of one", () => {
    const text = `["${"x".repeat(1_997)}😀"]`
    expect(ToolArguments.shown(text)).toBe(`["${"x".repeat(1_997)}…`)
    expect(ToolArguments.shown(text).isWellFormed()).toBe(true)
  })
})
