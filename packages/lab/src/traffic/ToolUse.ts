/**
 * The tool that callers offer where a scenario's traffic has one: it books a table, so running it twice does harm.
 *
 * The mocked model calls it once for each question, with the ordinal of its attempt as the argument; the result that goes back
 * says that ordinal again. So the journal and the caller's own notes tell which answer had the tool run, how often, and
 * whether the result arrived.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

/** A tool as OpenAI-compatible vendors are told of it. */
export interface Tool {
  readonly type: "function"
  readonly function: {
    readonly name: string
    readonly description: string
    /** JSON Schema. */
    readonly parameters: Record<string, unknown>
  }
}

/** A model's wish to have a tool run. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** JSON, as the model wrote it. */
  readonly arguments: string
}

/** The tool. */
export const tool: Tool = {
  type: "function",
  function: {
    name: "book_table",
    description: "Books a table. Call it once.",
    parameters: {
      type: "object",
      properties: { reply: { type: "integer", description: "The number of this reply." } },
      required: ["reply"],
      additionalProperties: false
    }
  }
}

/** What the model of an attempt calls it with. */
export const argumentsOf = (ordinal: number): string => JSON.stringify({ reply: ordinal })

const parse = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Struct({ reply: Schema.Int })))

/** The ordinal of the attempt whose answer wrote these arguments; undefined when they are none of the lab's. */
export const read = (written: string): number | undefined => {
  const found = parse(written)
  return Option.isSome(found) ? found.value.reply : undefined
}

/** What a run of the tool gives. */
export const result = (written: string): string => `Booked for reply ${read(written) ?? "nobody"}.`
