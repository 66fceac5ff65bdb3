/** The plain `openai` client with its own two retries: one key, one vendor. */
import * as Client from "@understudy/lab/run/Client"
import OpenAI from "openai"

/** Vendors send their models' reasoning in a field that the client passes on and does not know. */
const reasons = (delta: object | undefined): boolean =>
  delta !== undefined && "reasoning_content" in delta && Boolean(delta.reasoning_content)

/** The contestant. */
export const openai = Client.make("openai", (setting) => {
  const vendors = {
    qwen: new OpenAI({ baseURL: setting.qwen.baseUrl, apiKey: setting.qwen.keys[0] ?? "" }),
    deepseek: new OpenAI({ baseURL: setting.deepseek.baseUrl, apiKey: setting.deepseek.keys[0] ?? "" })
  }
  return async ({ messages, model, stream }, { content, signal }) => {
    const client = model.startsWith("deepseek") ? vendors.deepseek : vendors.qwen
    const request = { model, messages: [...messages] }
    if (!stream) {
      const completion = await client.chat.completions.create(request, { signal })
      const choice = completion.choices[0]
      return { text: choice?.message.content ?? "", finish: choice?.finish_reason, model: completion.model }
    }
    const reply = { text: "", finish: undefined as string | undefined, model }
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true }, { signal })) {
      const choice = chunk.choices[0]
      const text = choice?.delta.content ?? ""
      reply.text += text
      reply.finish = choice?.finish_reason ?? reply.finish
      reply.model = chunk.model
      if (text !== "" || reasons(choice?.delta)) content(text)
    }
    return reply
  }
})
