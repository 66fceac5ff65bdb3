/**
 * What a model is asked: messages, and options for this one call.
 *
 * A prompt is immutable data. Wherever one is taken, a bare string, a message or a list of messages will do.
 *
 * **Example** (A prompt, and its next turn)
 *
 * ```ts
 * import { Message, Prompt } from "@understudy/chat-model/promise"
 *
 * const first = Prompt.make("Tell me a joke", { temperature: 1 })
 * const next = Prompt.append(first, Message.assistant("Knock, knock."), Message.user("Who is there?"))
 * next.messages.length // => 3
 * Prompt.isPrompt("Tell me a joke") // => false
 * ```
 */
import * as ChatOptions from "./ChatOptions.ts"
import * as Message from "./Message.ts"

/** Messages and options. */
export interface Prompt {
  readonly messages: ReadonlyArray<Message.Message>
  /** Merged over the ChatModel's defaults. */
  readonly options: ChatOptions.ChatOptions
}

/** What is taken for a prompt; a string is a user's message. */
export type Input = string | Message.Message | ReadonlyArray<Message.Message> | Prompt

/** True for a prompt, false for what stands for one. */
export const isPrompt = (input: Input): input is Prompt =>
  typeof input === "object" && input !== null && "messages" in input

const toMessages = (input: Exclude<Input, Prompt>): ReadonlyArray<Message.Message> => {
  if (typeof input === "string") return [Message.user(input)]
  return Array.isArray(input) ? input : [input as Message.Message]
}

/**
 * Makes a prompt. Given one, it is that prompt with the options merged over its own.
 *
 * **Gotchas**
 *
 * Nothing is checked here: `call` and `stream` fail with `InvalidPrompt` before anything is sent.
 */
export const make = (input: Input, options: ChatOptions.ChatOptions = ChatOptions.empty): Prompt =>
  isPrompt(input)
    ? { messages: input.messages, options: ChatOptions.merge(input.options ?? ChatOptions.empty, options) }
    : { messages: toMessages(input), options }

/** The prompt with more messages at its end. */
export const append = (prompt: Prompt, ...messages: ReadonlyArray<Message.Message>): Prompt => ({
  messages: [...prompt.messages, ...messages],
  options: prompt.options
})
