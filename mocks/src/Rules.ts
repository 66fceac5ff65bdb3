/**
 * The one table of what the vendors do and others do not: a request, what is answered, where that was seen and how sure it is. The
 * mocks' tests play every row; `understudy lab record --rules` asks a real vendor every one of them, and `understudy lab drift`
 * says where it answers otherwise.
 *
 * **Example** (what is least sure)
 *
 * ```ts
 * import * as Rules from "@understudy/mocks/Rules"
 *
 * Rules.table.filter(({ confidence }) => confidence === "low").map(({ vendor, name }) => `${vendor}: ${name}`)
 * ```
 */
import { type Confidence, type Rule as Row, user } from "./internal/vendor/Rule.ts"
import { names, personalities, type VendorName } from "./VendorList.ts"

export type { Confidence }

/** A row of the table. */
export interface Rule extends Omit<Row, "request"> {
  readonly vendor: VendorName
  readonly confidence: Confidence
  readonly model: string
  /** The body of `POST …/chat/completions`, as JSON. */
  readonly body: string
}

/** Every row, by vendor. */
export const table: ReadonlyArray<Rule> = names.flatMap((vendor) =>
  personalities[vendor].rules.map(({ request, ...row }) => {
    const { model, messages = [user()], ...more } = request
    return { vendor, confidence: "high", ...row, model, body: JSON.stringify({ model, messages, ...more }) }
  })
)

/** The table as Markdown. */
export const toMarkdown = (): string =>
  [
    "| Vendor | Rule | Model | Answer | Source | Confidence |",
    "| --- | --- | --- | --- | --- | --- |",
    ...table.map(({ about, answer, confidence, lacks, model, name, source, status, vendor }) => {
      const found = `${status} \`\` ${answer} \`\`${lacks === undefined ? "" : ` without \`\` ${lacks} \`\``}`
      return `| ${vendor} | \`${name}\`: ${about} | \`${model}\` | ${found} | ${source} | ${confidence} |`
    })
  ].join("\n")
