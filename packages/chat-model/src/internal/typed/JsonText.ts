/**
 * The JSON in an answer, as a text, while the answer is still being written: without thinking, fence and prose, with its
 * commas and line ends by the book, so that whoever joins the pieces can parse them.
 *
 * It begins where JSON surely begins: at the start or behind a fence, or in prose at an object with a key. What does not begin
 * like that is held to its end, and read as a whole answer is.
 */
import * as JsonFinder from "./JsonFinder.ts"

/** What of prose may stand before JSON that is nothing else: a byte order mark, spaces, a fence. */
const lead = /^[\uFEFF\s]*(?:```[\w-]*\s*)?/

const objectBegins = /\{\s*["}]/y
const listBegins = /\[\s*["{[\]\dtfn-]/y
const anywhere = /```[\w-]*\s*(?=[{[])|\{\s*"/g

/** How much of what has been searched is searched again, for a beginning that was cut in two. */
const overlap = 64

/** A reader of one answer. */
export class JsonText {
  readonly #isObject: boolean
  #held: string | undefined = ""
  #searched = 0
  #depth = 0
  #isText = false
  #isEscaped = false
  #isDone = false
  /** A comma and the spaces behind it, until something follows. */
  #comma = ""

  /** @param isObject true where only an object can be meant, so that a list in prose is none */
  constructor(isObject = false) {
    this.#isObject = isObject
  }

  /** Takes the next piece of the answer; gives the next piece of the JSON, empty when there is none. */
  push(delta: string): string {
    if (this.#isDone) return ""
    if (this.#held === undefined) return this.#write(delta)
    this.#held += delta
    const answer = JsonFinder.afterThinking(this.#held)
    const start = answer === undefined ? undefined : this.#begin(answer)
    if (answer === undefined || start === undefined) return ""
    this.#held = undefined
    return this.#write(answer.slice(start))
  }

  /** The answer is whole: what it means where no JSON has begun, as it is where it holds none. */
  end(): string {
    const held = this.#held ?? ""
    this.#held = undefined
    this.#isDone = true
    return JsonFinder.toText(held)
  }

  #begins(answer: string, index: number): boolean {
    objectBegins.lastIndex = index
    listBegins.lastIndex = index
    return objectBegins.test(answer) || (!this.#isObject && listBegins.test(answer))
  }

  #begin(answer: string): number | undefined {
    const first = lead.exec(answer)?.[0].length ?? 0
    if (this.#begins(answer, first)) return first
    anywhere.lastIndex = Math.max(first, this.#searched - overlap)
    this.#searched = answer.length
    for (const found of answer.matchAll(anywhere)) {
      const index = found.index + (found[0].startsWith("{") ? 0 : found[0].length)
      if (this.#begins(answer, index)) return index
    }
    return undefined
  }

  #write(piece: string): string {
    let written = ""
    for (const char of piece) {
      written += this.#isText ? this.#inText(char) : this.#outside(char)
      if (this.#isDone) break
    }
    return written
  }

  #inText(char: string): string {
    if (this.#isEscaped) this.#isEscaped = false
    else if (char === "\\") this.#isEscaped = true
    else if (char === '"') this.#isText = false
    return char < " " ? JSON.stringify(char).slice(1, -1) : char
  }

  #outside(char: string): string {
    if (char === "," || (this.#comma !== "" && char.trim() === "")) {
      this.#comma += char
      return ""
    }
    const comma = this.#comma
    this.#comma = ""
    if (char === "}" || char === "]") {
      this.#depth--
      this.#isDone = this.#depth === 0
      return char
    }
    if (char === "{" || char === "[") this.#depth++
    if (char === '"') this.#isText = true
    return comma + char
  }
}
