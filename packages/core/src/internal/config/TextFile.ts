/**
 * A text file as people's editors save it: UTF-8, with or without a byte order mark. UTF-16, as some shells of Windows write
 * it, is told apart, so that it is not read as gibberish.
 */

const isUtf16 = (bytes: Uint8Array): boolean => {
  const [first, second] = bytes
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return marked || (bytes.length > 1 && (first === 0 || second === 0))
}

/** The text without its mark; undefined when the bytes are UTF-16. */
export const decode = (bytes: Uint8Array): string | undefined =>
  isUtf16(bytes) ? undefined : new TextDecoder("utf-8").decode(bytes)
