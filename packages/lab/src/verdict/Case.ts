/**
 * One call with its attempts, and what became of it.
 *
 * | ending     | the caller                                                                     |
 * | ---------- | ------------------------------------------------------------------------------ |
 * | `whole`    | got a whole answer, or one of which the vendor said why it is short            |
 * | `broken`   | was given the beginning of an answer for a whole one                           |
 * | `garbled`  | was given an answer with holes, doubled pieces or broken characters            |
 * | `madeUp`   | was given a text that no vendor sent                                           |
 * | `mixed`    | was given the texts of several answers for one, or an answer to another's call |
 * | `rejected` | was told that the request is wrong, where that is so and expected              |
 * | `failed`   | got an error, or nothing                                                       |
 * | `left`     | had gone                                                                       |
 *
 * **Details**
 *
 * The vendors' journal is the witness: what a caller had is told by the text (`ReplyText`), and the text names the attempt
 * that must have sent it. What a client says beside that (its finish reason) counts for nothing. Where a recording was
 * played, texts are not the lab's: then the attempts say whether there was a whole answer to pass on. The same goes for a
 * call whose outcome is unknown.
 */

import type { Attempt, CallRecord, ToolRun } from "../run/Run.ts"
import type { Expectation } from "../scenario/Scenario.ts"
import * as ReplyText from "../traffic/ReplyText.ts"
import * as ToolUse from "../traffic/ToolUse.ts"
import * as Attempts from "./Attempts.ts"

/** What became of a call. */
export type Ending = "whole" | "broken" | "garbled" | "madeUp" | "mixed" | "rejected" | "failed" | "left"

/** A call and what is known of it. */
export interface Case {
  readonly call: CallRecord
  /** In the order of arrival. */
  readonly attempts: ReadonlyArray<Attempt>
  readonly ending: Ending
  /** The attempts whose texts the caller was given in one, or the other call's whose text it was given. */
  readonly mixture: ReadonlyArray<number>
}

/** Looks an attempt up in the journal by its ordinal. */
type Journal = (ordinal: number) => Attempt | undefined

/** A broken frame that was left out makes a mixture of a single answer: that is garbled, not mixed. */
const mixtureOf = (
  reading: ReplyText.Reading,
  { id }: CallRecord,
  attempts: ReadonlyArray<Attempt>,
  journal: Journal
): ReadonlyArray<number> => {
  if (reading._tag === "Foreign") return []
  if (reading._tag === "Mixture") return reading.ordinals.length > 1 ? reading.ordinals : []
  const { ordinal } = reading
  const isOwn = attempts.some((attempt) => attempt.ordinal === ordinal) || (journal(ordinal)?.call ?? id) === id
  return isOwn ? [] : [ordinal]
}

/** An answer that asks for tools and says nothing is told by what the tools were given. */
const toolAnswerOf = (runs: ReadonlyArray<ToolRun>, attempts: ReadonlyArray<Attempt>): Ending => {
  const isOwn = ({ arguments: written }: ToolRun): boolean =>
    attempts.some((attempt) => attempt.ordinal === ToolUse.read(written) && Attempts.isWhole(attempt))
  return runs.every(isOwn) ? "whole" : "broken"
}

const wasPlayed = ({ recipe }: Attempt): boolean => recipe.startsWith("recording")

/** An answer without a word is whole where the vendor said why: it called a tool, or held the words back. */
const ofNothing = (attempts: ReadonlyArray<Attempt>): Ending =>
  attempts.some((attempt) => Attempts.isWhole(attempt) && Attempts.isShortOnPurpose(attempt.finish))
    ? "whole"
    : "broken"

const ofForeign = ({ text }: CallRecord, attempts: ReadonlyArray<Attempt>): Ending => {
  if (attempts.some(wasPlayed)) return attempts.some(Attempts.isWhole) ? "whole" : "broken"
  return text.trim() === "" ? ofNothing(attempts) : "madeUp"
}

const answerOf = (
  call: CallRecord,
  attempts: ReadonlyArray<Attempt>,
  reading: ReplyText.Reading,
  journal: Journal
): Ending => {
  const { format, text, toolRuns } = call
  if (text === "" && toolRuns !== undefined) return toolAnswerOf(toolRuns, attempts)
  if (format !== undefined && !ReplyText.isFramed(text)) return "broken"
  if (reading._tag === "Foreign") return ofForeign(call, attempts)
  if (reading._tag === "Mixture") return "garbled"
  const sender = journal(reading.ordinal)
  if (sender === undefined || !Attempts.isSuccess(sender)) return "madeUp"
  if (call.streamed !== undefined) return "garbled"
  return reading._tag === "Whole" || Attempts.isShortOnPurpose(sender.finish) ? "whole" : "broken"
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
  journal: Journal
): Case => {
  const reading = ReplyText.read(call.text)
  const mixture = mixtureOf(reading, call, attempts, journal)
  const ending = (): Ending => {
    switch (call.outcome) {
      case "answered":
        return mixture.length > 0 ? "mixed" : answerOf(call, attempts, reading, journal)
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
