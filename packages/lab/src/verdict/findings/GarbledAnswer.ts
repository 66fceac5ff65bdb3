/**
 * `garbled-answer`: a caller was given a vendor's answer, but not as it was sent: with a hole in it, with pieces that came
 * twice, with broken characters, or in pieces that do not add up to the whole.
 *
 * Grants white space around the text.
 */
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

/** Looks at what callers had. */
export const find = ({ cases }: Facts): ReadonlyArray<Finding> => {
  const found = cases.filter(({ ending }) => ending === "garbled")
  const [first] = found
  if (first === undefined) return []
  const { id, streamed, text } = first.call
  const had = Evidence.quote(streamed ?? text)
  const message = {
    en: `${Evidence.many(found.length, "caller")} got an answer that is not as the vendor sent it (${id}: ${had}): join the pieces once each, in their order, bytes before characters, and fail on a frame that cannot be read.`,
    zh: `${found.length} 个调用方收到的回答与厂商所发不符（${id}：${had}）：每个片段应按顺序只拼接一次，先拼字节再解码，遇到无法解析的帧应报错。`
  }
  return [Evidence.ofCases("garbled-answer", message, found, ({ attempts }) => attempts.slice(-1))]
}
