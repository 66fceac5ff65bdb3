/**
 * Which tool calls a run has seen: it gives each an `id` of its own, and finds those that were seen before.
 *
 * What vendors do, and what becomes of it:
 *
 * | the call's `id`                                 | the call                                                 |
 * | ----------------------------------------------- | -------------------------------------------------------- |
 * | empty                                           | gets an id (`call`, `call_2`)                            |
 * | that of another call, other name or arguments   | gets an id of its own (`<id>_2`)                         |
 * | that of the same call in the same turn          | is dropped                                               |
 * | that of the same call in an earlier turn        | gets an id of its own, and is answered as it was then    |
 */
import type { ToolCall } from "../ToolCall.ts"

/** A call under the id by which the conversation knows it. */
export interface Entry {
  readonly call: ToolCall
  /** The id of the call of an earlier turn that this one repeats. */
  readonly repeats: string | undefined
}

/** The calls of one run. */
export class ToolLedger {
  readonly #ids: Set<string>
  readonly #seen = new Map<string, { readonly id: string; readonly turn: number }>()

  /** `ids` are those that the conversation has used before. */
  constructor(ids: Iterable<string>) {
    this.#ids = new Set(ids)
  }

  /** Enters a call of this turn; undefined for one that only repeats another of the same turn. */
  enter({ arguments: text, id, name }: ToolCall, turn: number): Entry | undefined {
    const identity = (under: string): string => JSON.stringify([under, name, text])
    const earlier = id === "" ? undefined : this.#seen.get(identity(id))
    if (earlier?.turn === turn) return undefined
    const own = this.#unused(id === "" ? "call" : id)
    for (const under of [id, own]) this.#seen.set(identity(under), { id: earlier?.id ?? own, turn })
    return { call: { id: own, name, arguments: text }, repeats: earlier?.id }
  }

  #unused(wish: string): string {
    let id = wish
    for (let n = 2; this.#ids.has(id); n++) id = `${wish}_${n}`
    this.#ids.add(id)
    return id
  }
}
