/**
 * What a mocked model says: text, reasoning or a tool call, and what that is billed as. Vendor-neutral; the personalities
 * give it their voice (`Persona`) and their wire.
 *
 * The same seed and the same request give the same answer. In order of preference: a scripted reply, a tool call that the
 * request asks for, an echo (`echo: ...`), an introduction ("你是谁？"), JSON when JSON was demanded, else a few sentences.
 */
import type { Step } from "../../Plan.ts"
import * as ChatRequest from "../vendor/ChatRequest.ts"
import * as Random from "./Random.ts"
import * as SchemaValue from "./SchemaValue.ts"
import * as Token from "./Token.ts"

/** How a vendor introduces and names itself. */
export interface Persona {
  readonly chinese: string
  readonly english: string
  readonly name: string
}

/** A function call. */
export interface ToolCall {
  readonly name: string
  readonly arguments: string
}

/** A reply decided by a test instead of the mock. */
export interface Script {
  readonly content?: string
  readonly reasoning?: string
  /** Makes up a content of exactly so many tokens. */
  readonly tokens?: number
  /** Calls this function, whatever was asked, and says nothing. */
  readonly tool?: ToolCall
}

/** The answer before it is put on the wire. */
export interface Answer {
  readonly model: string
  readonly reasoning: Token.Tokens
  readonly content: Token.Tokens
  readonly tool: ToolCall | undefined
  readonly finish: string
  readonly promptTokens: number
  readonly completionTokens: number
}

/** What the answer is billed as. */
export const totalTokens = (answer: Answer): number => answer.promptTokens + answer.completionTokens

/** The step of a response that is one body. */
export const body = (answer: Answer, data: string): Step => {
  const { finish } = answer
  return { after: 0, data, chunks: 1, part: "body", finish, totalTokens: totalTokens(answer) }
}

const chinese = /\p{Script=Han}/u

const sentences = {
  chinese: [
    "这个问题可以分成三步来看。",
    "首先，我们需要明确目标和已知条件。",
    "其次，可以比较几种常见的做法。",
    "一般来说，简单的方案更容易维护。",
    "如果条件变化，结论也要相应调整。",
    "希望以上内容对您有所帮助。"
  ],
  english: [
    "There are three sides to this question.",
    "Let us first state what is known and what is wanted.",
    "Several common approaches can then be compared.",
    "The simpler one is usually easier to keep working.",
    "Should the conditions change, the conclusion has to follow.",
    "I hope that this helps."
  ]
} as const

const wordsOf = (name: string): ReadonlyArray<string> =>
  name
    .split(/[_\-\s]+|(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 4)

const bigrams = (text: string): ReadonlyArray<string> =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2)).filter((pair) =>
    /^\p{Script=Han}{2}$/u.test(pair)
  )

const asks = (prompt: string, tool: ChatRequest.Tool): boolean => {
  const wanted = prompt.toLowerCase()
  return (
    wanted.includes(tool.name.toLowerCase()) ||
    wordsOf(tool.name).some((word) => wanted.includes(word)) ||
    bigrams(tool.description).some((pair) => prompt.includes(pair))
  )
}

const toolFor = (request: ChatRequest.ChatRequest): ChatRequest.Tool | undefined => {
  const { tools, toolChoice } = request
  if (tools.length === 0 || toolChoice === "none" || ChatRequest.last(request)?.role === "tool") return undefined
  const named = tools.find((tool) => tool.name === toolChoice)
  if (named !== undefined) return named
  const fitting = tools.find((tool) => asks(ChatRequest.prompt(request), tool))
  return toolChoice === "required" ? (fitting ?? tools[0]) : fitting
}

const callFor = (request: ChatRequest.ChatRequest): ToolCall | undefined => {
  const tool = toolFor(request)
  return tool && { name: tool.name, arguments: JSON.stringify(SchemaValue.from(tool.parameters ?? {}) ?? {}) }
}

const prose = (request: ChatRequest.ChatRequest, persona: Persona, seed: number): string => {
  const prompt = ChatRequest.prompt(request)
  const random = Random.make(seed, "answer", persona.name, request.model, prompt)
  const language = chinese.test(prompt) ? "chinese" : "english"
  const lines = Array.from({ length: 2 + random.int(2) }, () => random.pick(sentences[language]))
  return language === "chinese"
    ? `（${persona.name} ${request.model}）${lines.join("")}`
    : `[${persona.name} ${request.model}] ${lines.join(" ")}`
}

const compose = (request: ChatRequest.ChatRequest, persona: Persona, seed: number): string => {
  const prompt = ChatRequest.prompt(request)
  const last = ChatRequest.last(request)
  if (last?.role === "tool")
    return chinese.test(prompt) ? `根据工具的结果：${last.text}` : `The tool says: ${last.text}`
  if (last?.role === "assistant" && last.continues) return prose(request, persona, seed)
  const echo = /^\s*echo:\s*([\s\S]*)$/i.exec(prompt)?.[1]
  if (echo !== undefined) return echo
  if (request.format === "json_schema") return JSON.stringify(SchemaValue.from(request.schema))
  if (request.format === "json_object") return JSON.stringify({ answer: prose(request, persona, seed) })
  if (prompt.includes("你是谁")) return persona.chinese
  if (/who are you/i.test(prompt)) return persona.english
  return prose(request, persona, seed)
}

const think = (request: ChatRequest.ChatRequest): string =>
  chinese.test(ChatRequest.prompt(request))
    ? "好的，用户提出了一个问题。我先想一想应该怎样回答，再给出结论。"
    : "Okay, the user asks a question. Let me think about how to answer it before I do."

const fill = (count: number): Token.Tokens => ({ text: Array.from({ length: count }, () => "ok").join(" "), count })

const stopped = (text: string, stops: ReadonlyArray<string>): string =>
  stops.reduce((kept, stop) => (kept.includes(stop) ? kept.slice(0, kept.indexOf(stop)) : kept), text)

const promptTokens = (request: ChatRequest.ChatRequest): number =>
  request.messages.reduce((sum, message) => sum + Token.count(message.text), 2)

/** Decides the answer to a valid request. */
export const to = (options: {
  readonly request: ChatRequest.ChatRequest
  readonly persona: Persona
  readonly seed: number
  readonly thinks: boolean
  readonly script: Script | undefined
}): Answer => {
  const { persona, request, script, seed } = options
  const isScripted = script?.content !== undefined || script?.tokens !== undefined
  const call = script?.tool ?? (isScripted ? undefined : callFor(request))
  const thought = options.thinks ? Token.of(script?.reasoning ?? think(request)) : Token.none
  const spoken = (): Token.Tokens =>
    script?.tokens !== undefined && script.content === undefined
      ? fill(script.tokens)
      : Token.of(stopped(script?.content ?? compose(request, persona, seed), request.stop))
  const said = call === undefined ? spoken() : Token.none
  const budget = call === undefined ? (request.maxTokens ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
  const reasoning = Token.first(thought, budget)
  const content = Token.first(said, Math.max(0, budget - reasoning.count))
  const cut = thought.count + said.count > budget
  const called = call === undefined ? 0 : Token.count(call.name) + Token.count(call.arguments)
  return {
    model: request.model,
    reasoning,
    content,
    tool: call,
    finish: call !== undefined ? "tool_calls" : cut ? "length" : "stop",
    promptTokens: promptTokens(request),
    completionTokens: reasoning.count + content.count + called
  }
}
