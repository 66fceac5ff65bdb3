/**
 * A folded stream is the answer that the vendor would have sent without `stream`: both vendors of the mocks are asked for the
 * same thing in both ways, for every kind of answer that they have.
 */
import { Fold } from "@understudy/core/wire/Wire"
import { Clock, Plan, Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"

const key = "sk-demo-fold"
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
  }
}

interface Asked {
  readonly vendor: "deepseek" | "qwen"
  readonly body: Readonly<Record<string, unknown>>
}

/** What fresh vendors answer; of the same seed, so that both ways get the same ids. */
const answer = ({ body, vendor }: Asked, stream: boolean): string => {
  const vendors = Vendors.make({ clock: Clock.manual(), keys: { [key]: { vendor } } })
  const streaming = stream ? { stream, stream_options: { include_usage: true } } : {}
  const { plan } = vendors.receive({
    adapter: "server",
    vendor,
    method: "POST",
    path: "/chat/completions",
    authorization: `Bearer ${key}`,
    body: JSON.stringify({ messages: [{ role: "user", content: "你是谁？" }], ...body, ...streaming })
  })
  expect(plan.status).toBe(200)
  return Buffer.from(Plan.body(plan)).toString("utf8")
}

const chunksOf = (text: string) =>
  text
    .split("\n\n")
    .filter((frame) => frame.startsWith("data: {"))
    .map((frame) => JSON.parse(frame.slice("data: ".length)) as Record<string, unknown>)

const ask = (content: string) => [{ role: "user", content }]

const kinds: ReadonlyArray<readonly [kind: string, body: Readonly<Record<string, unknown>>]> = [
  ["a text", {}],
  ["an English text", { messages: ask("Who are you?") }],
  ["an echo of odd characters", { messages: ask('echo: a"b\\c\n𝄞 你好') }],
  ["a tool call", { tools: [weather], tool_choice: "required" }],
  ["a text cut by its limit", { max_tokens: 3 }],
  ["JSON", { messages: ask("Answer in JSON."), response_format: { type: "json_object" } }],
  [
    "the answer to a tool's result",
    {
      tools: [weather],
      messages: [
        ...ask("天气"),
        {
          role: "assistant",
          content: "",
          tool_calls: [{ id: "c1", type: "function", function: { name: "get_weather", arguments: "{}" } }]
        },
        { role: "tool", tool_call_id: "c1", content: "18" }
      ]
    }
  ]
]

const models = [
  ["deepseek", "deepseek-chat"],
  ["deepseek", "deepseek-reasoner"],
  ["qwen", "qwen-plus"]
] as const

describe.each(models)("a folded stream of %s's %s", (vendor, model) => {
  it.each(kinds)("is the JSON answer, for %s", (_, more) => {
    const asked = { vendor, body: { model, ...more } }
    expect(Fold.fold(chunksOf(answer(asked, true)))).toEqual(JSON.parse(answer(asked, false)))
  })
})
