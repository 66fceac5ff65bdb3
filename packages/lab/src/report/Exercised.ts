/**
 * Which kinds of faults the runs of a report exercised: how many requests each shaped, and in how many scenarios. What a client
 * does about the others, the report cannot say.
 */
import { type FaultKind, names } from "@understudy/mocks/FaultKind"
import type { Attempt } from "../run/Run.ts"
import type { Judged } from "./Judged.ts"

/** One kind, and what it shaped. */
export interface Exercised {
  readonly kind: FaultKind
  readonly requests: number
  readonly scenarios: number
}

const isKind = new Set<string>(names)

/** How many requests each kind shaped, in the order of the catalogue. */
export const count = (attempts: Iterable<Attempt>): Readonly<Record<string, number>> => {
  const recipes = new Map<string, number>()
  for (const { recipe } of attempts) recipes.set(recipe, (recipes.get(recipe) ?? 0) + 1)
  const counts = new Map<string, number>()
  for (const [recipe, requests] of recipes) {
    for (const part of recipe.split("+")) if (isKind.has(part)) counts.set(part, (counts.get(part) ?? 0) + requests)
  }
  return Object.fromEntries(
    names.flatMap((kind) => {
      const requests = counts.get(kind)
      return requests === undefined ? [] : [[kind, requests]]
    })
  )
}

/** Every kind, in the order of the catalogue: those that nothing was shaped by have no requests. */
export const of = (list: ReadonlyArray<Judged>): ReadonlyArray<Exercised> => {
  const counts = list.map(({ run }) => count(run.attempts))
  return names.map((kind) => ({
    kind,
    requests: counts.reduce((sum, each) => sum + (each[kind] ?? 0), 0),
    scenarios: counts.filter((each) => each[kind] !== undefined).length
  }))
}
