/**
 * The deltas of a stream such that clients can add them up: they put the fragments of a tool call together by `index` alone, and
 * many join every text that comes again, so that a role said twice becomes `assistantassistant`, which the next request is refused for.
 *
 * | a vendor                                                                   | clients see                         |
 * | -------------------------------------------------------------------------- | ----------------------------------- |
 * | leaves the index of a call out, sends `null` or a text, or gives all the same | a position of each call's own       |
 * | says the role again, in every frame or where a call follows the thinking   | the role once for each choice       |
 * | says a call's id and name again in its fragments                           | both once for each call             |
 *
 * `ToolCalls` says which fragments are one call. A vendor's own index stays where it is free: frames that are right go on as they came.
 */
import type { ChatCompletionChunk, ChatDelta, ChunkChoice, ToolCallDelta } from "../../wire/ChatCompletion.ts"
import * as Chunk from "./Chunk.ts"
import * as ToolCalls from "./ToolCalls.ts"

interface Call extends ToolCalls.Open {
  /** What clients see. */
  readonly number: number
}

const filled = (text: string | null | undefined): string | undefined => text || undefined

/** A position that a client may make room for. */
const maxNumber = 1023

/** The fragment without what was said of its call before. */
const withoutRepeats = (fragment: ToolCallDelta, { id, name }: Call): ToolCallDelta => {
  let said = fragment
  if (id !== undefined && filled(said.id) !== undefined) {
    const { id: _, ...rest } = said
    said = rest
  }
  // What is another text is the next piece of the name: clients join them.
  if (name !== undefined && said.function?.name === name) {
    const { name: _, ...rest } = said.function ?? {}
    said = { ...said, function: rest }
  }
  return said
}

/** What was said of one choice. */
class Choice {
  readonly #calls: Array<Call> = []
  #hasRole = false

  /** The delta as it adds to those before; the same where nothing has to change. */
  add(delta: ChatDelta): ChatDelta {
    let added = delta
    if (filled(delta.role) !== undefined) {
      if (this.#hasRole) {
        const { role: _, ...rest } = delta
        added = rest
      }
      this.#hasRole = true
    }
    const fragments = delta.tool_calls
    if (fragments == null || fragments.length === 0) return added
    const calls = fragments.map((fragment) => this.#fragment(fragment))
    return calls.some((each, position) => each !== fragments[position]) ? { ...added, tool_calls: calls } : added
  }

  #fragment(fragment: ToolCallDelta): ToolCallDelta {
    const begun = {
      index: ToolCalls.indexOf(fragment.index),
      id: filled(fragment.id),
      name: filled(fragment.function?.name),
      arguments: fragment.function?.arguments ?? ""
    }
    const known = ToolCalls.find(this.#calls, begun)
    const said = known === undefined ? fragment : withoutRepeats(fragment, known)
    const call = known ?? { ...begun, number: this.#free(begun.index) }
    if (known === undefined) this.#calls.push(call)
    else ToolCalls.add(known, begun)
    return said.index === call.number ? said : { ...said, index: call.number }
  }

  #free(index: number | undefined): number {
    const isFree = (number: number): boolean => this.#calls.every((call) => call.number !== number)
    if (index !== undefined && index >= 0 && index <= maxNumber && isFree(index)) return index
    let next = 0
    while (!isFree(next)) next++
    return next
  }
}

/** The deltas of one answer. */
export class Deltas {
  readonly #choices = new Map<number, Choice>()

  /** The chunk with its deltas as they add up; the same where nothing has to change. */
  chunk(chunk: ChatCompletionChunk): ChatCompletionChunk {
    const given = chunk.choices ?? []
    let choices: Array<ChunkChoice> | undefined
    for (let position = 0; position < given.length; position++) {
      const choice = given[position] as ChunkChoice
      const { delta } = choice
      if (delta == null || (delta.role == null && delta.tool_calls == null)) continue
      const added = this.#choice(Chunk.indexIn(choice, position)).add(delta)
      if (added === delta) continue
      choices ??= [...given]
      choices[position] = { ...choice, delta: added }
    }
    return choices === undefined ? chunk : { ...chunk, choices }
  }

  #choice(index: number): Choice {
    const known = this.#choices.get(index)
    if (known !== undefined) return known
    const choice = new Choice()
    this.#choices.set(index, choice)
    return choice
  }
}
