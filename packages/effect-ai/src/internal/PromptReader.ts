/**
 * From what `effect/ai` asks of a provider to a prompt: messages, tools, the tool choice and the form of the answer.
 */
import * as ChatOptions from "@understudy/chat-model/ChatOptions"
import * as Message from "@understudy/chat-model/Message"
import type * as Prompt from "@understudy/chat-model/Prompt"
import type * as Tool from "@understudy/chat-model/Tool"
import * as AiError from "effect/ai/AiError"
import type { ProviderOptions } from "effect/ai/LanguageModel"
import { toCodecOpenAI } from "effect/ai/OpenAiStructuredOutput"
import * as AiPrompt from "effect/ai/Prompt"
import * as AiTool from "effect/ai/Tool"
import * as Result from "effect/Result"

type Read<A> = Result.Result<A, AiError.AiErrorReason>

const toImage = ({ data, mediaType }: AiPrompt.FilePart): Read<Message.ImagePart> => {
  if (!mediaType.startsWith("image/")) {
    const reason = {
      parameter: "prompt",
      constraint: "may hold images only",
      description: `Got a file of ${mediaType}`
    }
    return Result.fail(new AiError.InvalidRequestError(reason))
  }
  // `image/*` is what is said of a URL; bytes need a type of their own.
  const type = mediaType === "image/*" ? "image/jpeg" : mediaType
  if (typeof data !== "string") return Result.succeed(Message.image(data, type))
  return Result.succeed(Message.image(/^(https?|data):/i.test(data) ? data : `data:${type};base64,${data}`))
}

const toUserMessage = ({ content }: AiPrompt.UserMessage): Read<Message.Message> => {
  // A text that is empty says nothing beside others, and vendors refuse it.
  const said = content.filter((part) => part.type !== "text" || part.text !== "")
  const told = said.length === 0 ? content : said
  const [first] = told
  if (told.length === 1 && first?.type === "text") return Result.succeed(Message.user(first.text))
  const toPart = (part: AiPrompt.UserMessagePart): Read<Message.TextPart | Message.ImagePart> =>
    part.type === "text" ? Result.succeed({ type: "text", text: part.text }) : toImage(part)
  return Result.map(Result.all(told.map(toPart)), Message.user)
}

/** Arguments that could not be parsed are kept as the text that the model wrote. */
const toArguments = (params: unknown): string =>
  typeof params === "string" ? params : (JSON.stringify(params) ?? "{}")

const toAssistantMessage = ({ content }: AiPrompt.AssistantMessage): Read<Message.AssistantMessage> => {
  const joined = { text: "", reasoning: "", refusal: "" }
  const toolCalls: Array<NonNullable<Message.AssistantMessage["toolCalls"]>[number]> = []
  for (const part of content) {
    if (part.type === "text") joined[part.options.understudy?.refusal ? "refusal" : "text"] += part.text
    else if (part.type === "reasoning") joined.reasoning += part.text
    else if (part.type === "tool-call" && !part.providerExecuted) {
      toolCalls.push({ id: part.id, name: part.name, arguments: toArguments(part.params) })
    } else if (part.type === "file") {
      const reason = { parameter: "prompt", constraint: "may hold files in a user's message only" }
      return Result.fail(new AiError.InvalidRequestError(reason))
    }
  }
  const said = Object.fromEntries(Object.entries(joined).filter(([, text]) => text !== ""))
  return Result.succeed(Message.assistant({ ...said, ...(toolCalls.length === 0 ? {} : { toolCalls }) }))
}

const toToolMessages = ({ content }: AiPrompt.ToolMessage): ReadonlyArray<Message.Message> =>
  content
    .filter((part) => part.type === "tool-result")
    .map(({ id, modelOutput, result }) =>
      Message.tool(id, modelOutput === undefined ? result : AiPrompt.toolModelOutputToText(modelOutput))
    )

const saysNothing = (message: Message.AssistantMessage): boolean => Object.keys(message).length === 1

const toMessage = (message: AiPrompt.Message): Read<ReadonlyArray<Message.Message>> => {
  if (message.role === "system") return Result.succeed([Message.system(message.content)])
  if (message.role === "tool") return Result.succeed(toToolMessages(message))
  if (message.role === "user") return Result.map(toUserMessage(message), (read) => [read])
  return Result.map(toAssistantMessage(message), (read) => (saysNothing(read) ? [] : [read]))
}

/** The messages of a prompt. */
export const toMessages = (prompt: AiPrompt.Prompt): Read<ReadonlyArray<Message.Message>> =>
  Result.map(Result.all(prompt.content.map(toMessage)), (read) => read.flat())

const toTool = (tool: AiTool.Any): Tool.Tool => ({
  name: tool.name,
  description: AiTool.getDescription(tool),
  parameters: AiTool.getJsonSchema(tool),
  strict: AiTool.getStrictMode(tool)
})

const toToolChoice = (choice: ProviderOptions["toolChoice"]): Tool.ToolChoice => {
  if (typeof choice === "string") return choice
  // For `oneOf`, `tools` holds these tools only.
  return "oneOf" in choice ? (choice.mode ?? "auto") : { tool: choice.tool }
}

const toToolOptions = ({ toolChoice, tools }: ProviderOptions): Read<ChatOptions.ChatOptions> => {
  if (tools.length === 0) return Result.succeed(ChatOptions.empty)
  const foreign = tools.find(AiTool.isProviderDefined)
  if (foreign !== undefined) {
    const description = "A tool that a provider runs by itself cannot be given to a route of several vendors."
    return Result.fail(new AiError.ToolConfigurationError({ toolName: foreign.name, description }))
  }
  return Result.succeed({ tools: tools.map(toTool), toolChoice: toToolChoice(toolChoice) })
}

const toFormatOptions = (format: ProviderOptions["responseFormat"]): Read<ChatOptions.ChatOptions> => {
  if (format.type === "text") return Result.succeed(ChatOptions.empty)
  return Result.try({
    try: () => {
      const schema = AiTool.getJsonSchemaFromSchema(format.schema, { transformer: toCodecOpenAI })
      return { responseFormat: { schema, name: format.objectName } }
    },
    catch: (error) =>
      new AiError.UnsupportedSchemaError({ description: error instanceof Error ? error.message : String(error) })
  })
}

/** The prompt for what a provider is asked, with the request's own options over the given ones. */
export const toPrompt = (request: ProviderOptions, options: ChatOptions.ChatOptions): Read<Prompt.Prompt> =>
  Result.gen(function* () {
    const messages = yield* toMessages(request.prompt)
    const tools = yield* toToolOptions(request)
    const format = yield* toFormatOptions(request.responseFormat)
    return { messages, options: ChatOptions.merge(options, tools, format) }
  })
