import { AIMessageChunk } from "@langchain/core/messages"
import { outcomeOf, type Trail } from "@understudy/core/failure/Trail"
import { ChatUnderstudy } from "@understudy/langchain/ChatUnderstudy"
import { type Answer, contract } from "./Contract.ts"

const toAnswer = ({ response_metadata, text }: AIMessageChunk): Answer => ({
  text,
  model: response_metadata["model_name"] as string,
  outcomes: (response_metadata["trail"] as Trail).map(outcomeOf)
})

contract("LangChain", async (config) => {
  const model = new ChatUnderstudy({ config, model: "qwen-turbo" })
  return {
    call: async (question) => toAnswer(await model.invoke(question)),
    stream: async (question) => {
      let whole = new AIMessageChunk("")
      for await (const chunk of await model.stream(question)) whole = whole.concat(chunk)
      return toAnswer(whole)
    },
    close: () => model.close()
  }
})
