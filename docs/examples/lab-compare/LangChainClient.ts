/** LangChain: a ChatOpenAI with its default retries, and `withFallbacks` to every other way. */
import type { AIMessage, AIMessageChunk } from "@langchain/core/messages"
import { ChatOpenAI } from "@langchain/openai"
import * as Client from "@understudy/lab/run/Client"
import { type Way, ways } from "./ways.ts"

const toCalls = (calls: AIMessage["tool_calls"]): ReadonlyArray<Client.LabToolCall> =>
  (calls ?? []).map(({ args, id = "", name }) => ({ id, name, arguments: JSON.stringify(args) }))

/** The contestant. */
export const langChain = Client.make("LangChain", (setting) => {
  return async ({ messages, model, responseFormat, stream, tools = [] }, { content, signal }) => {
    const chat = ({ baseUrl, key, model: name }: Way) =>
      new ChatOpenAI({ model: name, apiKey: key, configuration: { baseURL: baseUrl } }).withConfig({
        ...(tools.length > 0 ? { tools: [...tools] } : {}),
        ...(responseFormat === undefined ? {} : { response_format: responseFormat })
      })
    const [first, ...others] = ways(setting, model).map(chat)
    if (first === undefined) throw new Error(`The scenario has no way to ${model}`)
    const chain = first.withFallbacks(others)
    const input = messages.map((message) => ({ ...message }))
    if (!stream) {
      const answer = await chain.invoke(input, { signal })
      const finish = answer.response_metadata["finish_reason"] as string | undefined
      return { text: answer.text, finish, toolCalls: toCalls(answer.tool_calls) }
    }
    const reply = { text: "", finish: undefined as string | undefined }
    let whole: AIMessageChunk | undefined
    for await (const chunk of await chain.stream(input, { signal })) {
      whole = whole?.concat(chunk) ?? chunk
      reply.text += chunk.text
      reply.finish = (chunk.response_metadata["finish_reason"] as string | undefined) ?? reply.finish
      const { additional_kwargs: more, text, tool_call_chunks: calls = [] } = chunk
      if (text !== "" || more["reasoning_content"] || calls.length > 0) content(text)
    }
    return { ...reply, toolCalls: toCalls(whole?.tool_calls) }
  }
})
