/**
 * What became of an attempt: what went wrong in it, by the meaning of the faults that shaped it, and whether its answer is
 * whole. The faults are the truth; status and body may mislead.
 */
import { meaningsOf } from "@understudy/mocks/FaultKind"
import { isWhole as leavesWhole, type Meaning, meanings, type Traits } from "@understudy/mocks/Meaning"
import type { Attempt } from "../run/Run.ts"

const known = new Map<string, ReadonlyArray<Meaning>>()

const meaningsIn = ({ recipe }: Attempt): ReadonlyArray<Meaning> => {
  const found = known.get(recipe) ?? meaningsOf(recipe)
  known.set(recipe, found)
  return found
}

/** True when something in it means one of these. */
export const means = (attempt: Attempt, ...wanted: ReadonlyArray<Meaning>): boolean =>
  meaningsIn(attempt).some((meaning) => wanted.includes(meaning))

const hasTraits = (attempt: Attempt, wanted: (traits: Traits) => boolean): boolean =>
  meaningsIn(attempt).some((meaning) => wanted(meanings[meaning]))

/** True for a refusal that ends only when somebody sees to the key or its account. */
export const isForGood = (attempt: Attempt): boolean =>
  hasTraits(attempt, ({ about, lasts }) => lasts && (about === "key" || about === "account"))

/** True for a refusal that is about the request, the model that it asks for included. */
export const isCallersFault = (attempt: Attempt): boolean =>
  hasTraits(attempt, ({ about }) => about === "request" || about === "model")

/** True when nothing was done to the text of an answer, only to its pace. */
export const isUnspoilt = (attempt: Attempt): boolean => meaningsIn(attempt).every(leavesWhole)

/** True when a client may have waited for it in vain. */
export const isSlow = (attempt: Attempt): boolean => means(attempt, "silent", "queued", "late")

/** True for an answer with a status of success. */
export const isSuccess = ({ status }: Attempt): boolean => status >= 200 && status < 300

/** The finish reasons with which a vendor says that its answer is over on purpose, in any library's spelling. */
export const isFinish = (finish: string | undefined): boolean => finish === "stop" || isShortOnPurpose(finish)

/** Finish reasons that tell why an answer is shorter than it might be. */
export const isShortOnPurpose = (finish: string | undefined): boolean =>
  finish !== undefined && /^(length|tool[-_]calls|function[-_]call|content[-_]filter)$/.test(finish)

/** True when a client that passes on what it gets has got a whole answer. A stream is whole at its finish. */
export const isWhole = (attempt: Attempt): boolean =>
  isSuccess(attempt) &&
  isFinish(attempt.finish) &&
  (attempt.stream || attempt.end === "complete") &&
  (isUnspoilt(attempt) || isShortOnPurpose(attempt.finish))
