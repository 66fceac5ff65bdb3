/**
 * The callers of a run: they call a session as the traffic says, run the tools that answers ask for, go on with their
 * conversations, leave when they want to, and remember what they saw.
 */
import type { PlannedCall } from "../scenario/Scenario.ts"
import * as Dialogue from "../traffic/Dialogue.ts"
import * as ToolUse from "../traffic/ToolUse.ts"
import type { LabReply, LabRequest, LabToolCall, Observer, Session } from "./Client.ts"
import type { CallRecord, SeenError } from "./Run.ts"

type Draft = { -readonly [Name in keyof CallRecord]: CallRecord[Name] }

const fieldOf = (error: unknown, ...names: ReadonlyArray<string>): unknown => {
  for (const name of names) {
    if (typeof error !== "object" || error === null) return undefined
    const value = (error as Record<string, unknown>)[name]
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const number = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined)

/** What a caller sees of an error, whichever library it comes from. */
export const toSeenError = (error: unknown): SeenError => {
  const status = number(fieldOf(error, "status", "statusCode"))
  const reason = fieldOf(error, "reason")
  const code = text(fieldOf(error, "code")) ?? text(fieldOf(reason, "_tag"))
  const type = text(fieldOf(error, "type", "name"))
  const retryAfter = number(fieldOf(error, "retryAfter"))
  return {
    message: text(fieldOf(error, "message")) ?? String(error),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(retryAfter === undefined ? {} : { retryAfter })
  }
}

const noText = new TypeError(
  "The client under test ended a call with neither an error nor a reply whose text is a string"
)

const textOf = (message: Dialogue.Message | undefined): string => {
  const content = message?.content ?? ""
  return typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join("")
}

const toRequest = ({ id, messages, planned }: Dialogue.Step): LabRequest => {
  const { dialogue, model, stream } = planned
  const text = textOf(messages.at(-1))
  if (dialogue === undefined) return { id, model, stream, messages, text }
  const responseFormat = Dialogue.formatOf(planned)
  return {
    id,
    model,
    stream,
    messages,
    text,
    ...(dialogue.tools ? { tools: [ToolUse.tool] } : {}),
    ...(responseFormat === undefined ? {} : { responseFormat })
  }
}

/** Those who call. */
export interface Callers {
  readonly records: ReadonlyArray<CallRecord>
  /** Takes out the records that satisfy the predicate. */
  readonly take: (isReady: (record: CallRecord) => boolean) => ReadonlyArray<CallRecord>
  /** Calls that are under way, and conversations that go on. */
  readonly open: () => number
  /** Makes a call now, and in time the others of its conversation. */
  readonly call: (planned: PlannedCall) => void
  /** All who still wait leave; what they saw stays as it is. */
  readonly leave: () => void
}

/** Clients are not all typed: an answer without a text is an error that says so. */
const isReply = (reply: LabReply | undefined): reply is LabReply => typeof reply?.text === "string"

const conclude = (record: Draft, outcome: Parameters<Observer["end"]>[0] | undefined): void => {
  const reply = outcome !== undefined && "reply" in outcome ? outcome.reply : undefined
  if (!isReply(reply)) {
    const error = outcome !== undefined && "error" in outcome ? outcome.error : noText
    record.outcome = "failed"
    record.error = toSeenError(error)
    return
  }
  record.outcome = "answered"
  const pieces = record.text
  if (pieces !== "" && pieces.trim() !== reply.text.trim()) record.streamed = pieces
  record.text = reply.text
  if (reply.finish !== undefined) record.finish = reply.finish
  if (reply.model !== undefined) record.answeredBy = reply.model
}

type After = (millis: number, task: () => void) => () => void

const nothing = (): void => undefined

/** Whoever may still do something: a call under way, or the pause before the next of a conversation. */
interface Waiting {
  leave(): void
}

/** One call from its caller's side. */
class Caller implements Waiting {
  readonly record: Draft
  readonly #step: Dialogue.Step
  readonly #elapsed: () => number
  readonly #waiting: Set<Waiting>
  readonly #answered: (step: Dialogue.Step, reply: LabReply) => void
  #abort = nothing
  #stay = nothing

  constructor(
    step: Dialogue.Step,
    elapsed: () => number,
    waiting: Set<Waiting>,
    answered: (step: Dialogue.Step, reply: LabReply) => void
  ) {
    const { id, planned } = step
    const { dialogue, model, stream } = planned
    this.record = { id, at: elapsed(), model, stream, outcome: "unfinished", text: "" }
    if (dialogue !== undefined && dialogue.answer !== "text") this.record.format = dialogue.answer
    this.#step = step
    this.#elapsed = elapsed
    this.#waiting = waiting
    this.#answered = answered
  }

  call(session: Session, after: After): void {
    this.#waiting.add(this)
    const { leaves } = this.#step.planned
    try {
      this.#abort = session.start(toRequest(this.#step), this)
    } catch (error) {
      this.end({ error })
    }
    if (leaves === undefined || !this.#waiting.has(this)) return
    this.#stay = after(leaves, () => {
      this.record.outcome = "left"
      this.record.endedAt = this.#elapsed()
      this.leave()
    })
  }

  // Clients hand these on as functions.
  readonly content: Observer["content"] = (piece) => {
    if (!this.#waiting.has(this)) return
    this.record.firstContentAt ??= this.#elapsed()
    this.record.text += piece
  }

  // A tool that a client runs has run, whoever still listens.
  readonly runTool: Observer["runTool"] = ({ arguments: written, id, name }) => {
    const run = { at: this.#elapsed(), id, name, arguments: written }
    this.record.toolRuns = [...(this.record.toolRuns ?? []), run]
    return ToolUse.result(written)
  }

  readonly end: Observer["end"] = (outcome) => {
    if (!this.#waiting.delete(this)) return
    this.record.endedAt = this.#elapsed()
    this.#stay()
    conclude(this.record, outcome)
    if (this.record.outcome !== "answered" || !("reply" in outcome)) return
    for (const call of outcome.reply.toolCalls ?? noCalls) this.runTool(call)
    if (this.#step.planned.dialogue !== undefined) this.#answered(this.#step, outcome.reply)
  }

  leave(): void {
    this.#waiting.delete(this)
    this.#stay()
    this.#abort()
  }
}

const noCalls: ReadonlyArray<LabToolCall> = []

/** Callers of a session. `elapsed` is the run's time, `after` does something later; its result takes that back. */
export const make = (session: Session, elapsed: () => number, after: After): Callers => {
  let records: Array<CallRecord> = []
  const waiting = new Set<Waiting>()
  const start = (step: Dialogue.Step): void => {
    const caller = new Caller(step, elapsed, waiting, goOn)
    records.push(caller.record)
    caller.call(session, after)
  }
  const goOn = (step: Dialogue.Step, { reasoning, text, toolCalls = noCalls }: LabReply): void => {
    const next = Dialogue.next(step, { reasoning, text, toolCalls })
    if (next === undefined) return
    const cancel = after(next.wait, () => {
      waiting.delete(pause)
      start(next.step)
    })
    const pause: Waiting = {
      leave: () => {
        waiting.delete(pause)
        cancel()
      }
    }
    waiting.add(pause)
  }
  return {
    get records() {
      return records
    },
    take: (isReady) => {
      const ready = records.filter(isReady)
      const taken = new Set(ready)
      records = records.filter((record) => !taken.has(record))
      return ready
    },
    open: () => waiting.size,
    call: (planned) => start(Dialogue.begin(planned)),
    leave: () => {
      for (const each of waiting) each.leave()
    }
  }
}
