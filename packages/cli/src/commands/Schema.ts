/** `understudy schema`: the JSON Schema of `understudy.yaml`, for editors and validators. */

import { UnderstudyOptions } from "@understudy/core/config/Options"
import { JsonSchema } from "@understudy/core/config/Reading"
import type * as Effect from "effect/Effect"
import * as Output from "../internal/Output.ts"

/** The schema as a text. */
export const text = (): string => JsonSchema.toText(UnderstudyOptions, "understudy.yaml")

/** Prints it. */
export const run = (): Effect.Effect<void> => Output.print(text())
