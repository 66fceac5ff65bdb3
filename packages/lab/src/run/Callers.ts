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
  record.text = reply.text
  if (reply.finish !== undefined) record.finish = reply.finish
  if (reply.model !== undefined) record.answeredBy = reply.model
}

/** Callers of a session. `elapsed` is the run's time, `after` does something later; its result takes that back. */
export const make = (
  session: Session,
  elapsed: () => number,
  after: (millis: number, task: () => void) => () => void
): Callers => {
  const records: Array<Draft> = []
  const waiting = new Set<() => void>()
  const call = (planned: PlannedCall): void => {
    const { id, model, stream, leaves } = planned
    const record: Draft = { id, at: elapsed(), model, stream, outcome: "unfinished", text: "" }
    records.push(record)
    let abort = (): void => undefined
    let stay = (): void => undefined
    const leave = (): void => {
      waiting.delete(leave)
      stay()
      abort()
    }
    waiting.add(leave)
    const end: Observer["end"] = (outcome) => {
      if (!waiting.delete(leave)) return
      record.endedAt = elapsed()
      stay()
      conclude(record, outcome)
    }
    const content: Observer["content"] = (piece) => {
      if (!waiting.has(leave)) return
      record.firstContentAt ??= elapsed()
      record.text += piece
    }
    try {
      abort = session.start(toRequest(planned), { content, end })
    } catch (error) {
      end({ error })
    }
    if (!waiting.has(leave) || leaves === undefined) return
    stay = after(leaves, () => {
      record.outcome = "left"
      record.endedAt = elapsed()
      leave()
    })
  }
  const leaveAll = (): void => {
    for (const leave of waiting) leave()
  }
  return { records, open: () => waiting.size, call, leave: leaveAll }
}
