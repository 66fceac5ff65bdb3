/**
 * `late-first-content`: callers who asked for a stream had its first piece when the vendor had sent nearly all of it.
 *
 * **Details**
 *
 * Warns only: who looks through an answer before it is shown does so on purpose. What it grants:
 *
 * - half of the streams, and fewer than five;
 * - streams that the vendor sent within a tenth of a second, that were slow by themselves, or were touched by another fault,
 *   and the first four fifths of every other;
 * - clients that never say when content comes.
 */
import type { Attempt } from "../../run/Run.ts"
import * as Attempts from "../Attempts.ts"
import type { Case } from "../Case.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const fewest = 5
const shortest = 100
const held = 0.8

/** How long the vendor talked in a stream that its caller got, and how long the caller waited of it. */
const waitOf = (facts: Facts, { attempts, call, ending }: Case): { readonly talk: number; readonly wait: number } => {
  const nothing = { talk: 0, wait: 0 }
  const isGot = (attempt: Attempt): boolean =>
    attempt.stream && attempt.recipe === "answer" && Attempts.isWhole(attempt)
  const answer = attempts.findLast(isGot)
  if (!call.stream || ending !== "whole" || call.firstContentAt === undefined) return nothing
  if (answer?.firstByteAt === undefined) return nothing
  return { talk: facts.endOf(answer) - answer.firstByteAt, wait: call.firstContentAt - answer.firstByteAt }
}

/** Looks at the streams. */
export const find = (facts: Facts): ReadonlyArray<Finding> => {
  const streams = facts.cases.flatMap((each) => {
    const wait = waitOf(facts, each)
    return wait.talk >= facts.own(shortest) ? [{ ...wait, ...each }] : []
  })
  const late = streams.filter(({ talk, wait }) => wait >= held * talk)
  if (late.length < fewest || late.length * 2 <= streams.length) return []
  const longest = Evidence.duration(Math.max(...late.map(({ wait }) => wait)))
  const message = {
    en: `${late.length} of ${streams.length} streams reached their callers only when they were nearly over, up to ${longest} late: pass pieces on as they come.`,
    zh: `${streams.length} 个流中有 ${late.length} 个在快结束时才交给调用方，最多晚了 ${longest}：请边收边发，不要攒着。`
  }
  return [Evidence.ofCases("late-first-content", message, late)]
}
