/**
 * One turn of a `ToolLoop`: passes the parts on as they come and keeps what the next turn needs. A finish that waits for
 * tools is held back; the last one sums up what all turns took.
 */
import type { Trail } from "@understudy/core/failure/Trail"
import { ToolArguments } from "@understudy/core/wire/Wire"
import type { ChatPart, Finish } from "../../ChatPart.ts"
import * as ChatResponse from "../../ChatResponse.ts"
import type { AssistantMessage } from "../../Message.ts"
import type { Prompt } from "../../Prompt.ts"
import type { ToolCall } from "../../ToolCall.ts"
import * as Usage from "../../Usage.ts"
import type { ToolLedger } from "./ToolLedger.ts"

/** What earlier turns took. */
export interface Spent {
  readonly usage?: Usage.Usage
  readonly trail: Trail
}

/** The letters of names that vendors take. */
const foreign = /[^A-Za-z0-9_-]/g

/** A call that can be sent: a name that no tool can have is one that a model made up, and vendors refuse it. */
const toSendable = ({ arguments: text, id, name }: ToolCall): ToolCall => ({
  id,
  name: name.replace(foreign, "_").slice(0, 64) || "unnamed",
  arguments: ToolArguments.toWire(text)
})

/** A turn. */
export class Turn {
  readonly number: number
  readonly prompt: Prompt
  readonly spent: Spent
  readonly calls: Array<ToolCall> = []
  /** Set when the turn waits for its tools. */
  end: Finish | undefined
  readonly #parts: Array<ChatPart> = []

  constructor(number: number, prompt: Prompt, spent: Spent) {
    this.number = number
    this.prompt = prompt
    this.spent = spent
  }

  /** The parts to pass on for those that came. */
  take(parts: ReadonlyArray<ChatPart>, ledger: ToolLedger): ReadonlyArray<ChatPart> {
    const passed = parts.map((part) => this.#pass(part, ledger)).filter((part) => part !== undefined)
    for (const part of passed) this.#parts.push(part)
    return passed
  }

  /** What the model said, with its calls as every vendor takes them back. */
  get message(): AssistantMessage {
    return { ...ChatResponse.fromParts(this.#parts).result.output, toolCalls: this.calls.map(toSendable) }
  }

  /** What the run has taken when this turn ends so. */
  after({ trail, usage }: Finish): Spent {
    const sum = Usage.sum(this.spent.usage, usage)
    return { ...(sum === undefined ? {} : { usage: sum }), trail: [...this.spent.trail, ...trail] }
  }

  #pass(part: ChatPart, ledger: ToolLedger): ChatPart | undefined {
    const { trail } = this.spent
    switch (part.type) {
      case "tool-call": {
        const call = ledger.enter(part, this.number)
        if (call === undefined) return undefined
        this.calls.push(call)
        return { type: "tool-call", ...call }
      }
      case "response-metadata":
        return trail.length === 0 ? part : { ...part, trail: [...trail, ...part.trail] }
      case "finish":
        if (part.finishReason.unified === "tool-calls" && this.calls.length > 0) {
          this.end = part
          return undefined
        }
        return this.number === 1 ? part : { ...part, ...this.after(part) }
      default:
        return part
    }
  }
}
