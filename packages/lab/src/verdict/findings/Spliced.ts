/**
 * `spliced`: a caller was given the texts of several answers as one, whether the call was answered or failed later on.
 *
 * Grants an answer that another vendor was asked to go on with: its text is whole.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

/** Looks at what callers had. */
export const find = ({ cases }: Facts): ReadonlyArray<Finding> => {
  const mixed = cases.filter(({ mixture }) => mixture.length > 0)
  const [first] = mixed
  if (first === undefined) return []
  const parts = first.mixture.join(" + ")
  const message = {
    en: `${Evidence.many(mixed.length, "caller")} got several answers in one (${first.call.id}: attempts ${parts}): once content was delivered, end with an error or continue the same text.`,
    zh: `${mixed.length} 个调用方收到由多个回答拼成的文本（${first.call.id}：第 ${parts} 次尝试）：内容交付后只能报错，或续写同一段文本。`
  }
  return [
    Evidence.ofCalls(
      "spliced",
      message,
      mixed.map(({ call }) => call.id),
      mixed.flatMap(({ mixture }) => mixture)
    )
  ]
}
