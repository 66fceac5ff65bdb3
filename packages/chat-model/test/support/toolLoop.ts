/** What the tests of the tool loop share: scripted models, a tool that counts, and what came of a run. */
import * as Data from "effect/Data"
import * as Schema from "effect/Schema"
import type { ChatPart } from "../../src/ChatPart.ts"
import * as Prompt from "../../src/Prompt.ts"
import * as TestChatModel from "../../src/TestChatModel.ts"
import * as Tool from "../../src/Tool.ts"
import * as ToolLoop from "../../src/ToolLoop.ts"

export const usage = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens
})
export const call = (name: string, parameters: unknown = {}, id?: string) => ({ id, name, arguments: parameters })
export const calls = (...toolCalls: ReadonlyArray<ReturnType<typeof call>>): TestChatModel.Answer => ({ toolCalls })

export class Declined extends Data.TaggedError("Declined")<{ readonly why: string }> {}

/** A tool that counts what it is run with. */
export const weatherTool = (options: Partial<Pick<Tool.Any, "approval" | "timeout">> = {}) => {
  const cities: Array<string> = []
  const tool = Tool.make({
    name: "weather",
    parameters: Schema.Struct({ city: Schema.String }),
    result: Schema.Struct({ celsius: Schema.Number }),
    handler: ({ city }) => {
      cities.push(city)
      return { celsius: city.length }
    },
    ...options
  })
  return { cities, tool }
}

export const play = (
  script: ReadonlyArray<TestChatModel.Entry>,
  tools: ReadonlyArray<Tool.Any>,
  options?: ToolLoop.Options,
  input: Prompt.Input = "How is the weather?"
) => {
  const { model, prompts } = TestChatModel.make(script)
  return { prompts, parts: ToolLoop.run(model.stream, Prompt.make(input), tools, options) }
}

export const results = (parts: ReadonlyArray<ChatPart>) => parts.filter((part) => part.type === "tool-result")
