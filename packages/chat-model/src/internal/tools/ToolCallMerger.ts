/**
 * Puts tool calls together again from the fragments that vendors stream.
 *
 * Which call a fragment belongs to is the core's to say. What is tolerated beside that: an id that is missing, and `arguments`
 * that are null, or an object instead of text.
 */
import type { ToolCallDelta } from "@understudy/core/wire/ChatCompletion"
import { ToolCalls } from "@understudy/core/wire/Wire"
import type { ChatPart } from "../../ChatPart.ts"

interface Call extends ToolCalls.Begun {
  /** What the caller sees. */
  readonly told: string
  name: string | undefined
  arguments: string
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
    const delta = argumentsOf(fragment)
    const begun: ToolCalls.Begun = {
      id: filled(fragment.id),
      index: ToolCalls.indexOf(fragment.index),
      name: filled(fragment.function?.name),
      arguments: delta
    }
    const call = ToolCalls.find(this.#calls, begun) ?? this.#open(begun, answerId)
    call.name ??= begun.name
    call.arguments += delta
    // The start names the tool: arguments that come before the name are held back.
    if (call.name === undefined) return
    if (call.begun) {
      if (delta !== "") into.push({ type: "tool-call-delta", id: call.told, delta })
    } else this.#begin(call, call.name, into)
  }

  /** Hands out the whole calls that were not handed out yet. */
  finish(into: Array<ChatPart>): void {
    for (; this.#told < this.#calls.length; this.#told++) {
      const call = this.#calls[this.#told]
      if (call === undefined) return
      if (!call.begun) this.#begin(call, "", into)
      into.push({ type: "tool-call", id: call.told, name: call.name ?? "", arguments: call.arguments })
    }
  }

  #begin(call: Call, name: string, into: Array<ChatPart>): void {
    call.begun = true
    into.push({ type: "tool-call-start", id: call.told, name })
    if (call.arguments !== "") into.push({ type: "tool-call-delta", id: call.told, delta: call.arguments })
  }

  #open({ id, index }: ToolCalls.Begun, answerId: string | undefined): Call {
    const made = `call_${answerId === undefined ? "" : `${answerId}_`}${this.#calls.length}`
    const call: Call = { index, id, told: id ?? made, name: undefined, arguments: "", begun: false }
    this.#calls.push(call)
    return call
  }
}
