/**
 * The one way in which a body that is read as a whole becomes text: its bytes are gathered up to a bound and decoded once, so
 * that no cut between two pieces, nor at the bound, tears a character.
 *
 * **Gotchas**
 *
 * Bytes decide, then the label: what is UTF-8 is read as that, whatever the headers say (JSON is UTF-8 by its standard). Only
 * what is not is read in the charset that the label names; vendors' edges still send error pages in GBK.
 */

/** The bytes of one body, up to a bound. */
export interface Body {
  /** Takes the next piece; false when there is more than the bound, which is then all that is kept. */
  readonly push: (chunk: Buffer) => boolean
  /** What has come so far, without a byte order mark. */
  readonly bytes: () => Buffer
}

/** Makes a body of which `max` bytes are kept. */
export const make = (max: number): Body => {
  const pieces: Array<Buffer> = []
  let left = max
  return {
    push: (chunk) => {
      const fits = chunk.length <= left
      pieces.push(fits ? chunk : chunk.subarray(0, left))
      left -= fits ? chunk.length : left
      return fits
    },
    bytes: () => {
      const [first] = pieces
      const whole = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)
      return whole[0] === 0xef ? withoutBom(whole) : whole
    }
  }
}

/** The bytes behind a byte order mark of UTF-8, where there is one. */
export const withoutBom = (bytes: Buffer): Buffer =>
  bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes

/** The bytes a character takes, by its first byte; 1 for what is no first byte. */
const width = (byte: number): number => (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1)

/** Where the last whole character ends. */
const wholeEnd = (bytes: Buffer): number => {
  for (let at = bytes.length - 1; at >= 0 && at > bytes.length - 4; at--) {
    const byte = bytes[at] as number
    if (byte < 0x80) break
    if (byte >= 0xc0) return at + width(byte) > bytes.length ? at : bytes.length
  }
  return bytes.length
}

const charset = /charset\s*=\s*"?([^\s;"]+)/i

const decoderOf = (label: string): TextDecoder | undefined => {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}

/** True when most of what is not ASCII is no UTF-8 either; a byte that was bent on the way is no other charset. */
const isOther = (text: string): boolean => {
  const torn = text.split("\uFFFD").length - 1
  return torn > 0 && torn * 2 >= text.length - text.replace(/[^\0-\x7f]/g, "").length
}

/** The text of some bytes; half a character at the end is left out. `type` is the `content-type` that they came with. */
export const toText = (bytes: Buffer, type?: string): string => {
  const end = (bytes.at(-1) ?? 0) < 0x80 ? bytes.length : wholeEnd(bytes)
  const text = bytes.toString("utf8", 0, end)
  const label = text.includes("\uFFFD") && isOther(text) ? charset.exec(type ?? "")?.[1] : undefined
  return label === undefined ? text : (decoderOf(label)?.decode(bytes) ?? text)
}
