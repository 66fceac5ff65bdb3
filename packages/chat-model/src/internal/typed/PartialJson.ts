/**
 * Reads JSON as a model writes it: piece by piece, with prose around it, and not always by the book.
 *
 * A stack of open containers, fed character by character; nothing is read twice. What is not JSON is skipped until a `{` or
 * `[` begins a value. `snapshot` closes what is open: containers as they are, a text that is being written as far as it goes;
 * a number or a literal shows once it is whole.
 *
 * **Details**
 *
 * Tolerated are commas before a closing bracket and line ends inside texts. Anything else that is not JSON ends the value
 * that was being read, and the search goes on from there.
 */

type Container =
  | { readonly kind: "array"; readonly items: Array<unknown> }
  | { readonly kind: "object"; readonly fields: Record<string, unknown>; key: string | undefined }

/** What may come next. */
type State = "search" | "value" | "key" | "colon" | "comma" | "text" | "escape" | "literal"

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }

const isSpace = (char: string): boolean => char === " " || char === "\n" || char === "\r" || char === "\t"

const literal = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/

/** Sets a field as JSON does: `__proto__` is a name like any other. */
export const set = (fields: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__") Object.defineProperty(fields, key, { value, enumerable: true, configurable: true })
  else fields[key] = value
}

/**
 * The way to what is being written: a key or a place for each container on it. Everything beside the way is whole; undefined
 * when all is.
 */
export type OpenPath = ReadonlyArray<string | number> | undefined

/** A reader of one text. */
export class PartialJson {
  readonly #complete: Array<unknown> = []
  #stack: Array<Container> = []
  #state: State = "search"
  /** The text, escape or literal that is being read. */
  #token = ""
  #escape = ""
  #isKey = false
  #changes = 0

  /** Values that are whole, in the order in which they came. */
  get complete(): ReadonlyArray<unknown> {
    return this.#complete
  }

  /** True when a value has begun and not ended. */
  get isOpen(): boolean {
    return this.#state !== "search"
  }

  /** Grows with everything that changes the snapshot. */
  get changes(): number {
    return this.#changes
  }

  /** Takes the next piece. */
  push(piece: string): void {
    for (const char of piece) this.#take(char)
  }

  /** The first whole value; before that, the one that is being read, as far as it goes; undefined when none has begun. */
  snapshot(): unknown {
    if (this.#complete.length > 0) return this.#complete[0]
    const isText = this.#state === "text" || this.#state === "escape"
    let inner: unknown = isText && !this.#isKey ? this.#token : undefined
    for (const container of this.#stack.toReversed()) inner = closed(container, inner)
    return inner
  }

  /** Which parts of the snapshot are not whole. */
  get openPath(): OpenPath {
    if (this.#complete.length > 0) return undefined
    const isText = (this.#state === "text" || this.#state === "escape") && !this.#isKey
    return this.#stack
      .slice(0, isText ? undefined : -1)
      .map((container) => (container.kind === "array" ? container.items.length : (container.key ?? "")))
  }

  #take(char: string): void {
    switch (this.#state) {
      case "search":
        if (char === "{" || char === "[") this.#open(char)
        return
      case "text":
        return this.#takeText(char)
      case "escape":
        return this.#takeEscape(char)
      case "literal":
        return this.#takeLiteral(char)
      default:
        if (!isSpace(char)) this.#takeSign(char)
    }
  }

  #takeSign(char: string): void {
    const top = this.#stack.at(-1)
    const end = top?.kind === "array" ? "]" : "}"
    if (char === end && this.#state !== "colon" && (this.#state !== "value" || top?.kind === "array")) {
      return this.#close()
    }
    if (this.#state === "comma" && char === ",") this.#state = top?.kind === "array" ? "value" : "key"
    else if (this.#state === "colon" && char === ":") this.#state = "value"
    else if (this.#state === "key" && char === '"') this.#beginText(true)
    else if (this.#state === "value") this.#beginValue(char)
    else this.#fail(char)
  }

  #beginValue(char: string): void {
    if (char === "{" || char === "[") this.#open(char)
    else if (char === '"') this.#beginText(false)
    else if (/[-\dtfn]/.test(char)) {
      this.#state = "literal"
      this.#token = char
    } else this.#fail(char)
  }

  #beginText(isKey: boolean): void {
    this.#state = "text"
    this.#token = ""
    this.#isKey = isKey
    if (!isKey) this.#changes++
  }

  #takeText(char: string): void {
    if (char === "\\") {
      this.#state = "escape"
      this.#escape = ""
    } else if (char !== '"') {
      this.#token += char
      if (!this.#isKey) this.#changes++
    } else if (this.#isKey) {
      const top = this.#stack.at(-1)
      if (top?.kind === "object") top.key = this.#token
      this.#state = "colon"
    } else this.#put(this.#token)
  }

  #takeEscape(char: string): void {
    this.#escape += char
    if (this.#escape[0] === "u" && this.#escape.length < 5) return
    this.#state = "text"
    const code = this.#escape.slice(1)
    if (this.#escape[0] !== "u") this.#token += escapes[char] ?? char
    else if (/^[\da-fA-F]{4}$/.test(code)) this.#token += String.fromCharCode(Number.parseInt(code, 16))
    else this.#fail(char)
  }

  #takeLiteral(char: string): void {
    if (!isSpace(char) && !",]}".includes(char)) {
      this.#token += char
      return
    }
    if (!literal.test(this.#token)) return this.#fail(char)
    this.#put(JSON.parse(this.#token))
    this.#take(char)
  }

  #open(char: string): void {
    this.#changes++
    this.#stack.push(char === "[" ? { kind: "array", items: [] } : { kind: "object", fields: {}, key: undefined })
    this.#state = char === "[" ? "value" : "key"
  }

  #close(): void {
    const container = this.#stack.pop()
    this.#put(container?.kind === "array" ? container.items : container?.fields)
  }

  #put(value: unknown): void {
    this.#changes++
    this.#state = "comma"
    const top = this.#stack.at(-1)
    if (top?.kind === "array") top.items.push(value)
    else if (top?.key !== undefined) {
      set(top.fields, top.key, value)
      top.key = undefined
    } else {
      this.#complete.push(value)
      this.#state = "search"
    }
  }

  #fail(char: string): void {
    this.#stack = []
    this.#state = "search"
    this.#changes++
    // What cannot go on the old value may begin another one.
    this.#take(char)
  }
}

/** A copy of an open container with what is being read inside it. */
const closed = (container: Container, inner: unknown): unknown => {
  if (container.kind === "array") return inner === undefined ? [...container.items] : [...container.items, inner]
  const fields = { ...container.fields }
  if (inner !== undefined && container.key !== undefined) set(fields, container.key, inner)
  return fields
}
