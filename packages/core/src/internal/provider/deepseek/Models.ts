/**
 * DeepSeek's models (api-docs.deepseek.com, pricing, after 2026-10-17). `deepseek-v4-flash` and its experiment with images are
 * answered by `deepseek-flash` today; `deepseek-chat` and `deepseek-reasoner` were retired on 2026-07-24 and stand for what they
 * were: one model, told not to think or to think.
 */
import * as ModelTable from "../ModelTable.ts"

/** What is known of a model. */
export interface Model {
  /** When it thinks: `byDefault` follows `thinking`. */
  readonly thinks: "never" | "byDefault" | "always"
  /** True where it takes nothing but text. Left out: it takes images, or nobody knows. */
  readonly textOnly?: true
}

const find = ModelTable.make<Model>([
  [["deepseek-chat"], { thinks: "never" }],
  [["deepseek-reasoner"], { thinks: "always" }],
  [["deepseek-v4-pro"], { thinks: "byDefault", textOnly: true }],
  [["deepseek-flash", "deepseek-v4-flash"], { thinks: "byDefault" }]
])

/** What is known of a model; of one that is not known, what holds for those of today. */
export const of = (name: string): Model => find(name) ?? { thinks: "byDefault" }
