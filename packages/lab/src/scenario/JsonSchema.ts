/** The JSON Schema of a scenario's file, for editors and validators: `understudy-lab.schema.json`. */
import * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import { ScenarioOptions } from "./Options.ts"

const Scenario = ScenarioOptions.annotate({ identifier: "Scenario" })

/** A file holds one scenario, or several. */
const File = Schema.Union([Scenario, Schema.Struct({ scenarios: Schema.Array(Scenario) })])

/** The schema as a text; draft-07, which every editor's YAML support reads. */
export const text = (): string => {
  const document = Schema.toJsonSchemaDocument(File, { onExcessProperty: "error" })
  const { definitions, schema } = JsonSchema.toDocumentDraft07(document)
  const whole = {
    $schema: JsonSchema.META_SCHEMA_URI_DRAFT_07,
    title: "A scenario of the Understudy lab",
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { definitions })
  }
  return JSON.stringify(whole, null, 2)
}
