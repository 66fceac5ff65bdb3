/**
 * The value in an answer while it is being written: past thinking and fences, without its wrapping.
 */
import type { ChatPart } from "../ChatPart.ts"
import * as AnswerShape from "./AnswerShape.ts"
import * as JsonFinder from "./JsonFinder.ts"
import { PartialJson } from "./PartialJson.ts"

/** The value of one answer. */
export class PartialAnswer {
  readonly #shape: AnswerShape.AnswerShape
  #json = new PartialJson()
  /** The beginning, until it is known to be no thinking. */
  #held: string | undefined = ""
  #shown = 0

  constructor(shape: AnswerShape.AnswerShape) {
    this.#shape = shape
  }

  /** Takes the next parts; the value as far as it goes, or undefined when they changed nothing. */
  take(parts: ReadonlyArray<ChatPart>): unknown {
    for (const part of parts) {
      if (part.type === "text-delta") this.#push(part.delta)
      else if (part.type === "turn-end") this.#restart()
    }
    if (this.#json.changes === this.#shown) return undefined
    this.#shown = this.#json.changes
    return AnswerShape.unwrap(this.#shape, this.#json.snapshot())
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
