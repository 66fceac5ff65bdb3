/**
 * The text of a request's body. JSON between systems is UTF-8 (RFC 8259, section 8.1): other bytes are refused, because
 * read as UTF-8 they would reach the model as U+FFFD, and be paid for. A byte order mark is read over.
 */
import * as Problem from "./Problem.ts"

/** A text, or why the bytes are none. */
export type Decoded =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text?: undefined; readonly problem: Problem.Problem }

// Reads one byte order mark over.
const strict = new TextDecoder("utf-8", { fatal: true })

const textOf = (bytes: Buffer): string | undefined => {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

const isUtf8 = (bytes: Buffer): boolean => textOf(bytes) !== undefined

const block = 4_096

/** The end of a block from `from` on, moved back to where a character begins. */
const blockEnd = (bytes: Buffer, from: number): number => {
  let end = Math.min(from + block, bytes.length)
  while (end > from && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return end
}

const widthOf = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4)

/** Where bytes that are not UTF-8 stop being it. */
const firstFault = (bytes: Buffer): number => {
  let at = 0
  for (let end = blockEnd(bytes, at); end > at && isUtf8(bytes.subarray(at, end)); end = blockEnd(bytes, at)) at = end
  for (let width = 1; at < bytes.length; at += width) {
    width = widthOf(bytes[at] ?? 0)
    if (!isUtf8(bytes.subarray(at, at + width))) return at
  }
  return at
}

const toHex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, "0")}`

const describe = (bytes: Buffer): string => {
  const at = firstFault(bytes)
  const lines = bytes.toString("utf8", 0, at).split("\n")
  const place = `byte ${at} (line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1})`
  return `The request body is not UTF-8: ${toHex(bytes[at] ?? 0)} at ${place} does not belong there. Send the JSON as UTF-8, or write such characters as \\uXXXX.`
}

/** Decodes a body. */
export const decode = (bytes: Buffer): Decoded => {
  const text = textOf(bytes)
  return text === undefined ? { problem: Problem.badRequest(describe(bytes), null, "invalid_encoding") } : { text }
}
