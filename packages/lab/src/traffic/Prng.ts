/**
 * Luck from a seed, in named streams.
 *
 * Every user of luck takes a stream of its own (`stream(seed, "vendor/qwen/call-3/2")`), so that neither the order in which
 * concurrent fibers run nor a call that a shrinker took out moves the draws of anybody else.
 */
import type { Random } from "effect/Random"

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

/** A stream of draws (sfc32: small, fast, passes PractRand). It is a `Random` too: what Effect's `Random` service wants. */
export class Prng implements Random {
  #a: number
  #b: number
  #c: number
  #d: number

  /** The stream of that name. */
  constructor(name: string) {
    ;[this.#a, this.#b, this.#c, this.#d] = hash(name)
    for (let i = 0; i < 8; i++) this.#word()
  }

  /** In [0, 1). */
  next(): number {
    return this.#word() / 4294967296
  }

  /** A whole number in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** One of the list; the list must not be empty. */
  pick<A>(from: ReadonlyArray<A>): A {
    return from[this.int(0, from.length - 1)]!
  }

  /** The list in another order. */
  shuffle<A>(from: ReadonlyArray<A>): Array<A> {
    const list = [...from]
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[list[i], list[j]] = [list[j]!, list[i]!]
    }
    return list
  }

  /** In [0, 1). */
  nextDoubleUnsafe(): number {
    return this.next()
  }

  /** A whole number of 53 bits. */
  nextIntUnsafe(): number {
    return this.#word() * 2097152 + (this.#word() >>> 11)
  }

  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + sum) | 0
    return sum >>> 0
  }
}

/** A new stream, named. The same seed and name give the same draws. */
export const stream = (seed: number, name: string): Prng => new Prng(`${seed}/${name}`)
