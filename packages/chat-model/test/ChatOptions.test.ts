import { describe, expect, it } from "vitest"
import * as ChatOptions from "../src/ChatOptions.ts"
import * as Prompt from "../src/Prompt.ts"
import { random } from "./support/random.ts"

const values: {
  readonly [Name in keyof Omit<ChatOptions.Fields, "extraBody" | "vendor">]: ReadonlyArray<ChatOptions.Fields[Name]>
} = {
  model: ["qwen-turbo", "deepseek-chat"],
  temperature: [0, 0.7],
  topP: [0.1, 1],
  topK: [0, 5],
  maxTokens: [1, 4096],
  stopSequences: [[], ["END"], ["a", "b"]],
  presencePenalty: [-1, 0],
  frequencyPenalty: [0, 2],
  seed: [0, 7],
  tools: [[], [{ name: "weather" }]],
  toolChoice: ["auto", { tool: "weather" }],
  responseFormat: ["text", { schema: {} }],
  outputSchema: [
    { name: "city", schema: {} },
    { name: "answer", schema: { type: "object" }, strict: false }
  ],
  reasoningEffort: ["low", "high"],
  conversationId: ["one", "two"]
}

const names = Object.keys(values) as ReadonlyArray<keyof typeof values>

const draw = (below: (n: number) => number): ChatOptions.ChatOptions => {
  const options: Record<string, unknown> = {}
  const put = (bag: Record<string, unknown>, name: string, choices: ReadonlyArray<unknown>): void => {
    const at = below(choices.length + 3)
    if (at < choices.length) bag[name] = choices[at]
    else if (at === choices.length) bag[name] = ChatOptions.unset
    else if (at === choices.length + 1) bag[name] = undefined
  }
  for (const name of names) put(options, name, values[name])
  if (below(2) === 0) {
    const extra: Record<string, unknown> = {}
    for (const name of ["enable_thinking", "top_k", "search"]) put(extra, name, [true, 1])
    options["extraBody"] = extra
  }
  if (below(2) === 0) {
    const qwen: Record<string, unknown> = {}
    for (const name of ["enableThinking", "enableSearch"]) put(qwen, name, [true, false])
    const deepseek: Record<string, unknown> = {}
    put(deepseek, "thinking", ["enabled", "disabled"])
    options["vendor"] = [{}, { qwen }, { deepseek }, { qwen, deepseek }][below(4)]
  }
  return options
}

const samples = (seed: number, count: number): ReadonlyArray<ChatOptions.ChatOptions> => {
  const below = random(seed)
  return Array.from({ length: count }, () => draw(below))
}

describe("ChatOptions.merge", () => {
  it("has {} for its identity on both sides", () => {
    for (const options of samples(1, 500)) {
      expect(ChatOptions.merge(ChatOptions.empty, options)).toEqual(options)
      expect(ChatOptions.merge(options, ChatOptions.empty)).toEqual(options)
    }
  })

  it("is associative", () => {
    const drawn = samples(2, 1500)
    for (let i = 0; i < drawn.length; i += 3) {
      const [a = {}, b = {}, c = {}] = drawn.slice(i, i + 3)
      const left = ChatOptions.merge(ChatOptions.merge(a, b), c)
      expect(ChatOptions.merge(a, ChatOptions.merge(b, c))).toEqual(left)
      expect(ChatOptions.merge(a, b, c)).toEqual(left)
      expect(ChatOptions.resolve(ChatOptions.merge(a, ChatOptions.merge(b, c)))).toStrictEqual(
        ChatOptions.resolve(left)
      )
    }
  })

  it("takes each field from the right where the right has it, and else from the left", () => {
    const drawn = samples(3, 1000)
    for (let i = 0; i < drawn.length; i += 2) {
      const [left = {}, right = {}] = drawn.slice(i, i + 2)
      const merged = ChatOptions.merge(left, right)
      for (const name of names) expect(merged[name]).toEqual(right[name] === undefined ? left[name] : right[name])
      for (const name of ["enable_thinking", "top_k", "search"]) {
        expect(merged.extraBody?.[name]).toEqual(right.extraBody?.[name] ?? left.extraBody?.[name])
      }
    }
  })

  it("changes neither of its arguments", () => {
    const left = Object.freeze({ temperature: 1, extraBody: Object.freeze({ a: 1 }) })
    const right = Object.freeze({ temperature: 0, extraBody: Object.freeze({ b: 2 }) })
    expect(ChatOptions.merge(left, right)).toEqual({ temperature: 0, extraBody: { a: 1, b: 2 } })
  })

  it("replaces lists instead of joining them", () => {
    expect(ChatOptions.merge({ stopSequences: ["a"] }, { stopSequences: ["b"] })).toEqual({ stopSequences: ["b"] })
    expect(ChatOptions.merge({ stopSequences: ["a"] }, { stopSequences: [] })).toEqual({ stopSequences: [] })
  })
})

describe("ChatOptions.resolve", () => {
  it("leaves neither undefined nor unset behind", () => {
    for (const options of samples(4, 500)) {
      const resolved = ChatOptions.resolve(options)
      for (const value of [...Object.values(resolved), ...Object.values(resolved.extraBody ?? {})]) {
        expect(value).not.toBeUndefined()
        expect(value).not.toBe(ChatOptions.unset)
      }
    }
  })

  it("removes an inherited value where the later options unset it, and takes it up again after that", () => {
    const defaults = {
      temperature: 0.7,
      stopSequences: ["END"],
      vendor: { qwen: { enableThinking: true, thinkingBudget: 100 } },
      extraBody: { enable_thinking: true }
    } as const
    const without = ChatOptions.merge(defaults, {
      stopSequences: ChatOptions.unset,
      vendor: { qwen: { thinkingBudget: ChatOptions.unset }, deepseek: { thinking: "enabled" } },
      extraBody: { enable_thinking: ChatOptions.unset }
    })
    expect(ChatOptions.resolve(without)).toStrictEqual({
      temperature: 0.7,
      vendor: { qwen: { enableThinking: true }, deepseek: { thinking: "enabled" } },
      extraBody: {}
    })
    expect(ChatOptions.resolve(ChatOptions.merge(without, { stopSequences: ["x"] })).stopSequences).toEqual(["x"])
  })
})

describe("Prompt.make", () => {
  it("merges options over those of a prompt by the same law", () => {
    const prompt = Prompt.make("hi", { temperature: 1, topP: 0.5 })
    expect(Prompt.make(prompt, { temperature: ChatOptions.unset }).options).toEqual({
      temperature: ChatOptions.unset,
      topP: 0.5
    })
  })
})
