/**
 * The Vercel AI SDK over its OpenAI-compatible provider: by itself, with its default of two retries, and with the two packages that
 * give it fallbacks, each as its documentation shows it.
 */

import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import type { LanguageModelV4 } from "@ai-sdk/provider"
import * as Client from "@understudy/lab/run/Client"
import { generateText, jsonSchema, type ModelMessage, Output, streamText, type ToolSet, tool } from "ai"
import { createFallback } from "ai-fallback"
import { createRetryableModel } from "ai-retry/language-model"
import { type Way, ways } from "./ways.ts"

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

const modelOf = ({ baseUrl, key, model, vendor }: Way): LanguageModelV4 =>
  createOpenAICompatible({ name: vendor, baseURL: baseUrl, apiKey: key })(model)

/** A client whose calls ask the model that `toModel` makes of the ways that are open to them. */
const make = (
  name: string,
  toModel: (ways: ReadonlyArray<LanguageModelV4>) => LanguageModelV4 | undefined,
  maxRetries?: number
): Client.Client =>
  Client.make(name, (setting) => {
    // What is made of a model remembers what was down: one for each that is asked for.
    const known = new Map<string, LanguageModelV4>()
    const modelFor = (asked: string): LanguageModelV4 => {
      const model = known.get(asked) ?? toModel(ways(setting, asked).map(modelOf))
      if (model === undefined) throw new Error(`The scenario has no way to ${asked}`)
      known.set(asked, model)
      return model
    }
    return async ({ messages, model, responseFormat, stream, tools }, { content, signal }) => {
      const request = {
        model: modelFor(model),
        messages: messages.map(toMessage),
        allowSystemInMessages: true,
        tools: toTools(tools),
        output: toOutput(responseFormat),
        abortSignal: signal,
        ...(maxRetries === undefined ? {} : { maxRetries })
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

/** By itself it knows one model with one key. */
export const aiSdk = make("AI SDK", ([model]) => model)

/** With ai-retry: every other way is a fallback, which its documentation has for whatever went wrong; the SDK's own retries are off. */
export const aiRetry = make(
  "AI SDK, ai-retry",
  ([model, ...retries]) => (model === undefined ? undefined : createRetryableModel({ model, retries })),
  0
)

/** With ai-fallback, which goes back to the first model after a minute in the example that its documentation begins with. */
export const aiFallback = make("AI SDK, ai-fallback", (models) =>
  createFallback({ models: [...models], modelResetInterval: 60_000 })
)
