/** A language model over a scripted ChatModel, and the prompts that the ChatModel was given. */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as TestChatModel from "@understudy/chat-model/TestChatModel"
import * as Layer from "effect/Layer"
import * as UnderstudyLanguageModel from "../../src/UnderstudyLanguageModel.ts"

/** A language model whose ChatModel plays this script, over all programs that it is provided to. */
export const make = (...script: ReadonlyArray<TestChatModel.Entry>) => {
  const { model, prompts } = TestChatModel.make(script)
  const layer = UnderstudyLanguageModel.layer({ model: "qwen-turbo" }).pipe(
    Layer.provide(Layer.succeed(ChatModel.ChatModel, model))
  )
  return { prompts, layer }
}
