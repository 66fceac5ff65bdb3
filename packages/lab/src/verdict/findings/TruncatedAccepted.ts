/**
 * `truncated-accepted`: the client gave a part of an answer to its caller for a whole one.
 *
 * **Details**
 *
 * What it grants: a text that is whole, whatever was wrong around it (a missing `[DONE]`); a short one where the vendor's
 * finish reason says why (`length`, `content_filter`), and never what the client says; calls that failed, for their callers
 * were told. See `Case` for texts that are not the lab's.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

/** Looks at the answers. */
export const find = ({ cases }: Facts): ReadonlyArray<Finding> => {
  const broken = cases.filter(({ ending }) => ending === "broken")
  if (broken.length === 0) return []
  const message = {
    en: `${Evidence.many(broken.length, "answer")} broke off and passed for whole: treat a stream without a finish reason, or a partial 200, as failed.`,
    zh: `${broken.length} 个不完整的回答被当作完整回答：没有 finish_reason 的流和部分返回的 200 应视为失败。`
  }
  return [Evidence.ofCases("truncated-accepted", message, broken, ({ attempts }) => attempts.slice(-1))]
}
