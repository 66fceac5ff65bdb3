/**
 * Sizes as the configuration writes them: `20MB` (millions of bytes), `20MiB` (of 1,048,576), or a number of bytes.
 */

const pattern = /^(\d+(?:\.\d+)?) ?(b|kb|kib|mb|mib|gb|gib)?$/i
const units = { b: 1, kb: 1e3, kib: 1024, mb: 1e6, mib: 1024 ** 2, gb: 1e9, gib: 1024 ** 3 } as const

/** The largest body that a gateway may be told to take, in bytes: what node can hold as one text. */
export const largestBody = 512e6

/** Source of the pattern, for the JSON Schema. */
export const source: RegExp = /^\d+(\.\d+)? ?([kKmMgG][iI]?)?[bB]?$/

/** Bytes of a size, rounded down; undefined when it is none. */
export const parse = (size: string | number): number | undefined => {
  if (typeof size === "number") return size
  const [, amount, unit = "b"] = pattern.exec(size) ?? []
  return amount === undefined ? undefined : Math.floor(Number(amount) * units[unit.toLowerCase() as keyof typeof units])
}
