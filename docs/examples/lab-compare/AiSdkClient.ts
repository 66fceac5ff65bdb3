/** The Vercel AI SDK over its OpenAI-compatible provider, with its default of two retries. */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import * as Client from "@understudy/lab/run/Client"
import { generateText, jsonSchema, type ModelMessage, Output, streamText, type ToolSet, tool } from "ai"

const named = "book_table"

/** The SDK has a shape of its own for messages. */
const toMessage = (message: Client.LabMessage): ModelMessage => {
  switch (message.role) {
    case "system":
      return message
    case "user": {
      const { content, role } = message
      if (typeof content === "string") return { role, content }
      const parts = content.map((part) =>
        part.type === "text" ? part : { type: "image" as const, image: new URL(part.image_url.url) }
      )
      return { role, content: parts }
    }
    case "assistant": {
      const calls = (message.tool_calls ?? []).map(({ function: called, id }) => ({
        type: "tool-call" as const,
        toolCallId: id,
        toolName: called.name,
        input: JSON.parse(called.arguments) as unknown
      }))
      const text = message.content === "" ? [] : [{ type: "text" as const, text: message.content }]
      return { role: "assistant", content: [...text, ...calls] }
    }
    case "tool": {
      const output = { type: "text" as const, value: message.content }
      return {
        role: "tool",
        content: [{ type: "tool-result", toolCallId: message.tool_call_id, toolName: named, output }]
      }
    }
  }
}

const toTools = (tools: Client.LabRequest["tools"]): ToolSet =>
  Object.fromEntries(
    (tools ?? []).map(({ function: { description, name, parameters } }) => [
      name,
      tool({ description, inputSchema: jsonSchema(parameters) })
    ])
  )

const toOutput = (format: Client.LabRequest["responseFormat"]) =>
  format === undefined
    ? Output.text()
    : format.type === "json_object"
      ? Output.json()
      : Output.object({ schema: jsonSchema(format.json_schema.schema) })

const toCall = ({
  input,
  toolCallId: id,
  toolName: name
}: {
  input: unknown
  toolCallId: string
  toolName: string
}) => ({
  id,
  name,
  arguments: JSON.stringify(input)
})

/** The contestant. */
export const aiSdk = Client.make("AI SDK", (setting) => {
  const provider = (name: "qwen" | "deepseek") =>
    createOpenAICompatible({ name, baseURL: setting[name].baseUrl, apiKey: setting[name].keys[0] ?? "" })
  const vendors = { qwen: provider("qwen"), deepseek: provider("deepseek") }
  return async ({ messages, model, responseFormat, stream, tools }, { content, signal }) => {
    const vendor = model.startsWith("deepseek") ? vendors.deepseek : vendors.qwen
    const asked = messages.map(toMessage)
    const request = {
      model: vendor(model),
      messages: asked,
      allowSystemInMessages: true,
      tools: toTools(tools),
      output: toOutput(responseFormat),
      abortSignal: signal
    }
    if (!stream) {
      const { finishReason, response, text, toolCalls } = await generateText(request)
      return { text, finish: finishReason, model: response.modelId, toolCalls: toolCalls.map(toCall) }
    }
    // Errors come as parts: whoever reads `textStream` alone takes a broken answer for a whole one.
    const result = streamText({ ...request, onError: () => undefined })
    let text = ""
    for await (const part of result.fullStream) {
      if (part.type === "error") throw part.error
      if (part.type === "reasoning-delta" || part.type === "tool-input-delta") content("")
      if (part.type !== "text-delta") continue
      text += part.text
      content(part.text)
    }
    return { text, finish: await result.finishReason, toolCalls: (await result.toolCalls).map(toCall) }
  }
})
