/** LangChain: a ChatOpenAI with its default retries, and `withFallbacks` to the other vendor. */
import { ChatOpenAI } from "@langchain/openai"
import * as Client from "@understudy/lab/run/Client"

/** The contestant. */
export const langChain = Client.make("LangChain", (setting) => {
  const chat = (vendor: "qwen" | "deepseek", model: string) =>
    new ChatOpenAI({
      model,
      apiKey: setting[vendor].keys[0] ?? "",
      configuration: { baseURL: setting[vendor].baseUrl }
    })
  return async ({ messages, model, stream }, { content, signal }) => {
    const chain = model.startsWith("deepseek")
      ? chat("deepseek", model).withFallbacks([chat("qwen", "qwen-plus")])
      : chat("qwen", model).withFallbacks([chat("deepseek", "deepseek-chat")])
    const input = messages.map(({ content: text, role }) => ({ role, content: text }))
    if (!stream) {
      const answer = await chain.invoke(input, { signal })
      return { text: answer.text, finish: answer.response_metadata["finish_reason"] as string | undefined }
    }
    const reply = { text: "", finish: undefined as string | undefined }
    for await (const chunk of await chain.stream(input, { signal })) {
      reply.text += chunk.text
      reply.finish = (chunk.response_metadata["finish_reason"] as string | undefined) ?? reply.finish
      if (chunk.text !== "" || chunk.additional_kwargs["reasoning_content"]) content(chunk.text)
    }
    return reply
  }
})
