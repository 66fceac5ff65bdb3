/**
 * A map of bounded size: what was not used for longest goes first.
 */

/** Values by text. */
export class BoundedMap<Value> {
  readonly #capacity: number
  readonly #entries = new Map<string, Value>()

  /** `name` is what the capacity is called where it is given. */
  constructor(name: string, capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`${name} must be an integer >= 1, got ${capacity}`)
    }
    this.#capacity = capacity
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: string, value: Value): void {
    // A map keeps the order of insertion: the first is the one that was used least recently.
    this.#entries.delete(key)
    this.#entries.set(key, value)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) return
      this.#entries.delete(oldest)
    }
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
