/**
 * How long a call waits where a vendor or a cool-down says when to come back: never less than was said, and a little more by
 * luck, so that all who wait for one moment do not come in one moment.
 */
import type { Random } from "effect/Random"

/** Least width of the jitter, in milliseconds: sixty callers come apart even where the wait is short. */
const least = 250

/** The wait with up to a fifth of it, and up to 250 ms at least, on top; `most` is where the jitter should end. */
export const jittered = (stated: number, most: number, random: Random): number => {
  const width = Math.max(least, Math.min(stated / 5, most - stated))
  return Math.ceil(stated + width * random.nextDoubleUnsafe())
}
