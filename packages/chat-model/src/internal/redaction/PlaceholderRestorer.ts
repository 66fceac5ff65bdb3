/**
 * Puts values back in the place of placeholders, in an answer that comes in pieces.
 *
 * What may be the beginning of a placeholder is held back. It is told with the next piece of its block or tool call, at
 * the latest before the block's end, the whole call, or the end of the answer.
 */
import type { ChatPart } from "../../ChatPart.ts"
import type { Placeholders } from "./Placeholders.ts"

type Delta = Extract<ChatPart, { readonly delta: string }>

const shape = /\[[A-Z][A-Z0-9_]*_\d+\]/g

/** As it stands between quotes of JSON. */
const toJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** One answer. */
export class PlaceholderRestorer {
  readonly #placeholders: Placeholders
  readonly #held = new Map<string, Delta>()

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders
  }

  /** The parts to pass on for those that came. */
  take(parts: ReadonlyArray<ChatPart>): ReadonlyArray<ChatPart> {
    const passed: Array<ChatPart> = []
    for (const part of parts) this.#take(part, passed)
    return passed
  }

  #take(part: ChatPart, into: Array<ChatPart>): void {
    if ("delta" in part) return this.#delta(part, into)
    if (part.type === "finish") for (const id of [...this.#held.keys()]) this.#release(id, into)
    else if ("id" in part && part.id !== undefined) this.#release(part.id, into)
    into.push(part.type === "tool-call" ? { ...part, arguments: this.#restore(part.arguments, toJson) } : part)
  }

  #delta(part: Delta, into: Array<ChatPart>): void {
    const text = (this.#held.get(part.id)?.delta ?? "") + part.delta
    const open = text.lastIndexOf("[")
    const cut =
      open >= 0 && this.#placeholders.isBeginning(text.slice(open)) && !text.endsWith("]") ? open : text.length
    if (cut < text.length) this.#held.set(part.id, { ...part, delta: text.slice(cut) })
    else this.#held.delete(part.id)
    const write = part.type === "tool-call-delta" ? toJson : String
    if (cut > 0) into.push({ ...part, delta: this.#restore(text.slice(0, cut), write) })
  }

  #release(id: string, into: Array<ChatPart>): void {
    const held = this.#held.get(id)
    if (held === undefined) return
    this.#held.delete(id)
    into.push(held)
  }

  #restore(text: string, write: (value: string) => string): string {
    return text.replace(shape, (placeholder) => {
      const value = this.#placeholders.valueOf(placeholder)
      return value === undefined ? placeholder : write(value)
    })
  }
}
