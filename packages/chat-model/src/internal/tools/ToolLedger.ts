/**
 * Which tool calls a run has seen: it gives each an `id` that no other call of the conversation has.
 *
 * What vendors do, and what becomes of it:
 *
 * | the call's `id`                                       | the call                              |
 * | ----------------------------------------------------- | ------------------------------------- |
 * | empty                                                 | gets an id (`call`, `call_2`)         |
 * | that of a call of an earlier answer                   | is a new one, with an id of its own   |
 * | that of another call of the same answer               | gets an id of its own (`<id>_2`)      |
 * | that of the same call of the same answer, word by word | is dropped: it came twice             |
 *
 * Many vendors begin their ids anew in each answer (`call_0`), so an id says nothing about the answers before.
 */
import type { ToolCall } from "../../ToolCall.ts"

/** The calls of one run. */
export class ToolLedger {
  readonly #ids: Set<string>
  /** The calls of the answer of the moment. */
  readonly #seen = new Set<string>()
  #turn = 0

  /** `ids` are those that the conversation has used before. */
  constructor(ids: Iterable<string>) {
    this.#ids = new Set(ids)
  }

  /** Enters a call of this turn, under an id of its own; undefined for one that only repeats another of the same turn. */
  enter({ arguments: text, id, name }: ToolCall, turn: number): ToolCall | undefined {
    if (turn !== this.#turn) this.#seen.clear()
    this.#turn = turn
    const identity = JSON.stringify([id, name, text])
    if (id !== "" && this.#seen.has(identity)) return undefined
    this.#seen.add(identity)
    return { id: this.#unused(id === "" ? "call" : id), name, arguments: text }
  }

  #unused(wish: string): string {
    let id = wish
    for (let n = 2; this.#ids.has(id); n++) id = `${wish}_${n}`
    this.#ids.add(id)
    return id
  }
}
