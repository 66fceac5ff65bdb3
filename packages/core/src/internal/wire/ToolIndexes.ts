/**
 * Numbers the tool calls of a stream for clients, which put fragments together by `index` alone: those of vendors that leave
 * it out, send `null` or a text, or give every call the same one. `ToolCalls` says which fragments are one call.
 *
 * A vendor's own index stays where it is free: frames that are right go on as they came.
 */
import type { ChatCompletionChunk, ChunkChoice, ToolCallDelta } from "../../wire/ChatCompletion.ts"
import * as Chunk from "./Chunk.ts"
import * as ToolCalls from "./ToolCalls.ts"

interface Call extends ToolCalls.Begun {
  index: number | undefined
  id: string | undefined
  name: string | undefined
  /** What clients see. */
  readonly number: number
}

const filled = (text: string | null | undefined): string | undefined => text || undefined

/** A position that a client may make room for. */
const maxNumber = 1023

/** The calls of one choice. */
class Calls {
  readonly #calls: Array<Call> = []

  numbered(fragment: ToolCallDelta): ToolCallDelta {
    const begun = {
      index: ToolCalls.indexOf(fragment.index),
      id: filled(fragment.id),
      name: filled(fragment.function?.name)
    }
    let call = ToolCalls.find(this.#calls, begun)
    if (call === undefined) {
      call = { ...begun, number: this.#free(begun.index) }
      this.#calls.push(call)
    }
    call.index ??= begun.index
    call.id ??= begun.id
    call.name ??= begun.name
    return fragment.index === call.number ? fragment : { ...fragment, index: call.number }
  }

  #free(index: number | undefined): number {
    const isFree = (number: number): boolean => this.#calls.every((call) => call.number !== number)
    if (index !== undefined && index >= 0 && index <= maxNumber && isFree(index)) return index
    let next = 0
    while (!isFree(next)) next++
    return next
  }
}

/** Numbers the calls of one answer. */
export class ToolIndexes {
  readonly #choices = new Map<number, Calls>()

  /** The chunk with its calls numbered; the same where nothing has to change. */
  chunk(chunk: ChatCompletionChunk): ChatCompletionChunk {
    const given = chunk.choices ?? []
    let choices: Array<ChunkChoice> | undefined
    for (let position = 0; position < given.length; position++) {
      const choice = given[position] as ChunkChoice
      const calls = choice.delta?.tool_calls
      if (calls == null || calls.length === 0) continue
      const numbered = this.#numbered(Chunk.indexIn(choice, position), calls)
      if (numbered === calls) continue
      choices ??= [...given]
      choices[position] = { ...choice, delta: { ...choice.delta, tool_calls: numbered } }
    }
    return choices === undefined ? chunk : { ...chunk, choices }
  }

  #numbered(choice: number, fragments: ReadonlyArray<ToolCallDelta>): ReadonlyArray<ToolCallDelta> {
    let calls = this.#choices.get(choice)
    if (calls === undefined) {
      calls = new Calls()
      this.#choices.set(choice, calls)
    }
    const known = calls
    const numbered = fragments.map((fragment) => known.numbered(fragment))
    return numbered.some((each, position) => each !== fragments[position]) ? numbered : fragments
  }
}
