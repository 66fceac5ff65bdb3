/**
 * The options of a ChatModel as LangChain's users write them: beside everything else, in the constructor and with a call.
 */
import type * as ChatOptions from "@understudy/chat-model/ChatOptions"

const names = [
  "model",
  "temperature",
  "topP",
  "topK",
  "maxTokens",
  "stopSequences",
  "presencePenalty",
  "frequencyPenalty",
  "seed",
  "responseFormat",
  "outputSchema",
  "reasoningEffort",
  "conversationId",
  "vendor",
  "extraBody"
] as const

/** Every option but tools, which LangChain has ways of its own for. */
export type Settings = Omit<ChatOptions.ChatOptions, "tools" | "toolChoice">

/** The options among some fields. */
export const pick = (fields: Settings): Settings =>
  Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))
