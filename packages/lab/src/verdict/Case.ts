/**
 * One call with its attempts, and what became of it.
 *
 * | ending     | the caller                                                                     |
 * | ---------- | ------------------------------------------------------------------------------ |
 * | `whole`    | got a whole answer, or one that says itself why it is short                    |
 * | `broken`   | was given a part of an answer for a whole one                                  |
 * | `mixed`    | was given the texts of several answers for one, or an answer to another's call |
 * | `rejected` | was told that the request is wrong, where that is so and expected              |
 * | `failed`   | got an error, or nothing                                                       |
 * | `left`     | had gone                                                                       |
 *
 * **Details**
 *
 * What a caller had is told by the text (`ReplyText`). A text that is none of the lab's cannot be told: then the attempts
 * say whether there was a whole answer to pass on. The same goes for a call whose outcome is unknown.
 */

import type { Attempt, CallRecord, ToolRun } from "../run/Run.ts"
import type { Expectation } from "../scenario/Scenario.ts"
import * as ReplyText from "../traffic/ReplyText.ts"
import * as ToolUse from "../traffic/ToolUse.ts"
import * as Attempts from "./Attempts.ts"

/** What became of a call. */
export type Ending = "whole" | "broken" | "mixed" | "rejected" | "failed" | "left"

/** A call and what is known of it. */
export interface Case {
  readonly call: CallRecord
  /** In the order of arrival. */
  readonly attempts: ReadonlyArray<Attempt>
  readonly ending: Ending
  /** The attempts whose texts the caller was given in one, or the other call's whose text it was given. */
  readonly mixture: ReadonlyArray<number>
}

/** Whose call an attempt was made for; undefined where the mark was lost. */
type OwnerOf = (ordinal: number) => string | undefined

/** A broken frame that was left out makes a mixture of a single answer: that is broken, not mixed. */
const mixtureOf = (
  reading: ReplyText.Reading,
  { id }: CallRecord,
  attempts: ReadonlyArray<Attempt>,
  ownerOf: OwnerOf
): ReadonlyArray<number> => {
  if (reading._tag === "Foreign") return []
  if (reading._tag === "Mixture") return reading.ordinals.length > 1 ? reading.ordinals : []
  const { ordinal } = reading
  const isOwn = attempts.some((attempt) => attempt.ordinal === ordinal) || (ownerOf(ordinal) ?? id) === id
  return isOwn ? [] : [ordinal]
}

/** An answer that asks for tools and says nothing is told by what the tools were given. */
const toolAnswerOf = (runs: ReadonlyArray<ToolRun>, attempts: ReadonlyArray<Attempt>): Ending => {
  const isOwn = ({ arguments: written }: ToolRun): boolean =>
    attempts.some((attempt) => attempt.ordinal === ToolUse.read(written) && Attempts.isWhole(attempt))
  return runs.every(isOwn) ? "whole" : "broken"
}

const answerOf = (call: CallRecord, attempts: ReadonlyArray<Attempt>, reading: ReplyText.Reading): Ending => {
  const { format, text, toolRuns } = call
  if (text === "" && toolRuns !== undefined) return toolAnswerOf(toolRuns, attempts)
  if (format !== undefined && !ReplyText.isFramed(text)) return "broken"
  switch (reading._tag) {
    case "Whole":
      return "whole"
    case "Foreign":
      return attempts.length === 0 || attempts.some(Attempts.isWhole) ? "whole" : "broken"
    case "Mixture":
      return "broken"
    case "Beginning": {
      const finish = call.finish ?? attempts.find(({ ordinal }) => ordinal === reading.ordinal)?.finish
      return Attempts.isShortOnPurpose(finish) ? "whole" : "broken"
    }
  }
}

/** 4xx but for those that are about keys, money and limits. */
const blamesCaller = (status: number): boolean =>
  status >= 400 && status < 500 && ![401, 402, 403, 407, 408, 429].includes(status)

/** Who refuses without asking a vendor has to say so by a status. */
const isRejected = ({ error }: CallRecord, attempts: ReadonlyArray<Attempt>, expect: Expectation): boolean => {
  if (expect.outcome !== "rejected") return false
  if (error?.status !== undefined && !blamesCaller(error.status)) return false
  return attempts.length === 0 ? error?.status !== undefined : attempts.some(Attempts.isCallersFault)
}

/** Puts together a call and its attempts. */
export const make = (
  call: CallRecord,
  attempts: ReadonlyArray<Attempt>,
  expect: Expectation,
  ownerOf: OwnerOf
): Case => {
  const reading = ReplyText.read(call.text)
  const mixture = mixtureOf(reading, call, attempts, ownerOf)
  const ending = (): Ending => {
    switch (call.outcome) {
      case "answered":
        return mixture.length > 0 ? "mixed" : answerOf(call, attempts, reading)
      case "left":
        return "left"
      case "unfinished":
        return "failed"
      case "unknown":
        if (attempts.some(Attempts.isWhole)) return "whole"
        return isRejected(call, attempts, expect) ? "rejected" : "failed"
      case "failed":
        return isRejected(call, attempts, expect) ? "rejected" : "failed"
    }
  }
  return { call, attempts, ending: ending(), mixture }
}
