/** The JSON Schema of a scenario's file, for editors and validators: `understudy-lab.schema.json`. */
import { JsonSchema } from "@understudy/core/config/Reading"
import * as Schema from "effect/Schema"
import { ScenarioOptions } from "./Options.ts"

const Scenario = ScenarioOptions.annotate({ identifier: "Scenario" })

/** A file holds one scenario, or several. */
const File = Schema.Union([Scenario, Schema.Struct({ scenarios: Schema.Array(Scenario) })])

/** The schema as a text. */
export const text = (): string => JsonSchema.toText(File, "A scenario of the Understudy lab")
