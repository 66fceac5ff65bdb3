/**
 * Splits the bytes of a `text/event-stream` body into frames.
 *
 * Bytes may arrive cut anywhere: inside a UTF-8 character, inside `\r\n`, between two frames. A frame is handed out only
 * when its blank line has arrived, with the offset at which it ends, so that a caller can forward whole frames as the
 * bytes that came. Comment frames (`: keep-alive`) and frames without `data:` have `data` undefined.
 *
 * **Gotchas**
 *
 * - The common case (LF line ends, one `data:` line a frame) never leaves the fast path; a body with CR anywhere takes the
 *   slow one, which follows the WHATWG rules for line ends and multi-line data.
 * - Shapes that the rules do not know are read all the same, and marked as `bare`: an `error:` line (llama.cpp); JSON without
 *   `data:` before it, which proxies put into a stream that they have to break, or on the line behind an empty `data:`; events
 *   with no blank line between them, where a `data:` line is whole JSON by itself and the next line is `data:` again.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
import { withoutBom } from "./Body.ts"
import * as Json from "./Json.ts"

/** One event of the stream, and where it ends in the decoded text of its batch. */
export interface SseFrame {
  /** The joined `data:` lines; undefined for a comment or an event without data. */
  readonly data: string | undefined
  /** The event's name; undefined where none was given. */
  readonly event: string | undefined
  /** Offset into the batch's bytes just behind the frame's blank line. */
  readonly end: number
  /** The frame's bytes are not a well-formed event with this data. */
  readonly bare: boolean
}

/** The frames that one piece of input completed, and the bytes that they were made of. */
export interface SseBatch {
  readonly bytes: Buffer
  readonly frames: ReadonlyArray<SseFrame>
}

/** A decoder holds the unfinished tail between two pieces of input. */
export interface SseDecoder {
  /** Takes the next piece; the answer holds every frame that it completed. */
  readonly push: (chunk: Buffer) => SseBatch
  /** The body is over: the last frame, where its blank line never came. Its bytes are closed as they should have been. */
  readonly end: () => SseBatch
  /** Bytes of an unfinished frame, 0 at a frame border. */
  readonly pending: () => number
}

const lf = 10
const cr = 13
const empty: SseBatch = { bytes: Buffer.alloc(0), frames: [] }

const fieldValue = (line: string, name: string): string | undefined => {
  if (!line.startsWith(name)) return undefined
  if (line.length === name.length) return ""
  if (line.charCodeAt(name.length) !== 58) return undefined
  return line.charCodeAt(name.length + 1) === 32 ? line.slice(name.length + 2) : line.slice(name.length + 1)
}

const toFrame = (text: string, end: number, bare: boolean): SseFrame => {
  let data: string | undefined
  let event: string | undefined
  let error: string | undefined
  for (const line of text.split(/\r\n|\n|\r/)) {
    const value = fieldValue(line, "data")
    if (value !== undefined) data = data === undefined ? value : `${data}\n${value}`
    else {
      event = fieldValue(line, "event") ?? event
      error ??= fieldValue(line, "error")
    }
  }
  if (data !== undefined && data !== "") return { data, event, end, bare }
  if (data === undefined && event === undefined && error !== undefined)
    return { data: error, event: "error", end, bare: true }
  const json = /^\s*[{[][\s\S]*/m.exec(text)?.[0].trim()
  return json === undefined ? { data, event, end, bare: false } : { data: json, event, end, bare: true }
}

/** True when no blank line ends the frame: the next one began right behind it. */
const isOpen = (bytes: Buffer, from: number, end: number): boolean => {
  let last = end - 1
  if (bytes[last] === lf) last--
  if (bytes[last] === cr) last--
  return last >= from && bytes[last] !== lf && bytes[last] !== cr
}

const beginsData = (bytes: Buffer, at: number): boolean =>
  bytes.length >= at + 5 && bytes.readUInt32BE(at) === 0x64617461 && bytes[at + 4] === 58

/** True when two `data:` lines in a row are two events: no line of a JSON in several lines is an object by itself. */
const isApart = (bytes: Buffer, line: number, next: number): boolean => {
  if (!beginsData(bytes, next)) return false
  const data = bytes.toString("utf8", line + 5, next).trim()
  return data.startsWith("{") && data.endsWith("}") && Json.parse(data) !== undefined
}

/** The offset behind the blank line that ends the frame starting at `from`, or -1. Accepts LF, CRLF and CR. */
const slowEnd = (bytes: Buffer, from: number): number => {
  let lineStart = from
  let hasData = false
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte !== lf && byte !== cr) continue
    // A CR at the very end may be the first half of CRLF: wait for the next byte.
    if (byte === cr && i + 1 === bytes.length) return -1
    const next = byte === cr && bytes[i + 1] === lf ? i + 2 : i + 1
    if (i === lineStart) return next
    if (!hasData && beginsData(bytes, lineStart)) {
      if (isApart(bytes, lineStart, next)) return next
      hasData = true
    }
    lineStart = next
    i = next - 1
  }
  return -1
}

