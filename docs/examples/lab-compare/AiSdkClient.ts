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
    // Errors come as parts of the stream: whoever reads `textStream` alone takes a broken answer for a whole one.
    let failure: unknown
    const result = streamText({ ...request, onError: ({ error }) => void (failure = error) })
    let text = ""
    for await (const delta of result.textStream) {
      text += delta
      content(delta)
    }
    if (failure !== undefined) throw failure
    return { text, finish: await result.finishReason }
  }
})
