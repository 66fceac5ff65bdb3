/**
 * Puts tool calls together again from the fragments that vendors stream.
 *
 * A fragment belongs to the call with its `id`, else to the one with its `index`, else to the last one. What is tolerated:
 * an `id` that is missing, or empty after the first fragment (Qwen), or new in every fragment, or shared by calls; one
 * `index` for calls with different ids; no `index` at all; a name that is repeated; `arguments` that are null, or an object
 * instead of text.
 */
import type { ToolCallDelta } from "@understudy/core/wire/ChatCompletion"
import type { ChatPart } from "../ChatPart.ts"

interface Call {
  readonly index: number | undefined
  /** The vendor's, for telling calls apart. */
  readonly vendorId: string | undefined
  /** What the caller sees. */
  readonly id: string
  name: string | undefined
  text: string
  begun: boolean
}

const filled = (text: string | null | undefined): string | undefined =>
  typeof text === "string" && text !== "" ? text : undefined

const argumentsOf = (fragment: ToolCallDelta): string => {
  const value: unknown = fragment.function?.arguments
  if (typeof value === "string") return value
  return typeof value === "object" && value !== null ? JSON.stringify(value) : ""
}

/** The tool calls of one answer. */
export class ToolCallMerger {
  readonly #calls: Array<Call> = []
  #told = 0

  /** True when the answer calls a tool. */
  get any(): boolean {
    return this.#calls.length > 0
  }

  /** Takes a fragment, of the answer with this id. */
  add(fragment: ToolCallDelta, answerId: string | undefined, into: Array<ChatPart>): void {
    const call = this.#find(fragment) ?? this.#open(fragment, answerId)
    call.name ??= filled(fragment.function?.name)
    const delta = argumentsOf(fragment)
    call.text += delta
    // The start names the tool: arguments that come before the name are held back.
    if (call.name === undefined) return
    if (call.begun) {
      if (delta !== "") into.push({ type: "tool-call-delta", id: call.id, delta })
    } else this.#begin(call, call.name, into)
  }

  /** Hands out the whole calls that were not handed out yet. */
  finish(into: Array<ChatPart>): void {
    for (; this.#told < this.#calls.length; this.#told++) {
      const call = this.#calls[this.#told]
      if (call === undefined) return
      if (!call.begun) this.#begin(call, "", into)
      into.push({ type: "tool-call", id: call.id, name: call.name ?? "", arguments: call.text })
    }
  }

  #begin(call: Call, name: string, into: Array<ChatPart>): void {
    call.begun = true
    into.push({ type: "tool-call-start", id: call.id, name })
    if (call.text !== "") into.push({ type: "tool-call-delta", id: call.id, delta: call.text })
  }

  #find(fragment: ToolCallDelta): Call | undefined {
    const id = filled(fragment.id)
    const { index } = fragment
    const isNamed = filled(fragment.function?.name) !== undefined
    const same = id === undefined ? [] : this.#calls.filter((call) => call.vendorId === id)
    // A name at another index begins another call, even under an id that was there before.
    const begins = isNamed && typeof index === "number"
    const known =
      same.find((call) => call.index === index) ??
      (begins ? same.find((call) => call.index === undefined) : same.at(-1))
    if (known !== undefined) return known
    const candidate =
      typeof index === "number" ? this.#calls.findLast((call) => call.index === index) : this.#calls.at(-1)
    if (candidate?.name === undefined || !isNamed) return candidate
    // Both have a name: another call, unless a vendor that numbers its calls only repeats itself.
    return typeof index === "number" && id === undefined ? candidate : undefined
  }

  #open(fragment: ToolCallDelta, answerId: string | undefined): Call {
    const vendorId = filled(fragment.id)
    const made = `call_${answerId === undefined ? "" : `${answerId}_`}${this.#calls.length}`
    const call: Call = {
      index: typeof fragment.index === "number" ? fragment.index : undefined,
      vendorId,
      id: vendorId ?? made,
      name: undefined,
      text: "",
      begun: false
    }
    this.#calls.push(call)
    return call
  }
}
