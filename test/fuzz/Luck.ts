/** Luck from a seed: the same seed bends the same answer in the same way. */

/** A source of luck. */
export class Luck {
  #state: number

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  /** True in this share of all cases. */
  chance(share: number): boolean {
    return this.next() < share
  }

  /** One of some things. */
  of<A>(things: ReadonlyArray<A>): A {
    return things[this.below(things.length)] as A
  }
}
