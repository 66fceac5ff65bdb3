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

/** A stream of draws. Every method advances it. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** An integer in [0, limit). */
  int(limit: number): number
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string
  /** Letters and digits of both cases. */
  alphanumeric(length: number): string
  /** A UUID whose third group starts with `version`. DashScope's ids carry a 9 there. */
  uuid(version: number): string
  /** One member of a list that is not empty. */
  pick<A>(list: readonly [A, ...Array<A>]): A
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Every response has ids: looking digits up is eight times as fast as `toString(16)`.
const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

/** Hashes text to 32 bits (FNV-1a with a final avalanche). */
export const hash = (text: string, basis = 2166136261): number => {
  let value = basis
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16777619)
  value = Math.imul(value ^ (value >>> 16), 2246822507)
  value = Math.imul(value ^ (value >>> 13), 3266489909)
  return (value ^ (value >>> 16)) >>> 0
}

/** Makes the sub-stream of that name (sfc32). */
export const make = (...names: ReadonlyArray<string | number>): Random => {
  const name = names.join("\u0000")
  let a = hash(name)
  let b = hash(name, a)
  let c = hash(name, b)
  let counter = 1
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  const hex = (digits: number): string => {
    let text = ""
    while (text.length < digits) {
      const drawn = word()
      text += `${pairs[drawn >>> 24]}${pairs[(drawn >>> 16) & 255]}${pairs[(drawn >>> 8) & 255]}${pairs[drawn & 255]}`
    }
    return text.slice(0, digits)
  }
  const int = (limit: number): number => Math.floor((word() / 4294967296) * limit)
  return {
    next: () => word() / 4294967296,
    int,
    hex,
    alphanumeric: (length) => Array.from({ length }, () => alphabet[int(alphabet.length)]).join(""),
    uuid: (version) => {
      const h = hex(32)
      const variant = ((Number.parseInt(h[16] ?? "0", 16) & 3) | 8).toString(16)
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-${version}${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`
    },
    pick: (list) => list[int(list.length)] ?? list[0]
  }
}
