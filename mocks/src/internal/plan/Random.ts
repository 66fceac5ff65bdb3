/**
 * Seeded luck with named sub-streams.
 *
 * `Random.make(seed, "qwen", keyId, 3)` always yields the same draws, whatever other requests draw meanwhile: a name is a
 * stream of its own, so concurrency cannot reorder luck.
 *
 * **Example** (an id that a rerun repeats)
 *
 * ```ts
 * Random.make(42, "deepseek", "k3f9a21c0", 1).uuid(4)
 * ```
 */

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Every response has ids: looking digits up is eight times as fast as `toString(16)`.
const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

const high = (word: number): string => `${pairs[word >>> 24]}${pairs[(word >>> 16) & 255]}`
const low = (word: number): string => `${pairs[(word >>> 8) & 255]}${pairs[word & 255]}`

const separator = 0

/** Hashes the names, put together, to 32 bits (FNV-1a with a final avalanche). */
const hash = (names: ReadonlyArray<string | number>, basis = 2166136261): number => {
  let value = basis
  for (let index = 0; index < names.length; index++) {
    if (index > 0) value = Math.imul(value ^ separator, 16777619)
    const name = String(names[index])
    for (let at = 0; at < name.length; at++) value = Math.imul(value ^ name.charCodeAt(at), 16777619)
  }
  value = Math.imul(value ^ (value >>> 16), 2246822507)
  value = Math.imul(value ^ (value >>> 13), 3266489909)
  return value ^ (value >>> 16)
}

/** A stream of draws (sfc32). Every method advances it. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(names: ReadonlyArray<string | number>) {
    this.#a = hash(names)
    this.#b = hash(names, this.#a)
    this.#c = hash(names, this.#b)
  }

  /** A number in [0, 1). */
  next(): number {
    return this.#word() / 4294967296
  }

  /** An integer in [0, limit). */
  int(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** Lower-case hexadecimal digits. */
  hex(digits: number): string {
    let text = ""
    while (text.length < digits) {
      const word = this.#word()
      text += `${high(word)}${low(word)}`
    }
    return text.slice(0, digits)
  }

  /** Letters and digits of both cases. */
  alphanumeric(length: number): string {
    return Array.from({ length }, () => alphabet[this.int(alphabet.length)]).join("")
  }

  /** A UUID whose third group starts with `version`. DashScope's ids carry a 9 there. */
  uuid(version: number): string {
    const first = this.#word()
    const second = (this.#word() & 0xffff0fff) | (version << 12)
    const third = (this.#word() & 0x3fffffff) | 0x80000000
    const fourth = this.#word()
    return `${high(first)}${low(first)}-${high(second)}-${low(second)}-${high(third)}-${low(third)}${high(fourth)}${low(fourth)}`
  }

  /** One member of a list that is not empty. */
  pick<A>(list: readonly [A, ...Array<A>]): A {
    return list[this.int(list.length)] ?? list[0]
  }

  #word(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }
}

/** Makes the sub-stream of that name. */
export const make = (...names: ReadonlyArray<string | number>): Random => new Random(names)
