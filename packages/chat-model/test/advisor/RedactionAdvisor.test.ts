import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as RedactionAdvisor from "../../src/advisor/RedactionAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import type { ChatPart } from "../../src/ChatPart.ts"
import * as ChatResponse from "../../src/ChatResponse.ts"
import * as Message from "../../src/Message.ts"
import * as Scripted from "../support/ScriptedModel.ts"

const make = (answers?: ReadonlyArray<Scripted.Answer>, rules?: ReadonlyArray<RedactionAdvisor.Rule>) => {
  const scripted = Scripted.make(answers)
  const client = ChatClient.make(scripted.model, { advisors: [RedactionAdvisor.make(rules)] })
  const sent = async (text: string) => {
    await Effect.runPromise(client.prompt(text).call().content())
    return scripted.texts(scripted.asked.length - 1)[0]
  }
  return { ...scripted, client, sent }
}

describe("RedactionAdvisor", () => {
  it.each([
    ["13800138000", "[PHONE_1]"],
    ["电话:13800138000。", "电话:[PHONE_1]。"],
    ["+86 138-0013-8000", "[PHONE_1]"],
    ["8613800138000", "[PHONE_1]"],
    ["11010519491231002X", "[ID_1]"],
    ["身份证11010519491231002x号", "身份证[ID_1]号"],
    ["ann.lee+x@mail.example.com.", "[EMAIL_1]."],
    ["4111 1111 1111 1111", "[CARD_1]"],
    ["6222021234567894", "[CARD_1]"],
    ["from 192.168.0.1:80", "from [IP_1]:80"],
    ["255.255.255.255.", "[IP_1]."],
    ["a@b.cn and c@d.cn and a@b.cn", "[EMAIL_1] and [EMAIL_2] and [EMAIL_1]"],
    ["Tell [EMAIL_1] from a@b.cn", "Tell [EMAIL_1] from [EMAIL_2]"]
  ])("sends %s as %s", async (text, expected) => {
    expect(await make().sent(text)).toBe(expected)
  })

  it.each([
    "12800138000",
    "138001380001",
    "110105194912310021",
    "4111 1111 1111 1112",
    "256.1.1.1",
    "1.2.3.4.5",
    "3.13800138000",
    "a@b",
    "v1.2.3",
    "2026-01-01 12:00"
  ])("leaves %s alone", async (text) => {
    expect(await make().sent(text)).toBe(text)
  })

  it("looks through messages of every role, and leaves images", async () => {
    const { asked, client } = make()
    const image = Message.image("https://192.168.0.1/a.png")
    await Effect.runPromise(
      client
        .prompt()
        .system("I am 13800138000")
        .messages(
          Message.user([{ type: "text", text: "a@b.cn" }, image]),
          Message.assistant({
            text: "Calling a@b.cn",
            reasoning: "13800138000?",
            toolCalls: [{ id: "1", name: "call", arguments: '{"n": 13800138000, "m": "a@b.cn", "k": -1.5e3}' }]
          }),
          Message.tool("1", '{"ip":"10.0.0.1"}')
        )
        .call()
        .content()
    )
    const [system, user, assistant, tool] = asked[0]!.prompt.messages
    expect(system).toEqual(Message.system("I am [PHONE_1]"))
    expect(user).toEqual(Message.user([{ type: "text", text: "[EMAIL_1]" }, image]))
    expect(assistant).toMatchObject({
      text: "Calling [EMAIL_1]",
      reasoning: "[PHONE_1]?",
      toolCalls: [{ arguments: '{"n": "[PHONE_1]", "m": "[EMAIL_1]", "k": -1.5e3}' }]
    })
    expect(tool).toEqual(Message.tool("1", '{"ip":"[IP_1]"}'))
  })

  it("restores what comes back, wherever a stream cuts it", async () => {
    const text = "Call [PHONE_1] or [PHONE_2], not [PHONE_3], [x] or [PHONE_"
    const whole = "Call 13800138000 or 13900139000, not [PHONE_3], [x] or [PHONE_"
    for (let size = 1; size <= text.length; size++) {
      const deltas = text.match(new RegExp(`.{1,${size}}`, "g"))!
      const { client } = make([{ deltas }])
      const streamed = client.prompt("13800138000 or 13900139000?").stream()
      const parts = await Effect.runPromise(Stream.runCollect(streamed.parts()))
      expect(ChatResponse.fromParts(parts).text).toBe(whole)
      expect(parts.map(({ type }) => type).filter((type) => type !== "text-delta")).toEqual([
        "response-metadata",
        "text-start",
        "text-end",
        "finish"
      ])
      expect(parts.at(-3)!.type).toBe("text-delta")
    }
  })

  it("holds back only what may be the beginning of a placeholder", async () => {
    const { client } = make([{ deltas: ["see [1] and [PH", "ONE_1] [PHX", "!"] }])
    const pieces = await Effect.runPromise(Stream.runCollect(client.prompt("13800138000").stream().content()))
    expect(pieces).toEqual(["see [1] and ", "13800138000 [PHX", "!"])
  })

  it("restores reasoning, refusals and tool calls, whose values are written as JSON", async () => {
    const rule = { name: "QUOTE", pattern: /"[^"]+"/ }
    const say = (kind: "reasoning" | "refusal"): ReadonlyArray<ChatPart> => [
      { type: `${kind}-start`, id: kind },
      { type: `${kind}-delta`, id: kind, delta: "[QUO" },
      { type: `${kind}-delta`, id: kind, delta: "TE_1]" },
      { type: `${kind}-end`, id: kind }
    ]
    const [head, ...tool] = Scripted.toolParts("call_1", "say", '{"a":"[QUOTE_1]"}')
    const { client } = make([{ parts: [head!, ...say("reasoning"), ...say("refusal"), ...tool] }], [rule])
    const parts = await Effect.runPromise(Stream.runCollect(client.prompt('Say "hi"').stream().parts()))
    const { reasoning, result, toolCalls } = ChatResponse.fromParts(parts)
    expect([reasoning, result.output.refusal]).toEqual(['"hi"', '"hi"'])
    expect(JSON.parse(toolCalls[0]!.arguments)).toEqual({ a: '"hi"' })
    const deltas = parts.flatMap((part) => (part.type === "tool-call-delta" ? part.delta : []))
    expect(deltas.join("")).toBe(toolCalls[0]!.arguments)
  })

  it("tells what was held back when the answer ends without ending its blocks", async () => {
    const parts = Scripted.textParts(["[PHONE_"]).filter(({ type }) => type !== "text-end")
    const { client } = make([{ parts }])
    const streamed = await Effect.runPromise(Stream.runCollect(client.prompt("13800138000").stream().parts()))
    expect(streamed.slice(-2)).toMatchObject([{ type: "text-delta", delta: "[PHONE_" }, { type: "finish" }])
  })

  it("takes further rules, and finds nothing of theirs in placeholders", async () => {
    const rules = [
      ...RedactionAdvisor.rules,
      { name: "ORDER", pattern: /\bSO-\d{8}\b/g },
      { name: "N", pattern: /\d+/ }
    ]
    const { client, texts } = make([{ deltas: ["[ORDER_1]: [N_1]"] }], rules)
    const content = client.prompt("SO-20260101 of 13800138000 has 7").call().content()
    expect(await Effect.runPromise(content)).toBe("SO-20260101: 7")
    expect(texts(0)).toEqual(["[ORDER_1] of [PHONE_1] has [N_1]"])
  })

  it("refuses a rule that cannot name placeholders", () => {
    expect(() => RedactionAdvisor.make([{ name: "my rule", pattern: /x/ }])).toThrow(
      `A rule's name must be capital letters, digits and _, got "my rule"`
    )
  })
})
