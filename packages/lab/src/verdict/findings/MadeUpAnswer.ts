/**
 * `made-up-answer`: a caller was given a text that no vendor sent.
 *
 * **Details**
 *
 * Every text of the lab names the request that it answers; one that names none, or one that the vendors never answered, is
 * nobody's. What it grants: texts where recordings were played, which are not the lab's; an answer without any text.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

/** Looks at what callers had. */
export const find = ({ cases }: Facts): ReadonlyArray<Finding> => {
  const found = cases.filter(({ ending }) => ending === "madeUp")
  const [first] = found
  if (first === undefined) return []
  const [id, text] = [first.call.id, Evidence.quote(first.call.text)]
  const message = {
    en: `${Evidence.many(found.length, "caller")} got a text that no vendor sent (${id}: ${text}): pass on what the vendor says as it is, and end with an error when nobody answers.`,
    zh: `${found.length} 个调用方收到的文本并非任何厂商所发（${id}：${text}）：请原样传递厂商的回答；无人应答时应返回错误。`
  }
  return [Evidence.ofCases("made-up-answer", message, found, ({ attempts }) => attempts)]
}
