/**
 * Conversations: what a caller says in each of its calls, and how it goes on when one was answered.
 *
 * ```
 * c1    system? history* question ─▶ the model calls the tool
 * c1.2  … call, its result        ─▶ an answer                   at once
 * c1.3  … answer, next question   ─▶ …                           after a pause
 * ```
 *
 * Every call of a conversation has an ID and a mark of its own, so that its attempts are told from those of the others. A
 * conversation ends with its last answer, or with the first call that was not answered.
 */
import type { Dialogue, PlannedCall } from "../scenario/Scenario.ts"
import * as ReplyText from "./ReplyText.ts"
import * as ToolUse from "./ToolUse.ts"

/** A part of what a caller says. */
export type Part =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } }

/** A call of a tool in an assistant's message. */
export interface MessageCall {
  readonly id: string
  readonly type: "function"
  readonly function: { readonly name: string; readonly arguments: string }
}

/** A message as OpenAI-compatible vendors take it. Lists are mutable, as their libraries ask for. */
export type Message =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: string | Array<Part> }
  | {
      readonly role: "assistant"
      readonly content: string
      readonly tool_calls?: Array<MessageCall>
      /** The model's thinking, which some vendors want back with a call of a tool. */
      readonly reasoning_content?: string
    }
  | { readonly role: "tool"; readonly tool_call_id: string; readonly content: string }

/** How an answer is to be written, as OpenAI-compatible vendors are told. */
export type ResponseFormat =
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema"
      readonly json_schema: {
        readonly name: string
        readonly strict: boolean
        readonly schema: Record<string, unknown>
      }
    }

/** One call of a conversation. */
export interface Step {
  readonly id: string
  readonly planned: PlannedCall
  readonly messages: ReadonlyArray<Message>
  /** Calls and questions so far, this one included. */
  readonly calls: number
  readonly questions: number
}

/** What a caller came away with. */
export interface Answer {
  readonly text: string
  readonly reasoning?: string | undefined
  readonly toolCalls: ReadonlyArray<ToolUse.ToolCall>
}

/** The next call, and how many milliseconds it waits. */
export interface Next {
  readonly step: Step
  readonly wait: number
}

/** A dot, blue. */
const image =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR42mOQSzmBBzGMSmNDAM/JgOlJ5TrdAAAAAElFTkSuQmCC"

const formats: Readonly<Record<Dialogue["answer"], ResponseFormat | undefined>> = {
  text: undefined,
  json: { type: "json_object" },
  schema: {
    type: "json_schema",
    json_schema: {
      name: "reply",
      strict: true,
      schema: {
        type: "object",
        properties: { reply: { type: "string" } },
        required: ["reply"],
        additionalProperties: false
      }
    }
  }
}

/** How the answer is to be written; nothing for text. */
export const formatOf = ({ dialogue }: PlannedCall): ResponseFormat | undefined => formats[dialogue?.answer ?? "text"]

/** So many words, one token each. */
const wordy = (words: number): string => Array.from({ length: words }, (_, index) => `word${index % 100}`).join(" ")

const past = ({ turns, words }: Dialogue["history"]): ReadonlyArray<Message> =>
  Array.from(
    { length: turns },
    (_, index): ReadonlyArray<Message> => [
      { role: "user", content: `Question ${index + 1}: ${wordy(words)}?` },
      { role: "assistant", content: `Answer ${index + 1}: ${wordy(words)}.` }
    ]
  ).flat()

const question = (text: string, withImage: boolean): Message => ({
  role: "user",
  content: withImage
    ? [
        { type: "text", text },
        { type: "image_url", image_url: { url: image } }
      ]
    : text
})

/** The first call of a conversation. */
export const begin = (planned: PlannedCall): Step => {
  const { dialogue, id, text } = planned
  const asked = question(text, dialogue?.image ?? false)
  const messages: ReadonlyArray<Message> =
    dialogue === undefined
      ? [asked]
      : [
          ...(dialogue.system === undefined ? [] : [{ role: "system", content: dialogue.system } as const]),
          ...past(dialogue.history),
          asked
        ]
  return { id, planned, messages, calls: 1, questions: 1 }
}

const resultOf = (call: ToolUse.ToolCall, mark: string): Message => ({
  role: "tool",
  tool_call_id: call.id,
  content: `${ToolUse.result(call.arguments)} ${mark}`
})

const toMessage = ({ reasoning, text, toolCalls }: Answer): Message => ({
  role: "assistant",
  content: text,
  ...(toolCalls.length === 0
    ? {}
    : {
        tool_calls: toolCalls.map(({ id, name, arguments: written }) => ({
          id,
          type: "function",
          function: { name, arguments: written }
        })),
        ...(reasoning === undefined || reasoning === "" ? {} : { reasoning_content: reasoning })
      })
})

/** How a conversation goes on after an answer; undefined when it is over. */
export const next = (step: Step, answer: Answer): Next | undefined => {
  const { planned, questions } = step
  const { dialogue } = planned
  if (dialogue === undefined) return undefined
  const calls = step.calls + 1
  const id = `${planned.id}.${calls}`
  const mark = ReplyText.mark(id)
  const said = [...step.messages, toMessage(answer)]
  if (answer.toolCalls.length > 0) {
    const messages = [...said, ...answer.toolCalls.map((call) => resultOf(call, mark))]
    return { step: { ...step, id, calls, messages }, wait: 0 }
  }
  if (questions >= dialogue.turns) return undefined
  const messages = [...said, question(`And then? ${mark}`, false)]
  return { step: { ...step, id, calls, messages, questions: questions + 1 }, wait: dialogue.pause }
}
