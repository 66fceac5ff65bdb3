import { readFileSync } from "node:fs"
import * as path from "node:path"
import { expect, it } from "@effect/vitest"
import * as JsonSchema from "../../src/scenario/JsonSchema.ts"

const kept = path.resolve(import.meta.dirname, "../../../../understudy-lab.schema.json")

it("is the schema that is kept at the repository's root", () => {
  // Out of date? Write JsonSchema.text() and a line break into understudy-lab.schema.json.
  expect(`${JsonSchema.text()}\n`).toBe(readFileSync(kept, "utf8"))
})
