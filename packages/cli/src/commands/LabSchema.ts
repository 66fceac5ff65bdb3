/** `understudy lab schema`: the JSON Schema of a scenario's file, for editors and validators. */
import * as JsonSchema from "@understudy/lab/scenario/JsonSchema"
import type * as Effect from "effect/Effect"
import * as Output from "../internal/Output.ts"

/** Prints it. */
export const run = (): Effect.Effect<void> => Output.print(JsonSchema.text())
