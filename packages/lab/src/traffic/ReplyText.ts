/**
 * What the mocked vendors say in a run: texts by which an answer is told to its attempt, so that a broken, mixed or made-up
 * answer shows in what the caller got, whatever client was in between.
 *
 * ```
 * Reply 12 of qwen: alpha bravo charlie 你好世界 👩‍👩‍👧. End of reply 12.
 * ```
 *
 * There are words, characters of three and four bytes, and an emoji of several joined ones in it: whoever cuts a text in the
 * middle of a character shows that too.
 *
 * A request whose last message is the beginning of such a text is answered with the rest of it, so that an answer that was
 * continued on purpose is whole.
 */
import { names, type VendorName } from "@understudy/mocks/VendorList"

const words = "alpha bravo charlie 你好世界 👩‍👩‍👧"

/** The mark by which requests are told to their call. */
export const mark = (call: string): string => `[call:${call}]`

/** The whole text of an attempt. */
export const make = (ordinal: number, vendor: VendorName): string =>
  `Reply ${ordinal} of ${vendor}: ${words}. End of reply ${ordinal}.`

/** A text as the JSON object that a caller asked for. */
export const frame = (text: string): string => `{"reply":"${text}"}`

const frames = /^\{\s*"reply"\s*:\s*"(.*?)("\s*\})?$/s

/** True for a text in its frame, as far as it goes. */
export const isFramed = (text: string): boolean => frames.test(text.trim())

/** The rest of the text that begins so, or nothing when it is no beginning of one. */
export const rest = (beginning: string): string | undefined => {
  const inner = frames.exec(beginning)?.[1]
  const found = head.exec(inner ?? beginning)
  if (found === null) return undefined
  const text = make(Number(found[1]), found[2] as VendorName)
  const whole = inner === undefined ? text : frame(text)
  return whole.startsWith(beginning) ? whole.slice(beginning.length) : undefined
}

/** What a text is: one whole reply, the beginning of one, a mixture, or none of ours. */
export type Reading =
  | { readonly _tag: "Whole"; readonly ordinal: number }
  | { readonly _tag: "Beginning"; readonly ordinal: number }
  | { readonly _tag: "Mixture"; readonly ordinals: ReadonlyArray<number> }
  | { readonly _tag: "Foreign" }

const head = new RegExp(`^Reply (\\d+) of (${names.join("|")}):`)
const marks = /(?:Reply|reply) (\d+)\b/g

/** Reads what a caller got, in a frame or without one. White space around it does not count. */
export const read = (text: string): Reading => {
  const trimmed = text.trim()
  const framed = frames.exec(trimmed)
  const said = framed?.[1] ?? trimmed
  const found = head.exec(said)
  if (found !== null) {
    const ordinal = Number(found[1])
    const whole = make(ordinal, found[2] as VendorName)
    if (said === whole && (framed === null || framed[2] !== undefined)) return { _tag: "Whole", ordinal }
    if (whole.startsWith(said)) return { _tag: "Beginning", ordinal }
  }
  const ordinals = [...new Set([...trimmed.matchAll(marks)].map((match) => Number(match[1])))]
  return ordinals.length > 0 ? { _tag: "Mixture", ordinals } : { _tag: "Foreign" }
}
