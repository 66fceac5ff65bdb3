/**
 * Luck from a seed, in named streams.
 *
 * Every user of luck takes a stream of its own (`stream(seed, "vendor/qwen/call-3/2")`), so that neither the order in which
 * concurrent fibers run nor a call that a shrinker took out moves the draws of anybody else.
 */
import type { Random } from "effect/Random"

/** A stream of draws. It is a `Random` too: what Effect's `Random` service wants. */
export interface Prng extends Random {
  /** In [0, 1). */
  readonly next: () => number
  /** A whole number in [low, high]. */
  readonly int: (low: number, high: number) => number
  /** True with the given probability. */
  readonly chance: (probability: number) => boolean
  /** One of the list; the list must not be empty. */
  readonly pick: <A>(from: ReadonlyArray<A>) => A
  /** The list in another order. */
  readonly shuffle: <A>(from: ReadonlyArray<A>) => Array<A>
}

/** Four words of state from a name (cyrb128). */
const hash = (name: string): [number, number, number, number] => {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  return [a ^ b ^ c ^ d, b, c, d]
}

/** A new stream, named. The same seed and name give the same draws. */
export const stream = (seed: number, name: string): Prng => {
  let [a, b, c, d] = hash(`${seed}/${name}`)
  // sfc32: small, fast, passes PractRand.
  const word = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let i = 0; i < 8; i++) word()
  const next = (): number => word() / 4294967296
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (from) => from[int(0, from.length - 1)]!,
    shuffle: (from) => {
      const list = [...from]
      for (let i = list.length - 1; i > 0; i--) {
        const j = int(0, i)
        ;[list[i], list[j]] = [list[j]!, list[i]!]
      }
      return list
    },
    nextDoubleUnsafe: next,
    nextIntUnsafe: () => word() * 2097152 + (word() >>> 11)
  }
}
