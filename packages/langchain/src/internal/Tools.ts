/**
 * Tools and tool choices as LangChain has them: a function's definition in OpenAI's shape, made of whatever `bindTools` takes.
 */
import type { BindToolsInput, ToolChoice } from "@langchain/core/language_models/chat_models"
import { convertToOpenAITool } from "@langchain/core/utils/function_calling"
import { toJsonSchema } from "@langchain/core/utils/json_schema"
import type * as Tool from "@understudy/chat-model/Tool"

/** A function that a model may call. */
export interface FunctionTool {
  readonly type: "function"
  readonly function: Tool.Tool
}

const isFunctionTool = (tool: unknown): tool is FunctionTool =>
  typeof tool === "object" && tool !== null && "type" in tool && tool.type === "function" && "function" in tool

/** A tool's definition. Throws for one that a vendor runs by itself. */
export const toFunction = (tool: BindToolsInput): FunctionTool => {
  const made: unknown = convertToOpenAITool(tool)
  if (isFunctionTool(made)) return made
  throw new TypeError(
    `A tool must be LangChain's or { type: "function", function: { name, parameters } }, got ${JSON.stringify(made).slice(0, 120)}`
  )
}

type Bag = Readonly<Record<string, unknown>>

/** The function whose arguments are what a schema describes. A definition in OpenAI's shape is that function itself. */
export const toExtractor = (
  schema: Parameters<typeof toJsonSchema>[0],
  called: string,
  strict: boolean
): FunctionTool => {
  const json = toJsonSchema(schema) as Bag
  const { description, name, parameters } = json
  const isDefinition = typeof name === "string" && typeof parameters === "object" && parameters !== null
  return {
    type: "function",
    function: {
      name: isDefinition ? name : called,
      description: typeof description === "string" ? description : "Call it with what is asked for.",
      parameters: isDefinition ? (parameters as Bag) : json,
      ...(strict ? { strict } : {})
    }
  }
}

/** The tool of a definition. */
export const toTool = ({ function: { description, name, parameters, strict } }: FunctionTool): Tool.Tool => ({
  name,
  description,
  parameters,
  strict
})

/** The choice among tools; LangChain says `any` for `required`, and a tool's bare name for that tool. */
export const toToolChoice = (choice: ToolChoice | undefined): Tool.ToolChoice | undefined => {
  if (choice === undefined || choice === "auto" || choice === "none" || choice === "required") return choice
  if (choice === "any") return "required"
  return { tool: typeof choice === "string" ? choice : String(choice["function"]?.name ?? choice["name"]) }
}
