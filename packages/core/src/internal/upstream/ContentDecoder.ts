/**
 * Undoes what a server or a proxy on the way did to a body though identity was asked: gzip, deflate, br, zstd, one over the
 * other. What has arrived is handed on as soon as it can be read, so that a compressed event stream still streams.
 *
 * **Details**
 *
 * - Bytes decide where they can: JSON, events and pages are taken as they are under any label (proxies decode a body and
 *   leave its label, or write another header's word there), as is what does not begin like the gzip or zstd that it is called;
 *   what begins like either is undone without a label, or under another. br has no beginning of its own.
 * - Memory is bounded by the flow: a decoder whose reader rests, or fails, takes no more. How much is read in all is the
 *   reader's to bound.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-content-encoding
 */
import type { Transform } from "node:stream"
import type * as Zlib from "node:zlib"

/** What becomes of the bytes. */
export interface Handler {
  readonly onDecoded: (chunk: Buffer) => void
  readonly onDecodedEnd: () => void
  /** The bytes are not what they were said to be, or end too early. */
  readonly onUndecodable: (says: string) => void
  /** More is waiting than should: the source rests until `onDrained`. */
  readonly onFull: () => void
  readonly onDrained: () => void
}

/** Encodings that can be undone. */
type Coding = "gzip" | "deflate" | "br" | "zstd"

const codings: Readonly<Record<string, Coding | "identity">> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
  br: "br",
  zstd: "zstd",
  identity: "identity",
  none: "identity",
  // A charset in the wrong header.
  "utf-8": "identity"
}

const codingOf = (name: string): string => (Object.hasOwn(codings, name) ? (codings[name] ?? name) : name)

/** The encodings of a `content-encoding`, first applied first; those that nobody here can undo as they are called. */
export const parse = (header: string): ReadonlyArray<string> =>
  header
    .split(",")
    .map((part) => codingOf(part.trim().toLowerCase()))
    .filter((name) => name !== "" && name !== "identity")

/** JSON, events and pages. No body in br begins with a brace, nor one in deflate whose text is JSON. */
const plain = /^(\{["\s}]|\[\s*\{|data|even|<!DO|<htm)|^$/i

const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b && (head[2] ?? 8) === 8
const isZstd = (head: Buffer): boolean => head.length >= 4 && head.readUInt32BE(0) === 0x28b52ffd
/** RFC 1950: what `deflate` means; some servers send RFC 1951 without its header. */
const isZlib = (head: Buffer): boolean =>
  ((head[0] ?? 0) & 15) === 8 && (((head[0] ?? 0) << 8) | (head[1] ?? 0)) % 31 === 0

/** Bytes that such a beginning begins with. */
export const heads: ReadonlySet<unknown> = new Set([0x1f, 0x28])

/** What the first bytes of an unlabelled body give away; no JSON and no event begins so. */
export const sniff = (head: Buffer): ReadonlyArray<Coding> => (isGzip(head) ? ["gzip"] : isZstd(head) ? ["zstd"] : [])

/** Loaded when the first compressed body comes: hardly any does. */
const zlib = (): typeof Zlib => process.getBuiltinModule("node:zlib")

/** What is to be undone, by labels and first bytes. */
const applied = (labels: ReadonlyArray<string>, head: Buffer): ReadonlyArray<string> => {
  if (plain.test(head.toString("latin1", 0, headSize))) return []
  const [begun] = sniff(head)
  const last = labels.at(-1)
  if (begun !== undefined) return last === begun ? labels : [begun]
  return last === "gzip" || last === "zstd" ? applied(labels.slice(0, -1), head) : labels
}

const makeTransform = (coding: string, head: Buffer | undefined): Transform | undefined => {
  switch (coding) {
    case "gzip":
      return zlib().createGunzip()
    case "zstd":
      return zlib().createZstdDecompress()
    case "br":
      return zlib().createBrotliDecompress()
    case "deflate":
      return head !== undefined && !isZlib(head) ? zlib().createInflateRaw() : zlib().createInflate()
    default:
      return undefined
  }
}

/** Bytes that tell the encodings apart. */
const headSize = 4

/** Undoes the encodings of one body. */
export class ContentDecoder {
  readonly #codings: ReadonlyArray<string>
  readonly #handler: Handler
  #head: Array<Buffer> | undefined = []
  readonly #transforms: Array<Transform> = []
  #resting = false
  #over = false

  /** `labels`: what is said to have been applied, first applied first. */
  constructor(labels: ReadonlyArray<string>, handler: Handler) {
    this.#codings = labels
    this.#handler = handler
  }

  /** Names of what is undone, for messages. */
  get name(): string {
    return this.#codings.join(", ")
  }

  /** Takes the next piece as it came. */
  push(chunk: Buffer): void {
    if (this.#over) return
    if (this.#head === undefined) return this.#write(chunk)
    this.#head.push(chunk)
    const head = Buffer.concat(this.#head)
    if (head.length >= headSize) this.#start(head)
  }

  /** The body is over. */
  end(): void {
    if (this.#over) return
    if (this.#head !== undefined) this.#start(Buffer.concat(this.#head))
    const [first] = this.#transforms
    if (first === undefined) this.#handler.onDecodedEnd()
    else first.end()
  }

  /** Hands nothing on until `resume`. */
  pause(): void {
    this.#resting = true
    this.#transforms.at(-1)?.pause()
  }

  resume(): void {
    this.#resting = false
    this.#transforms.at(-1)?.resume()
  }

  /** True while the source has to rest. */
  get isFull(): boolean {
    return this.#transforms[0]?.writableNeedDrain === true
  }

  /** Nothing more is wanted. */
  close(): void {
    this.#over = true
    for (const transform of this.#transforms) transform.destroy()
  }

  #start(head: Buffer): void {
    this.#head = undefined
    // Last applied, first undone; only of the outermost are the bytes there to look at.
    for (const [position, coding] of applied(this.#codings, head).toReversed().entries()) {
      const transform = makeTransform(coding, position === 0 ? head : undefined)
      if (transform === undefined) return this.#broken(new Error("unknown encoding"))
      this.#transforms.push(transform)
    }
    const last = this.#transforms.at(-1)
    this.#transforms.reduce<Transform | undefined>((from, to) => from?.pipe(to) ?? to, undefined)
    for (const transform of this.#transforms) {
      transform.on("error", (error) => this.#broken(error))
    }
    this.#transforms[0]?.on("drain", () => this.#handler.onDrained())
    last?.on("data", (chunk: Buffer) => {
      if (!this.#over) this.#handler.onDecoded(chunk)
    })
    last?.on("end", () => {
      if (!this.#over) this.#handler.onDecodedEnd()
    })
    if (this.#resting) last?.pause()
    if (head.length > 0) this.#write(head)
  }

  #write(chunk: Buffer): void {
    const [first] = this.#transforms
    if (first === undefined) this.#handler.onDecoded(chunk)
    else if (!first.write(chunk)) this.#handler.onFull()
  }

  #broken(error: Error): void {
    if (this.#over) return
    this.close()
    this.#handler.onUndecodable(error.message)
  }
}
