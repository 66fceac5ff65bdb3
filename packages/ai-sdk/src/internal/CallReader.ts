/**
 * From a call of the AI SDK to a prompt, with warnings for what is left out of it.
 */
import * as Sdk from "@ai-sdk/provider"
import type { Prompt } from "@understudy/chat-model/Prompt"
import { ChatOptions } from "@understudy/chat-model/promise"
import type { Tool, ToolChoice } from "@understudy/chat-model/Tool"
import * as PromptReader from "./PromptReader.ts"

/** What one call asks. */
export interface Call {
  readonly prompt: Prompt
  readonly warnings: Array<Sdk.SharedV4Warning>
}

const toTool = ({ description, inputSchema, name, strict }: Sdk.LanguageModelV4FunctionTool): Tool => ({
  name,
  description,
  parameters: inputSchema as Readonly<Record<string, unknown>>,
  strict
})

const toToolChoice = (choice: Sdk.LanguageModelV4ToolChoice | undefined): ToolChoice | undefined =>
  choice?.type === "tool" ? { tool: choice.toolName } : choice?.type

const toToolOptions = (
  { toolChoice, tools = [] }: Sdk.LanguageModelV4CallOptions,
  warnings: Array<Sdk.SharedV4Warning>
): ChatOptions.ChatOptions => {
  const functions: Array<Tool> = []
  for (const tool of tools) {
    if (tool.type === "function") functions.push(toTool(tool))
    else {
      const details = "A tool that one vendor runs cannot be given to a route of several."
      warnings.push({ type: "unsupported", feature: `provider-defined tool ${tool.id}`, details })
    }
  }
  return functions.length === 0 ? ChatOptions.empty : { tools: functions, toolChoice: toToolChoice(toolChoice) }
}

const toFormat = (
  format: Sdk.LanguageModelV4CallOptions["responseFormat"],
  strict: boolean | undefined
): ChatOptions.ResponseFormat | undefined => {
  if (format?.type !== "json") return undefined
  const { description, name, schema } = format
  if (schema === undefined) return "json"
  return { schema: schema as Readonly<Record<string, unknown>>, name, description, strict }
}

/** What a call may have under `providerOptions.understudy`. */
interface Own {
  readonly conversationId?: string | undefined
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined
  readonly strictJsonSchema?: boolean | undefined
  readonly vendor?: ChatOptions.VendorOptions | undefined
}

const own: Readonly<Record<keyof Own, string>> = {
  conversationId: "string",
  extraBody: "object",
  strictJsonSchema: "boolean",
  vendor: "object"
}

const toOwn = (options: Sdk.LanguageModelV4CallOptions["providerOptions"]): Own => {
  const given = options?.["understudy"] ?? {}
  for (const [name, value] of Object.entries(given)) {
    const wanted = own[name as keyof Own]
    if (wanted !== undefined && (value == null || typeof value === wanted)) continue
    const argument = `providerOptions.understudy.${name}`
    const message =
      wanted === undefined
        ? `${argument} is not known: what a vendor has of its own goes into extraBody`
        : `${argument} must be of type ${wanted}, got ${JSON.stringify(value)}`
    throw new Sdk.InvalidArgumentError({ argument, message })
  }
  return given as Own
}

/** Reads a call. Throws the AI SDK's errors for what cannot be asked at all. */
export const read = (model: string, call: Sdk.LanguageModelV4CallOptions): Call => {
  const warnings: Array<Sdk.SharedV4Warning> = []
  const { conversationId, extraBody, strictJsonSchema, vendor } = toOwn(call.providerOptions)
  const { frequencyPenalty, presencePenalty, reasoning, seed, stopSequences, temperature, topK, topP } = call
  if (call.includeRawChunks === true) warnings.push({ type: "unsupported", feature: "includeRawChunks" })
  const options = ChatOptions.merge(
    {
      model,
      maxTokens: call.maxOutputTokens,
      temperature,
      topP,
      topK,
      seed,
      stopSequences,
      presencePenalty,
      frequencyPenalty,
      responseFormat: toFormat(call.responseFormat, strictJsonSchema),
      reasoningEffort: reasoning === "provider-default" ? undefined : reasoning,
      conversationId,
      vendor,
      extraBody
    },
    toToolOptions(call, warnings)
  )
  return { prompt: { messages: PromptReader.read(call.prompt), options }, warnings }
}
