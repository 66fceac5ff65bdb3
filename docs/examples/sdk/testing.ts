/**
 * A function of an application, tested without a network: the model answers from a script and remembers what it was asked.
 */
import { ChatModelError, type PromiseChatModel, TestChatModel } from "@understudy/chat-model/promise"

const describe = async (chat: PromiseChatModel.PromiseChatModel, city: string): Promise<string> => {
  try {
    return (await chat.call(`Describe ${city}`)).text ?? "nothing to say"
  } catch (error) {
    if (error instanceof ChatModelError.ChatModelError && error.isRetryable) return "later, please"
    throw error
  }
}

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const limited = TestChatModel.failure({ _tag: "Limited", retryAfter: 1500 })
  await using chat = await TestChatModel.promise(["A city by a lake.", limited])

  const described = await describe(chat, "Hangzhou")
  const refused = await describe(chat, "Ningbo")
  const asked = chat.prompts.map(({ messages }) => messages[0])

  return [described, refused, JSON.stringify(asked)]
}
