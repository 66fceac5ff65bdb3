/**
 * Goes through attempts as a client lives through them: how an attempt ended is known before another begins only when the
 * news had time to arrive.
 */
import type { Attempt } from "../run/Run.ts"

/** How long news may be on their way, in milliseconds: races within it are nobody's fault. */
const race = 50

/** Tells, in order, what a client learnt and which attempts it began then. Attempts that never ended are never learnt of. */
export const replay = (
  attempts: ReadonlyArray<Attempt>,
  on: { readonly learnt: (attempt: Attempt, at: number) => void; readonly began: (attempt: Attempt) => void }
): void => {
  const ended = attempts
    .flatMap((attempt) => (attempt.endedAt === undefined ? [] : [{ attempt, at: attempt.endedAt }]))
    .toSorted((a, b) => a.at - b.at || a.attempt.ordinal - b.attempt.ordinal)
  let next = 0
  for (const attempt of attempts) {
    for (let end = ended[next]; end !== undefined && end.at + race <= attempt.at; end = ended[++next]) {
      on.learnt(end.attempt, end.at)
    }
    on.began(attempt)
  }
}

/** Attempts by what they were about, where there was news of it: most subjects of a run have none. */
export const withNews = (
  attempts: ReadonlyArray<Attempt>,
  subjectOf: (attempt: Attempt) => string,
  isNews: (attempt: Attempt) => boolean
): ReadonlyArray<ReadonlyArray<Attempt>> => {
  const subjects = new Set(attempts.filter(isNews).map(subjectOf))
  if (subjects.size === 0) return []
  const concerned = attempts.filter((attempt) => subjects.has(subjectOf(attempt)))
  return [...Map.groupBy(concerned, subjectOf).values()]
}
