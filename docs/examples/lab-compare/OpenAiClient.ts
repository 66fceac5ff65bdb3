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
  return async ({ messages, model, responseFormat, stream, tools }, { content, signal }) => {
    const client = model.startsWith("deepseek") ? vendors.deepseek : vendors.qwen
    const request = {
      model,
      messages: [...messages],
      ...(tools === undefined ? {} : { tools: [...tools] }),
      ...(responseFormat === undefined ? {} : { response_format: responseFormat })
    }
    if (!stream) {
      const completion = await client.chat.completions.create(request, { signal })
      const choice = completion.choices[0]
      const toolCalls = (choice?.message.tool_calls ?? []).flatMap((call) =>
        call.type === "function" ? [{ id: call.id, ...call.function }] : []
      )
      return { text: choice?.message.content ?? "", toolCalls, finish: choice?.finish_reason, model: completion.model }
    }
    const toolCalls: Array<{ id: string; name: string; arguments: string }> = []
    const reply = { text: "", toolCalls, finish: undefined as string | undefined, model }
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true }, { signal })) {
      const choice = chunk.choices[0]
      const text = choice?.delta.content ?? ""
      reply.text += text
      for (const { function: piece, id = "", index } of choice?.delta.tool_calls ?? []) {
        toolCalls[index] ??= { id, name: piece?.name ?? "", arguments: "" }
        toolCalls[index].arguments += piece?.arguments ?? ""
      }
      reply.finish = choice?.finish_reason ?? reply.finish
      reply.model = chunk.model
      if (text !== "" || reasons(choice?.delta) || choice?.delta.tool_calls !== undefined) content(text)
    }
    return reply
  }
})
