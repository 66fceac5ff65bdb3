/** The Vercel AI SDK over its OpenAI-compatible provider, with its default of two retries. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import * as Client from "@understudy/lab/run/Client"
import { generateText, streamText } from "ai"

/** The contestant. */
export const aiSdk = Client.make("AI SDK", (setting) => {
  const provider = (name: "qwen" | "deepseek") =>
    createOpenAICompatible({ name, baseURL: setting[name].baseUrl, apiKey: setting[name].keys[0] ?? "" })
  const vendors = { qwen: provider("qwen"), deepseek: provider("deepseek") }
  return async ({ messages, model, stream }, { content, signal }) => {
    const vendor = model.startsWith("deepseek") ? vendors.deepseek : vendors.qwen
    const request = { model: vendor(model), messages: [...messages], abortSignal: signal }
    if (!stream) {
      const { finishReason, response, text } = await generateText(request)
      return { text, finish: finishReason, model: response.modelId }
    }
    // Errors come as parts: whoever reads `textStream` alone takes a broken answer for a whole one.
    const result = streamText({ ...request, onError: () => undefined })
    let text = ""
    for await (const part of result.fullStream) {
      if (part.type === "error") throw part.error
      if (part.type === "reasoning-delta") content("")
      if (part.type !== "text-delta") continue
      text += part.text
      content(part.text)
    }
    return { text, finish: await result.finishReason }
  }
})