/** The same for a body without CR. A search for one byte costs a quarter of a search for the text "\n\n". */
const fastEnd = (bytes: Buffer, from: number): number => {
  if (bytes[from] === lf) return from + 1
  let lineStart = from
  let hasData = false
  for (let at = bytes.indexOf(lf, from); at !== -1; at = bytes.indexOf(lf, at + 1)) {
    if (bytes[at + 1] === lf) return at + 2
    if (!hasData && beginsData(bytes, lineStart)) {
      if (isApart(bytes, lineStart, at + 1)) return at + 1
      hasData = true
    }
    lineStart = at + 1
  }
  return -1
}

const endsOf = (bytes: Buffer, findEnd: (bytes: Buffer, from: number) => number): Array<number> => {
  const ends: Array<number> = []
  for (let end = findEnd(bytes, 0); end !== -1; end = findEnd(bytes, end)) ends.push(end)
  return ends
}

/** Frames that end at these offsets. They are decoded together: a cut at a line's end tears no character. */
const framesOf = (bytes: Buffer, ends: ReadonlyArray<number>, sawCr: boolean): Array<SseFrame> => {
  const text = sawCr ? "" : bytes.toString("utf8", 0, ends.at(-1))
  const frames: Array<SseFrame> = []
  let from = 0
  let at = 0
  for (const end of ends) {
    const line = text.indexOf("\n", at)
    if (text.charCodeAt(line + 1) === lf && text.startsWith("data: ", at)) {
      frames.push({ data: text.slice(at + 6, line), event: undefined, end, bare: false })
      at = line + 2
    } else {
      const own = bytes.toString("utf8", from, end)
      frames.push(toFrame(own, end, isOpen(bytes, from, end)))
      at += own.length
    }
    from = end
  }
  return frames
}

class Decoder implements SseDecoder {
  #rest: Array<Buffer> = []
  #pending = 0
  #sawCr = false
  #started = false

  readonly pending = (): number => this.#pending

  readonly push = (chunk: Buffer): SseBatch => {
    this.#sawCr = this.#sawCr || chunk.includes(cr)
    // A piece without a line end completes nothing: kept apart, so that a huge frame in small pieces is joined once.
    if (!chunk.includes(lf) && !(this.#sawCr && this.#mayEnd(chunk))) {
      this.#rest.push(chunk)
      this.#pending += chunk.length
      return empty
    }
    const bytes = this.#joined(chunk)
    const ends = endsOf(bytes, this.#sawCr ? slowEnd : fastEnd)
    const taken = ends.at(-1) ?? 0
    this.#rest = taken === bytes.length ? [] : [bytes.subarray(taken)]
    this.#pending = bytes.length - taken
    return taken === 0 ? empty : { bytes: bytes.subarray(0, taken), frames: framesOf(bytes, ends, this.#sawCr) }
  }

  readonly end = (): SseBatch => {
    if (this.#pending === 0) return empty
    const rest = this.#joined(Buffer.alloc(0))
    this.#rest = []
    this.#pending = 0
    const bytes = Buffer.concat([rest, Buffer.from(rest.at(-1) === lf ? "\n" : "\n\n")])
    return { bytes, frames: [toFrame(rest.toString("utf8"), bytes.length, false)] }
  }

  /** A CR that was last, and is no half of CRLF, ends its line with whatever follows. */
  #mayEnd(chunk: Buffer): boolean {
    return chunk.includes(cr) || this.#rest.at(-1)?.at(-1) === cr
  }

  #joined(chunk: Buffer): Buffer {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([...this.#rest, chunk])
    if (this.#started) return bytes
    this.#started = true
    return withoutBom(bytes)
  }
}

/** Makes a decoder for one response body. */
export const make = (): SseDecoder => new Decoder()
