/**
 * The callers of a run: they call a session as the traffic says, leave when they want to, and remember what they saw.
 */
import type { PlannedCall } from "../scenario/Scenario.ts"
import type { LabReply, LabRequest, Observer, Session } from "./Client.ts"
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

const toRequest = ({ id, model, stream, text: content }: PlannedCall): LabRequest => ({
  id,
  model,
  stream,
  messages: [{ role: "user", content }]
})

/** Those who call. */
export interface Callers {
  readonly records: ReadonlyArray<CallRecord>
  /** Calls that are under way. */
  readonly open: () => number
  /** Makes a call now. */
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

/** One call from its caller's side. */
class Caller {
  readonly record: Draft
  readonly #elapsed: () => number
  readonly #waiting: Set<Caller>
  #abort = nothing
  #stay = nothing

  constructor({ id, model, stream }: PlannedCall, elapsed: () => number, waiting: Set<Caller>) {
    this.record = { id, at: elapsed(), model, stream, outcome: "unfinished", text: "" }
    this.#elapsed = elapsed
    this.#waiting = waiting
  }

  call(session: Session, planned: PlannedCall, after: After): void {
    this.#waiting.add(this)
    try {
      this.#abort = session.start(toRequest(planned), this)
    } catch (error) {
      this.end({ error })
    }
    if (planned.leaves === undefined || !this.#waiting.has(this)) return
    this.#stay = after(planned.leaves, () => {
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

  readonly end: Observer["end"] = (outcome) => {
    if (!this.#waiting.delete(this)) return
    this.record.endedAt = this.#elapsed()
    this.#stay()
    conclude(this.record, outcome)
  }

  leave(): void {
    this.#waiting.delete(this)
    this.#stay()
    this.#abort()
  }
}

/** Callers of a session. `elapsed` is the run's time, `after` does something later; its result takes that back. */
export const make = (session: Session, elapsed: () => number, after: After): Callers => {
  const records: Array<CallRecord> = []
  const waiting = new Set<Caller>()
  return {
    records,
    open: () => waiting.size,
    call: (planned) => {
      const caller = new Caller(planned, elapsed, waiting)
      records.push(caller.record)
      caller.call(session, planned, after)
    },
    leave: () => {
      for (const caller of waiting) caller.leave()
    }
  }
}
