/**
 * What is known of a streamed answer so far: what it says of itself, and how far each of its choices has come.
 *
 * **Gotchas**
 *
 * A finish that stood beside content, or was followed by some, proves little: then a broken connection is no end.
 */
import type { ChatCompletionChunk, ChunkChoice, CompletionUsage, Said } from "../../wire/ChatCompletion.ts"
import * as Finish from "../provider/Finish.ts"
import * as Chunk from "../wire/Chunk.ts"
import * as Inspect from "../wire/Inspect.ts"
import type { Asked } from "./Asked.ts"
import type { Cut } from "./Reader.ts"

/** What a chunk says: some of these. */
export type Saying = number
/** It holds content. */
export const content = 1
/** It holds content, or a finish that stands for an answer without text. */
export const counts = 2
/** It finishes a choice. */
export const finish = 4
/** The vendor gave a choice up. */
export const gaveUp = 8

/** What is known of one choice. */
interface Choice {
  finish: string | undefined
  /** Its finish came without content. */
  isClean: boolean
  /** Content came behind a finish. */
  hasGoneOn: boolean
}

/** The state of one answer; it grows with every chunk that is noted. */
export class AnswerState implements Said {
  readonly #asked: Asked
  readonly #choices = new Map<number, Choice>()
  /** Something that a caller would see has come. */
  sawContent = false
  usage: CompletionUsage | undefined
  id: string | undefined
  model: string | undefined

  constructor(asked: Asked) {
    this.#asked = asked
  }

  get choices(): NonNullable<Said["choices"]> {
    return Array.from(this.#choices.values(), ({ finish }) => ({ finish_reason: finish }))
  }

  /** True before anything has come. */
  get isEmpty(): boolean {
    return this.#choices.size === 0
  }

  /** Notes what a chunk says. */
  note(chunk: ChatCompletionChunk): Saying {
    this.id ??= chunk.id
    this.model ??= chunk.model
    let says = 0
    const choices = chunk.choices ?? []
    for (let position = 0; position < choices.length; position++) {
      says |= this.#noteChoice(choices[position] as ChunkChoice, position)
    }
    if ((says & counts) !== 0) this.sawContent = true
    // Wherever else usage may stand, it stands there with the finish: other chunks are not searched for it.
    if (chunk.usage !== null || (says & finish) !== 0) this.usage = Inspect.usageOf(chunk) ?? this.usage
    return says
  }

  /** Notes a text of a choice, in a chunk that is otherwise like one that was noted. */
  noteText(choice: ChunkChoice): Saying {
    const known = this.#choiceOf(Chunk.indexIn(choice, 0))
    if (known.finish !== undefined) known.hasGoneOn = true
    this.sawContent = true
    return counts | content
  }

  /** True when every choice that was asked for is whole, if the stream is over in this way. */
  isFinished(how: Cut | "ended"): boolean {
    if (this.#choices.size < this.#asked.choices) return false
    for (const { finish, hasGoneOn, isClean } of this.#choices.values()) {
      if (finish === undefined) return false
      if (how !== "ended" && hasGoneOn) return false
      if (how === "broken" && !isClean) return false
    }
    return true
  }

  /** What a stream that is not whole ended without. */
  missing(how: "broken" | "ended"): string {
    if (how === "broken" && this.isFinished("ended")) return "in the middle of a frame"
    const isPartial = this.#choices.size < this.#asked.choices && !this.isEmpty
    return isPartial && [...this.#choices.values()].every(({ finish }) => finish !== undefined)
      ? `with ${this.#choices.size} of ${this.#asked.choices} choices`
      : "without a finish reason"
  }

  #choiceOf(index: number): Choice {
    let known = this.#choices.get(index)
    if (known === undefined) {
      known = { finish: undefined, isClean: false, hasGoneOn: false }
      this.#choices.set(index, known)
    }
    return known
  }

  #noteChoice(choice: ChunkChoice, position: number): Saying {
    const { delta, finish_reason } = choice
    const known = this.#choiceOf(Chunk.indexIn(choice, position))
    const hasContent = Inspect.hasContent(delta)
    if (hasContent && known.finish !== undefined) known.hasGoneOn = true
    const says = hasContent ? counts | content : 0
    if (finish_reason == null) return says
    const read = Finish.of(finish_reason)
    if (read === "gaveUp") return says | gaveUp
    if (read === "none") return says
    known.finish = finish_reason
    known.isClean = !hasContent
    // Where nothing is missing, a text completion rightly fills in nothing.
    const isAnswer = this.#asked.isText || Inspect.mayBeEmpty(finish_reason)
    return isAnswer ? says | finish | counts : says | finish
  }
}
