import { describe, expect, it } from "vitest"
import { fold } from "../../src/internal/wire/Fold.ts"
import * as ThinkTags from "../../src/internal/wire/ThinkTags.ts"
import type { ChatCompletion, ChatCompletionChunk } from "../../src/wire/ChatCompletion.ts"

type Row = readonly [text: string, tags: ThinkTags.ThinkTags, reasoning: string | undefined, content: string]

const rows: ReadonlyArray<Row> = [
  ["<think>why</think>so", "leading", "why", "so"],
  ["<think>\nwhy\n\nthen\n</think>\n\nso it is\n", "leading", "why\n\nthen", "so it is\n"],
  ["\n\n <think>why</think> so", "leading", "why", "so"],
  ["<think>\n\n</think>\n\nso", "leading", undefined, "so"],
  ["<think></think>so", "leading", undefined, "so"],
  ["<think>why", "leading", "why", ""],
  ["<think>why</thi", "leading", "why</thi", ""],
  ["<think>why</think>", "leading", "why", ""],
  ["<think>a <b> </tag> < /think> b</think>so", "leading", "a <b> </tag> < /think> b", "so"],
  ["<think>a</think>b</think>c", "leading", "a", "b</think>c"],
  ["so <think>why</think>", "leading", undefined, "so <think>why</think>"],
  ["<thinking>why</thinking>so", "leading", undefined, "<thinking>why</thinking>so"],
  ["<thi", "leading", undefined, "<thi"],
  ["why</think>so", "leading", undefined, "why</think>so"],
  ["  so", "leading", undefined, "  so"],
  ["why</think>\nso", "opened", "why", "so"],
  ["<think>why</think>so", "opened", "why", "so"],
  ["why", "opened", "why", ""],
  ["<thi", "opened", "<thi", ""],
  ["想一想</think>好", "opened", "想一想", "好"]
]

const completion = (content: unknown, more: object = {}): ChatCompletion =>
  ({
    id: "c",
    choices: [{ index: 0, message: { role: "assistant", content, ...more }, finish_reason: "stop" }]
  }) as ChatCompletion

const chunk = (delta: Record<string, unknown>, finish: string | null = null, index = 0): ChatCompletionChunk => ({
  id: "c",
  choices: [{ index, delta, finish_reason: finish }]
})

/** The message of a stream whose text comes in these pieces. */
const streamed = (pieces: ReadonlyArray<string>, tags: ThinkTags.ThinkTags) => {
  const reader = new ThinkTags.ThinkTagReader(tags)
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, "stop")
  ]
  return fold(chunks.map((each) => reader.chunk(each))).choices[0]?.message
}

const expected = (reasoning: string | undefined, content: string) => ({
  role: "assistant",
  content,
  ...(reasoning === undefined ? {} : { reasoning_content: reasoning })
})

describe("think tags", () => {
  it.each(rows)("in %j, %s, are the reasoning %j before %j", (text, tags, reasoning, content) => {
    expect(ThinkTags.split(completion(text), tags).choices[0]?.message).toEqual(expected(reasoning, content))
  })

  it.each(rows)("in %j, %s, say the same in a stream, wherever it is cut", (text, tags, reasoning, content) => {
    expect(streamed([...text], tags)).toEqual(expected(reasoning, content))
    for (let at = 0; at <= text.length; at++) {
      expect(streamed([text.slice(0, at), text.slice(at)], tags)).toEqual(expected(reasoning, content))
    }
  })

  it("stand behind reasoning that comes in a field of its own", () => {
    expect(
      ThinkTags.split(completion("<think>b</think>c", { reasoning_content: "a" }), "leading").choices[0]?.message
    ).toEqual(expected("ab", "c"))
  })

  it("leave an answer without them the object that it was", () => {
    const answer = completion("so")
    expect(ThinkTags.split(answer, "leading")).toBe(answer)
    const parts = completion([{ type: "text", text: "<think>a</think>" }])
    expect(ThinkTags.split(parts, "leading")).toBe(parts)
    const reader = new ThinkTags.ThinkTagReader("leading")
    const first = chunk({ content: "so" })
    expect(reader.chunk(first)).toBe(first)
  })

  it("are told apart choice by choice", () => {
    const reader = new ThinkTags.ThinkTagReader("leading")
    const folded = fold(
      [
        chunk({ content: "<think>a" }, null, 0),
        chunk({ content: "b" }, null, 1),
        chunk({ content: "</think>c" }, "stop", 0),
        chunk({ content: "<think>" }, "stop", 1)
      ].map((each) => reader.chunk(each))
    )
    expect(folded.choices.map(({ message }) => [message.reasoning_content, message.content])).toEqual([
      ["a", "c"],
      [undefined, "b<think>"]
    ])
  })

  it("hand on what was held back in the chunk that finishes, beside a tool call", () => {
    const reader = new ThinkTags.ThinkTagReader("leading")
    const call = { index: 0, id: "t", function: { name: "f", arguments: "{}" } }
    const last = reader.chunk(chunk({ content: "<th" }))
    expect(last.choices?.[0]?.delta?.content).toBe("")
    expect(reader.chunk(chunk({ tool_calls: [call] }, "tool_calls")).choices?.[0]?.delta).toEqual({
      tool_calls: [call],
      content: "<th"
    })
  })

  it("cost no more than the text is long", () => {
    const text = `<think>${" ".repeat(200_000)}x`
    expect(streamed([text], "leading")?.reasoning_content).toBe("x")
  })

  it("go on behind a finish that proves to be none, as servers put it on every chunk", () => {
    const reader = new ThinkTags.ThinkTagReader("leading")
    const chunks = ["<think>why", " then</think>", "so", " it is"].map((content) =>
      reader.chunk(chunk({ content }, "stop"))
    )
    expect(fold(chunks).choices[0]?.message).toMatchObject({ reasoning_content: "why then", content: "so it is" })
  })
})
