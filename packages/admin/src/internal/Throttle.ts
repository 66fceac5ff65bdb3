/**
 * Slows guessing down: after a wrong secret the next try under the same name has to wait a second, then two, four, up to five
 * minutes. Nobody is locked out for ever, and a right secret forgets the wrong ones.
 */

/** Tries under names: an address, an account. */
export class Throttle {
  readonly #failures = new Map<string, { readonly count: number; readonly until: number }>()

  /** Milliseconds that a try under any of the names has to wait; 0 when none has to. */
  waitFor(names: ReadonlyArray<string>, now: number): number {
    return Math.max(0, ...names.map((name) => (this.#failures.get(name)?.until ?? 0) - now))
  }

  /** A try was wrong. */
  failed(names: ReadonlyArray<string>, now: number): void {
    for (const [name, { until }] of this.#failures) if (until + forgetAfter < now) this.#failures.delete(name)
    for (const name of names) {
      const count = (this.#failures.get(name)?.count ?? 0) + 1
      this.#failures.set(name, { count, until: now + Math.min(first * 2 ** (count - 1), longest) })
    }
  }

  /** A try was right. */
  succeeded(names: ReadonlyArray<string>): void {
    for (const name of names) this.#failures.delete(name)
  }
}

const first = 1_000
const longest = 300_000
const forgetAfter = 900_000
