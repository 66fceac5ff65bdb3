import { generateText, streamText } from "ai"
import type { UnderstudyMetadata } from "../src/UnderstudyMetadata.ts"
import { createUnderstudy } from "../src/UnderstudyProvider.ts"
import { type Answer, contract } from "./support/Contract.ts"

const toAnswer = (text: string, model: string, metadata: unknown): Answer => {
  const { trail } = (metadata as { readonly understudy: UnderstudyMetadata }).understudy
  return { text, model, outcomes: trail.map(({ outcome }) => outcome) }
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
