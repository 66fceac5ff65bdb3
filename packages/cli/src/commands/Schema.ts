/** `understudy schema`: the JSON Schema of `understudy.yaml`, for editors and validators. */
import { UnderstudyOptions } from "@understudy/core/config/Options"
import type * as Effect from "effect/Effect"
import * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import * as Output from "../internal/Output.ts"

/** The schema as a text; draft-07, which every editor's YAML support reads. */
export const text = (): string => {
  const document = Schema.toJsonSchemaDocument(UnderstudyOptions, { onExcessProperty: "error" })
  const { definitions, schema } = JsonSchema.toDocumentDraft07(document)
  const whole = {
    $schema: JsonSchema.META_SCHEMA_URI_DRAFT_07,
    title: "understudy.yaml",
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { definitions })
  }
  return JSON.stringify(whole, null, 2)
}

/** Prints it. */
export const run = (): Effect.Effect<void> => Output.print(text())
