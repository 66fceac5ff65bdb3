/**
 * The name that was probably meant, or what names there are.
 */
import { Suggest } from "@understudy/core/config/Texts"

const most = 12

/** `did you mean "qwen-1"?`, else what there is. */
export const hint = (name: string, names: ReadonlyArray<string>): string => {
  const found = Suggest.nearest(name, names)
  if (found !== undefined) return `did you mean "${found}"?`
  const listed = names.length > most ? `${names.slice(0, most).join(", ")}, …` : names.join(", ")
  return names.length === 0 ? "there are none" : `there are: ${listed}`
}
