/**
 * A model's wish to have a tool run: which one, and with which arguments, as the JSON text that the model wrote.
 *
 * The text is kept as it came, because a model may write JSON that is none and because it goes back to the vendor with the
 * next turn. `json` and `decode` read it.
 *
 * **Example** (Reading the arguments)
 *
 * ```ts
 * import { ToolCall } from "@understudy/chat-model/promise"
 *
 * const call: ToolCall.ToolCall = { id: "call_1", name: "weather", arguments: "{\"city\":\"Hangzhou\"}" }
 * ToolCall.json(call) // => { city: "Hangzhou" }
 * ```
 */
import { ToolArguments } from "@understudy/core/wire/Wire"
import * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import { loaded } from "./internal/schema/EffectSchema.ts"

/** One call of a tool, whole. */
export interface ToolCall {
  /** What the answer names in `toolCallId`. Made up (`call_<n>`) when the vendor sent none. */
  readonly id: string
  /** The tool's name; "" only when the vendor sent none, which no tool has. */
  readonly name: string
  /** JSON text as the model wrote it; not checked. */
  readonly arguments: string
}

/**
 * The arguments, an object; undefined when the text is none. An empty text and `null` are `{}`: that is how vendors spell a
 * call without arguments. An object that was encoded twice is read.
 */
export const json = (call: ToolCall): Readonly<Record<string, unknown>> | undefined =>
  ToolArguments.read(call.arguments)

/**
 * Reads the arguments through a schema.
 *
 * **Example** (Typed arguments)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { ToolCall } from "@understudy/chat-model"
 *
 * const Weather = Schema.Struct({ city: Schema.String })
 * const call: ToolCall.ToolCall = { id: "call_1", name: "weather", arguments: "{\"city\":\"Hangzhou\"}" }
 * const { city } = await Effect.runPromise(ToolCall.decode(Weather)(call))
 * city // => "Hangzhou"
 * ```
 */
export const decode = <S extends Schema.Top>(
  schema: S
): ((call: ToolCall) => Effect.Effect<S["Type"], Schema.SchemaError, S["DecodingServices"]>) => {
  const read = Effect.map(loaded, ({ decodeUnknownEffect }) => decodeUnknownEffect(schema))
  return (call) => Effect.flatMap(read, (decode) => decode(json(call)))
}
