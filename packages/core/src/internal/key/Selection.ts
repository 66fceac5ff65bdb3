/**
 * Which of the usable keys a call draws.
 *
 * - `random`: uniform, as Higress does.
 * - `weighted`: in proportion to the keys' weights.
 * - `affinity`: the same caller gets the same key while that key is usable (vendors keep prompt caches per account), by
 *   rendezvous hashing, so that a key's absence moves only its own callers. Without an affinity it draws at random.
 */
import { createHash } from "node:crypto"
import type { Random } from "effect/Random"
import type { ApiKey } from "../../key/ApiKey.ts"

/** How keys are drawn. */
export type Selection = "random" | "weighted" | "affinity"

const score = (affinity: string, key: ApiKey): number =>
  createHash("sha256").update(affinity).update("\0").update(key.hash).digest().readUIntBE(0, 6)

/** An index drawn in proportion to the weights; all of them 0 draws uniformly. */
export const drawWeighted = (weights: ReadonlyArray<number>, random: Random): number => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total <= 0) return Math.floor(random.nextDoubleUnsafe() * weights.length)
  let rest = random.nextDoubleUnsafe() * total
  const index = weights.findIndex((weight) => {
    rest -= weight
    return rest < 0
  })
  return index === -1 ? weights.length - 1 : index
}

/** Draws one of the keys; undefined when there is none. */
export const draw = (
  keys: ReadonlyArray<ApiKey>,
  selection: Selection,
  affinity: string | undefined,
  random: Random
): ApiKey | undefined => {
  if (keys.length <= 1) return keys[0]
  if (selection === "affinity" && affinity !== undefined) {
    return keys.reduce((best, key) => (score(affinity, key) > score(affinity, best) ? key : best))
  }
  if (selection === "weighted")
    return keys[
      drawWeighted(
        keys.map((key) => key.weight),
        random
      )
    ]
  return keys[Math.floor(random.nextDoubleUnsafe() * keys.length)]
}
