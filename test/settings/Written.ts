/** The files that are made from schemas and tables, and what has to stand in them. */
import { readFileSync } from "node:fs"
import * as path from "node:path"
import * as Schema from "@understudy/cli/commands/Schema"
import { UnderstudyOptions } from "@understudy/core/config/Options"
import * as ScenarioSchema from "@understudy/lab/scenario/JsonSchema"
import * as Rules from "@understudy/mocks/Rules"
import { chinese } from "./Chinese.ts"
import * as Tables from "./Tables.ts"

/** A file, as it is and as it has to be. */
export interface Written {
  readonly file: string
  readonly kept: string
  readonly right: string
}

const file = (name: string, make: (kept: string) => string): Written => {
  const place = path.resolve(import.meta.dirname, "../..", name)
  const kept = readFileSync(place, "utf8")
  return { file: place, kept, right: make(kept) }
}

/** All of them. */
export const files = (): ReadonlyArray<Written> => {
  const root = Tables.root(UnderstudyOptions)
  return [
    file("docs/guides/configuration.md", (page) => Tables.write(page, root, Tables.english)),
    file("docs/guides/configuration.zh-CN.md", (page) => Tables.write(page, root, chinese)),
    file("mocks/RULES.md", (page) => page.replace(/^\|[\s\S]*\|$/m, () => Rules.toMarkdown())),
    file("understudy.schema.json", () => `${Schema.text()}\n`),
    file("understudy-lab.schema.json", () => `${ScenarioSchema.text()}\n`)
  ]
}
