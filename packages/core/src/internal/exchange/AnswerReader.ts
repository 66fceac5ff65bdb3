/**
 * Tells by its first bytes what an answer is, JSON or an event stream, and hands it to the reader of that: servers answer with
 * a stream where JSON was asked for and the other way round, and label the one as the other, as text, or not at all.
 *
 * Blank lines before an answer belong to neither (a vendor keeps a connection alive with them) and are left out. The label
 * decides only where the bytes do not.
 */
import type { Headers } from "../../upstream/Upstream.ts"
import type { Cut, Reader } from "./Reader.ts"

/** Makes the readers of the two kinds. */
export interface Readers {
  readonly json: () => Reader
  readonly events: () => Reader
}

const fields = ["data", "event", "id", "retry", "error"]

const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13

/** Where the bytes begin to say something; a byte order mark says nothing. */
const startOf = (bytes: Buffer): number => {
  let at = 0
  while (at < bytes.length) {
    if (isBlank(bytes[at] as number)) at++
    else if (bytes[at] === 0xef && bytes.subarray(at, at + 3).equals(bom.subarray(0, bytes.length - at))) at += 3
    else break
  }
  return Math.min(at, bytes.length)
}

const nothing = Buffer.alloc(0)
const bom = Buffer.from([0xef, 0xbb, 0xbf])

/** The beginning of a byte order mark at the end of some bytes. */
const halfBom = (bytes: Buffer): Buffer => {
  const at = bytes.lastIndexOf(0xef)
  return bytes.subarray(at === -1 || at < bytes.length - 2 ? bytes.length : at)
}

/** What the first bytes begin; undefined while they may still be the name of a field. */
const kindOf = (head: Buffer, isLabelled: boolean): keyof Readers | undefined => {
  const [first] = head
  if (first === 0x7b || first === 0x5b) return "json"
  if (isLabelled || first === 0x3a) return "events"
  const text = head.toString("latin1", 0, 6)
  if (fields.some((field) => text.startsWith(`${field}:`))) return "events"
  return fields.some((field) => field.startsWith(text)) ? undefined : "json"
}

/** Reads an answer of either kind. */
export class AnswerReader implements Reader {
  readonly #readers: Readers
  readonly #isLabelled: boolean
  /** What may be the beginning of a field or of a byte order mark. */
  #head: Buffer = nothing
  #reader: Reader | undefined

  constructor(readers: Readers, headers: Headers) {
    this.#readers = readers
    this.#isLabelled = (headers["content-type"] ?? "").toLowerCase().startsWith("text/event-stream")
  }

  get isBegun(): boolean {
    return this.#reader?.isBegun === true
  }

  onData(chunk: Buffer): void {
    if (this.#reader !== undefined) return this.#reader.onData(chunk)
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const start = startOf(bytes)
    const head = bytes.subarray(start)
    const kind = head.length === 0 ? undefined : kindOf(head, this.#isLabelled)
    if (kind === undefined) {
      this.#head = head.length > 0 ? head : halfBom(bytes)
      return
    }
    this.#head = nothing
    this.#begin(kind).onData(head)
  }

  onEnd(): void {
    const reader = this.#reader ?? this.#begin(this.#isLabelled ? "events" : "json")
    if (this.#head.length > 0) reader.onData(this.#head)
    reader.onEnd()
  }

  onCut(how: Cut): boolean {
    return this.#reader?.onCut(how) === true
  }

  #begin(kind: keyof Readers): Reader {
    const reader = this.#readers[kind]()
    this.#reader = reader
    return reader
  }
}
