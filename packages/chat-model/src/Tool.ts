/**
 * A tool that a model may ask for: a name, what it is good for, and a JSON Schema of its parameters.
 *
 * | made as            | who runs it                                                                            |
 * | ------------------ | -------------------------------------------------------------------------------------- |
 * | a literal (`Tool`) | the caller: the answer holds `toolCalls`, the next prompt a `Message.tool` for each    |
 * | `make`             | `ToolLoop`: it also has a schema that reads the arguments, and a handler               |
 *
 * **Details**
 *
 * - `parameters` is an Effect Schema, any Standard Schema (zod, valibot, arktype), or plain JSON Schema. The JSON Schema that
 *   vendors see is derived; where a library does not offer that (valibot without its converter), pass `jsonSchema` beside it.
 * - A handler gives an Effect, a promise or a value. Without `result` whatever it gives is written as JSON; with `result` it
 *   must fit, and is written by that schema.
 *
 * **Gotchas**
 *
 * - Plain JSON Schema is told to the model and not checked: the handler gets some object.
 * - A handler's Effect needs no services: take them where the tool is made.
 * - What a handler fails with is told to the model: keep secrets out of it.
 * - In a program that webpack or rollup bundle whole, an Effect Schema cannot tell its JSON Schema: pass it as `jsonSchema`, or
 *   leave `effect` out of the bundle.
 *
 * **Example** (A tool that somebody else runs)
 *
 * ```ts
 * import { Prompt, type Tool } from "@understudy/chat-model/promise"
 *
 * const weather: Tool.Tool = {
 *   name: "weather",
 *   description: "The weather in a city",
 *   parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
 * }
 * const prompt = Prompt.make("How is the weather in Hangzhou?", { tools: [weather] })
 * ```
 *
 * @see ToolLoop for running tools
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Awaitable } from "./internal/runtime/Awaitable.ts"
import * as SchemaReader from "./internal/schema/SchemaReader.ts"
import * as SchemaRefs from "./internal/schema/SchemaRefs.ts"
import type { ToolCall } from "./ToolCall.ts"

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

/** Whatever describes parameters or a result. */
export type Schema = SchemaReader.AnySchema

export type { Awaitable }

/** What a handler knows of its call beside the parameters. */
export interface CallContext {
  /** The call's `id`: no other call of the conversation has it. */
  readonly id: string
  /** Aborts when the handler is interrupted: its time is up, or nobody reads the stream any more. */
  readonly signal: AbortSignal
}

/** A call that waits to be approved. */
export interface Request extends ToolCall {
  /** The arguments, read through the tool's schema. */
  readonly parameters: unknown
}

/** What an approval says: true to let the call run; a reason is told to the model. */
export type Verdict = boolean | { readonly reason: string }

/** Decides whether a call may run. One that fails refuses the call; a defect ends the run, as a handler's does. */
export type Approval = (request: Request) => Awaitable<Verdict>

/** A tool that `ToolLoop` can run, of whatever types. */
export interface Any extends Tool {
  /** Runs a call whose parameters have been read. */
  readonly handler: (parameters: never, context: CallContext) => unknown
  /** How long the handler may take; left out: as long as it likes. */
  readonly timeout?: Duration.Input | undefined
  readonly approval?: Approval | undefined
  /** Reads the arguments. */
  readonly read: SchemaReader.Validator
  /** Writes what the handler gave, for JSON. */
  readonly write: SchemaReader.Validator
}

/** A tool that `ToolLoop` can run: what its handler takes, and what it gives. */
export interface Runnable<Parameters, Gives> extends Any {
  readonly handler: (parameters: Parameters, context: CallContext) => Gives
}

/** Keeps out Effects that need services. */
type Served<Gives> =
  Gives extends Effect.Effect<infer A, infer E, infer R>
    ? [R] extends [never]
      ? unknown
      : Effect.Effect<A, E>
    : unknown

/** What `make` takes. */
export interface Options<P extends Schema, R extends Schema, Gives> extends Omit<Tool, "parameters"> {
  /** Describes the arguments, an object; left out for a tool without any. */
  readonly parameters?: P
  /** The JSON Schema of `parameters`, where it cannot be derived or is to be another. */
  readonly jsonSchema?: Readonly<Record<string, unknown>> | undefined
  /** Describes what the handler gives. */
  readonly result?: R
  readonly handler: (parameters: SchemaReader.Output<P>, context: CallContext) => Gives & Served<Gives>
  /** How long the handler may take, on the injected clock; left out: as long as it likes. */
  readonly timeout?: Duration.Input | undefined
  /** Asked before each call, after the loop's own approval. */
  readonly approval?: Approval | undefined
}

const noParameters: Readonly<Record<string, unknown>> = { type: "object", properties: {} }
const anything: Readonly<Record<string, unknown>> = {}

const toJsonSchema = (parameters: Schema, what: string): SchemaReader.JsonSchema => {
  const json = SchemaRefs.resolveRoot(SchemaReader.derive(parameters, what))
  if (json["type"] === "object") return json
  throw new TypeError(`${what} must be an object, got ${JSON.stringify(json).slice(0, 120)}: wrap it in one`)
}

/**
 * Makes a tool that `ToolLoop` can run. Throws a `TypeError` when the parameters are no object, or tell no JSON Schema.
 *
 * **Example** (With an Effect Schema)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { Tool } from "@understudy/chat-model"
 *
 * const weather = Tool.make({
 *   name: "weather",
 *   description: "The weather in a city",
 *   parameters: Schema.Struct({ city: Schema.String }),
 *   result: Schema.Struct({ celsius: Schema.Number }),
 *   handler: ({ city }) => Effect.succeed({ celsius: city.length }),
 *   timeout: "5 seconds"
 * })
 * weather.parameters?.["properties"] // => { city: { type: "string" } }
 * ```
 *
 * **Example** (With zod and a promise)
 *
 * ```ts
 * import { Tool } from "@understudy/chat-model/promise"
 * import { z } from "zod"
 *
 * const weather = Tool.make({
 *   name: "weather",
 *   parameters: z.object({ city: z.string() }),
 *   handler: async ({ city }, { signal }) => {
 *     const response = await fetch(`https://weather.example/${city}`, { signal })
 *     return await response.json()
 *   }
 * })
 * ```
 */
export const make = <
  const P extends Schema = typeof noParameters,
  const R extends Schema = typeof anything,
  const Gives extends Awaitable<SchemaReader.Input<R>> = Awaitable<SchemaReader.Input<R>>
>(
  options: Options<P, R, Gives>
): Runnable<SchemaReader.Output<P>, Gives> => {
  const { jsonSchema, parameters = noParameters, result = anything, ...rest } = options
  const what = `\`${jsonSchema === undefined ? "parameters" : "jsonSchema"}\` of tool "${options.name}"`
  return {
    ...rest,
    parameters: toJsonSchema(jsonSchema ?? parameters, what),
    read: SchemaReader.validator(parameters),
    write: SchemaReader.writer(result)
  }
}
