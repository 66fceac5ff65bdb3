import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as Message from "../src/Message.ts"
import * as ToolCall from "../src/ToolCall.ts"

const call = (text: string): ToolCall.ToolCall => ({ id: "c1", name: "weather", arguments: text })

describe("ToolCall.json", () => {
  it.each([
    ['{"city":"Hangzhou"}', { city: "Hangzhou" }],
    ["", {}],
    [" \n", {}],
    ["null", {}],
    ['"{\\"city\\":\\"Hangzhou\\"}"', { city: "Hangzhou" }],
    ['{"city":', undefined],
    ["[1]", undefined],
    ['{"city":"Hangzhou"}}', undefined],
    ['"Hangzhou"', undefined]
  ])("reads %j as %j", (text, expected) => {
    expect(ToolCall.json(call(text))).toEqual(expected)
  })
})

describe("ToolCall.decode", () => {
  const decode = ToolCall.decode(Schema.Struct({ city: Schema.String }))

  it("gives typed arguments", async () => {
    expect((await Effect.runPromise(decode(call('{"city":"Hangzhou"}')))).city).toBe("Hangzhou")
  })

  it.each(['{"town":"Hangzhou"}', '{"city":', ""])("fails for %j", async (text) => {
    expect((await Effect.runPromise(Effect.flip(decode(call(text)))))._tag).toBe("SchemaError")
  })
})

describe("Message.textOf", () => {
  it.each<[string, Message.Message, string | undefined]>([
    ["a system message", Message.system("Be brief."), "Be brief."],
    [
      "a user's parts",
      Message.user([{ type: "text", text: "a" }, Message.image("https://x.test/a.png"), { type: "text", text: "b" }]),
      "a\nb"
    ],
    ["an image alone", Message.user([Message.image("https://x.test/a.png")]), undefined],
    ["an answer that only calls tools", Message.assistant({ toolCalls: [call("{}")] }), undefined],
    ["a tool's answer", Message.tool("c1", 21), "21"]
  ])("reads %s", (_, message, expected) => {
    expect(Message.textOf(message)).toBe(expected)
  })
})
