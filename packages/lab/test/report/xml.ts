/** A check whether a text is well-formed XML, as far as this project writes any: elements, attributes and text. */

const token = /<\?xml [^<>]*\?>\s*|<(\/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w-]*="[^"<]*")*)\s*(\/?)>|([^<]+)|(.)/gsu

const unwritable = /(?![\n\r\t])[\p{Cc}\p{Cs}\ufffe\uffff]/u

const strayAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/

/** What is wrong with it. */
export const flawsOf = (text: string): ReadonlyArray<string> => {
  const open: Array<string> = []
  const flaws: Array<string> = []
  let roots = 0
  if (unwritable.test(text)) flaws.push("a character that XML has no place for")
  if (strayAmpersand.test(text)) flaws.push("an ampersand that begins no entity")
  for (const [whole, closing, name = "", , empty, words, stray] of text.matchAll(token)) {
    if (stray !== undefined) flaws.push(`a stray ${stray}`)
    if (words !== undefined && open.length === 0 && words.trim() !== "") flaws.push(`text outside: ${words}`)
    if (name === "" || whole.startsWith("<?")) continue
    if (closing === "/") {
      if (open.pop() !== name) flaws.push(`</${name}> closes another element`)
      continue
    }
    if (open.length === 0 && ++roots > 1) flaws.push(`a second root: ${name}`)
    if (empty !== "/") open.push(name)
  }
  return [...flaws, ...open.map((name) => `<${name}> stays open`)]
}
