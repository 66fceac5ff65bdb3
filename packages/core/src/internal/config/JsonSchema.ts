/** JSON Schema of what people write, for editors and validators. */
import * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"

/** The schema of a file's encoded side as a text; draft-07, which every editor's YAML support reads. */
export const toText = (file: Schema.Constraint, title: string): string => {
  const { definitions, schema } = JsonSchema.toDocumentDraft07(
    Schema.toJsonSchemaDocument(file, { onExcessProperty: "error" })
  )
  const whole = {
    $schema: JsonSchema.META_SCHEMA_URI_DRAFT_07,
    title,
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { definitions })
  }
  return JSON.stringify(whole, null, 2)
}
