/**
 * Zhipu's GLM models by their names (docs.bigmodel.cn: guide/models, guide/capabilities/thinking), as far as they differ in what
 * they take. Those that read images carry a `v`, or are `glm-5.3-flash`; `glm-5.3` and `glm-4.7` cannot be told not to think.
 */
import * as ModelTable from "../ModelTable.ts"

/** What is known of a model. */
export interface Model {
  /** True where thinking cannot be switched off. */
  readonly alwaysThinks?: true
  /** True where it takes nothing but text. Left out: it takes images, or nobody knows. */
  readonly textOnly?: true
}

const find = ModelTable.make<Model>([
  [["glm-5.3-flash", "glm-*v"], { alwaysThinks: true }],
  [["glm-5.3", "glm-4.7"], { alwaysThinks: true, textOnly: true }],
  [["glm-5", "glm-5.1", "glm-5.2", "glm-4.5", "glm-4.6"], { textOnly: true }]
])

/** What is known of a model; of one that is not known, what holds for those of today. */
export const of = (name: string): Model => find(name) ?? { alwaysThinks: true }
