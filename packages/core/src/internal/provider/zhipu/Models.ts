/**
 * Zhipu's GLM models by their names (docs.bigmodel.cn: guide/models), as far as they differ in what they take: those that read images
 * carry a `v`, or are `glm-5.3-flash`.
 */
import * as ModelTable from "../ModelTable.ts"

const find = ModelTable.make<boolean>([
  [["glm-5.3-flash", "glm-*v"], false],
  [["glm-5", "glm-5.1", "glm-5.2", "glm-5.3", "glm-4.5", "glm-4.6", "glm-4.7"], true]
])

/** True where the model takes nothing but text; of one that is not known, nobody knows. */
export const isTextOnly = (name: string): boolean => find(name) === true
