/**
 * `spliced`: a caller was given the texts of several answers as one, or the answer to somebody else's call, whether the call
 * was answered or failed later on.
 *
 * Grants an answer that another vendor was asked to go on with: its text is whole.
 */

import type { Sentence } from "../../scenario/Sentence.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const severalIn = (count: number, id: string, parts: string): Sentence => ({
  en: `${Evidence.many(count, "caller")} got several answers in one (${id}: attempts ${parts}): once content was delivered, end with an error or continue the same text.`,
  zh: `${count} 个调用方收到由多个回答拼成的文本（${id}：第 ${parts} 次尝试）：内容交付后只能报错，或续写同一段文本。`
})

const anothers = (count: number, id: string, part: string): Sentence => ({
  en: `${Evidence.many(count, "caller")} got the answer to somebody else's call (${id}: attempt ${part}): share no answers and no state between calls.`,
  zh: `${count} 个调用方收到了别人调用的回答（${id}：第 ${part} 次尝试）：调用之间不得共享回答或状态。`
})

const ofCases = (toMessage: typeof anothers, mixed: ReadonlyArray<Case>): ReadonlyArray<Finding> => {
  const [first] = mixed
  if (first === undefined) return []
  const message = toMessage(mixed.length, first.call.id, first.mixture.join(" + "))
  const ids = mixed.map(({ call }) => call.id)
  return [
    Evidence.ofCalls(
      "spliced",
      message,
      ids,
      mixed.flatMap(({ mixture }) => mixture)
    )
  ]
}

/** Looks at what callers had. */
export const find = ({ cases }: Facts): ReadonlyArray<Finding> => [
  ...ofCases(
    severalIn,
    cases.filter(({ mixture }) => mixture.length > 1)
  ),
  ...ofCases(
    anothers,
    cases.filter(({ mixture }) => mixture.length === 1)
  )
]
