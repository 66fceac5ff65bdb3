/**
 * The value in an answer while it is being written: past thinking and fences, without its wrapping.
 */
import type { ChatPart } from "../../ChatPart.ts"
import * as AnswerShape from "./AnswerShape.ts"
import * as GrowingValue from "./GrowingValue.ts"
import * as JsonFinder from "./JsonFinder.ts"
import { type OpenPath, PartialJson } from "./PartialJson.ts"

/** The value of one answer. */
export class PartialAnswer {
  readonly #shape: AnswerShape.AnswerShape
  readonly #grow: GrowingValue.Grower
  #json = new PartialJson()
  /** The beginning, until it is known to be no thinking. */
  #held: string | undefined = ""
  #shown = 0

  constructor(shape: AnswerShape.AnswerShape, grow: GrowingValue.Grower) {
    this.#shape = shape
    this.#grow = grow
  }

  /** Takes the next parts; the value as far as it goes, or undefined when they changed nothing. */
  take(parts: ReadonlyArray<ChatPart>): unknown {
    for (const part of parts) {
      if (part.type === "text-delta") this.#push(part.delta)
      else if (part.type === "turn-end") this.#restart()
    }
    if (this.#json.changes === this.#shown) return undefined
    this.#shown = this.#json.changes
    const [value, open] = this.#unwrapped(this.#json.snapshot(), this.#json.openPath)
    const grown = value === undefined || !this.#shape.mayBe(value) ? undefined : this.#grow(value, open)
    return grown === GrowingValue.nothing ? undefined : grown
  }

  /** Without its wrapping, which a model may leave out; undefined while that is all there is. */
  #unwrapped(value: unknown, open: OpenPath): readonly [value: unknown, open: OpenPath] {
    const inner = AnswerShape.unwrap(this.#shape, value)
    if (inner !== value) return [inner, open === undefined || open.length === 0 ? undefined : open.slice(1)]
    return [AnswerShape.isBare(this.#shape, value) ? undefined : value, open]
  }

  #push(delta: string): void {
    if (this.#held === undefined) return this.#json.push(delta)
    this.#held += delta
    const answer = JsonFinder.afterThinking(this.#held)
    if (answer === undefined || answer.trim() === "") return
    this.#held = undefined
    this.#json.push(answer)
  }

  /** What was said before tools were called is not the answer. */
  #restart(): void {
    this.#json = new PartialJson()
    this.#held = ""
    this.#shown = 0
  }
}
