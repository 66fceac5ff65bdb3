/**
 * Tells by its first bytes what an answer is, JSON or an event stream, and hands it to the reader of that: servers answer with
 * a stream where JSON was asked for and the other way round, and label the one as the other, as text, or not at all.
 *
 * Blank lines before an answer belong to neither (a vendor keeps a connection alive with them) and are left out. The label
 * decides only where the bytes do not.
 */
import type { Headers } from "../../upstream/Upstream.ts"
import type { AttemptContext, Control, Cut, MakeReader, Reader } from "./Reader.ts"
import * as WholeReader from "./WholeReader.ts"

type Kind = "json" | "events"

const openingBrace = 0x7b

const fields = ["data", "event", "id", "retry", "error"]

const blanks: ReadonlySet<unknown> = new Set([32, 9, 10, 13])

/** Where the bytes begin to say something; a byte order mark says nothing. */
const startOf = (bytes: Buffer): number => {
  let at = 0
  while (at < bytes.length) {
    if (blanks.has(bytes[at])) at++
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

const isLabelled = (headers: Headers): boolean =>
  (headers["content-type"] ?? "").toLowerCase().startsWith("text/event-stream")

/** What the first bytes begin; undefined while they may still be the name of a field. */
const kindOf = (head: Buffer, isLabelled: boolean): Kind | undefined => {
  const [first] = head
  if (first === openingBrace || first === 0x5b) return "json"
  if (isLabelled || first === 0x3a) return "events"
  const text = head.toString("latin1", 0, 6)
  if (fields.some((field) => text.startsWith(`${field}:`))) return "events"
  return fields.some((field) => field.startsWith(text)) ? undefined : "json"
}

/** Reads an answer of either kind; `json` takes what comes as JSON. */
export class AnswerReader<A> implements Reader {
  readonly #context: AttemptContext
  readonly #json: Pick<Control<WholeReader.JsonAnswer<A>>, "answer" | "fail" | "awaitWhole">
  readonly #headers: Headers
  readonly #kind: WholeReader.Kind<A>
  readonly #events: () => Reader
  /** What may be the beginning of a field or of a byte order mark. */
  #head: Buffer = nothing
  #reader: Reader | undefined

  constructor(
    context: AttemptContext,
    json: Pick<Control<WholeReader.JsonAnswer<A>>, "answer" | "fail" | "awaitWhole">,
    headers: Headers,
    kind: WholeReader.Kind<A>,
    events: () => Reader
  ) {
    this.#context = context
    this.#json = json
    this.#headers = headers
    this.#kind = kind
    this.#events = events
  }

  get isBegun(): boolean {
    return this.#reader?.isBegun === true
  }

  onData(chunk: Buffer): void {
    if (this.#reader !== undefined) return this.#reader.onData(chunk)
    if (chunk[0] === openingBrace && this.#head.length === 0) return this.#begin("json").onData(chunk)
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const start = startOf(bytes)
    const head = bytes.subarray(start)
    const kind = head.length === 0 ? undefined : kindOf(head, isLabelled(this.#headers))
    if (kind === undefined) {
      this.#head = head.length > 0 ? head : halfBom(bytes)
      return
    }
    this.#head = nothing
    this.#begin(kind).onData(head)
  }

  onEnd(): void {
    const reader = this.#reader ?? this.#begin(isLabelled(this.#headers) ? "events" : "json")
    if (this.#head.length > 0) reader.onData(this.#head)
    reader.onEnd()
  }

  onCut(how: Cut): boolean {
    return this.#reader?.onCut(how) === true
  }

  #begin(kind: Kind): Reader {
    if (kind === "events") this.#reader = this.#events()
    else {
      this.#json.awaitWhole()
      this.#reader = WholeReader.json(this.#context, this.#json, this.#headers, this.#kind)
    }
    return this.#reader
  }
}

/** Reads an answer for a caller who wants it whole; `events` makes the reader of one that comes as a stream. */
export const whole =
  <A>(
    context: AttemptContext,
    kind: WholeReader.Kind<A>,
    events: (control: Control<WholeReader.JsonAnswer<A>>, headers: Headers) => Reader
  ): MakeReader<WholeReader.JsonAnswer<A>> =>
  (control, headers) =>
    new AnswerReader(context, control, headers, kind, () => events(control, headers))
