/**
 * The callers of a run: they call a session as the traffic says, leave when they want to, and remember what they saw.
 */
import type { PlannedCall } from "../scenario/Scenario.ts"
import type { LabReply, LabRequest, Session } from "./Client.ts"
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
}

const answered = (record: Draft, { finish, model, text: whole }: LabReply): void => {
  record.outcome = "answered"
  record.text = whole
  if (finish !== undefined) record.finish = finish
  if (model !== undefined) record.answeredBy = model
}

/** Callers of a session. `elapsed` is the run's time, `after` does something later; its result takes that back. */
export const make = (
  session: Session,
  elapsed: () => number,
  after: (millis: number, task: () => void) => () => void
): Callers => {
  const records: Array<Draft> = []
  let open = 0
  const call = (planned: PlannedCall): void => {
    const { id, model, stream, leaves } = planned
    const record: Draft = { id, at: elapsed(), model, stream, outcome: "unfinished", text: "" }
    records.push(record)
    open++
    let over = false
    let stay = (): void => undefined
    const end = (finish: () => void): void => {
      if (over) return
      over = true
      open--
      record.endedAt = elapsed()
      stay()
      finish()
    }
    const leave = session.start(toRequest(planned), {
      content: (piece) => {
        if (over) return
        record.firstContentAt ??= elapsed()
        record.text += piece
      },
      end: (outcome) =>
        end(() => {
          if ("reply" in outcome) return answered(record, outcome.reply)
          record.outcome = "failed"
          record.error = toSeenError(outcome.error)
        })
    })
    if (over || leaves === undefined) return
    stay = after(leaves, () => {
      end(() => {
        record.outcome = "left"
      })
      leave()
    })
  }
  return { records, open: () => open, call }
}
