/**
 * A tool that a model may ask for: a name, what it is good for, and a JSON Schema of its parameters.
 *
 * Running it is the caller's: the answer holds `toolCalls`, the next prompt holds a `Message.tool` for each.
 *
 * **Example** (A tool in a prompt)
 *
 * ```ts
 * import { Prompt, type Tool } from "@understudy/chat-model"
 *
 * const weather: Tool.Tool = {
 *   name: "weather",
 *   description: "The weather in a city",
 *   parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
 * }
 * const prompt = Prompt.make("How is the weather in Hangzhou?", { tools: [weather] })
 * ```
 */

/** A tool. */
export interface Tool {
  /** 1 to 64 letters, digits, `_` or `-`. */
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema of the arguments; left out for a tool without any. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  /** Asks the vendor to keep exactly to the schema, where it can. */
  readonly strict?: boolean | undefined
}

/** Which tool the model is to call: its own choice, none, at least one, or a certain one. */
export type ToolChoice = "auto" | "none" | "required" | { readonly tool: string }
