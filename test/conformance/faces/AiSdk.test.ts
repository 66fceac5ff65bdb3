import type { UnderstudyMetadata } from "@understudy/ai-sdk/UnderstudyMetadata"
import { createUnderstudy } from "@understudy/ai-sdk/UnderstudyProvider"
import { outcomeOf } from "@understudy/core/failure/Trail"
import { generateText, streamText } from "ai"
import { type Answer, contract } from "./Contract.ts"

const toAnswer = (text: string, model: string, metadata: unknown): Answer => {
  const { trail } = (metadata as { readonly understudy: UnderstudyMetadata }).understudy
  return { text, model, outcomes: trail.map(outcomeOf) }
}

contract("AI SDK", async (config) => {
  const understudy = createUnderstudy({ config })
  const model = understudy("qwen-turbo")
  return {
    call: async (prompt) => {
      const { providerMetadata, response, text } = await generateText({ model, prompt })
      return toAnswer(text, response.modelId, providerMetadata)
    },
    stream: async (prompt) => {
      const { providerMetadata, response, text } = streamText({ model, prompt })
      return toAnswer(await text, (await response).modelId, await providerMetadata)
    },
    close: () => understudy.close()
  }
})
