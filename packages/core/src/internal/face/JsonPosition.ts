/**
 * Where a text stops being JSON. `JSON.parse` names the place only for some of its errors; this scanner, which runs on
 * bad bodies only, names it for all. It keeps its own stack: a body of a million brackets must not exhaust ours.
 */

const isSpace = (char: string | undefined): boolean => char === " " || char === "\n" || char === "\r" || char === "\t"

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

const after = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

/** The end of the string that begins at `at`, or the complement (`~`) of the place where it goes wrong. */
const stringEnd = (text: string, at: number): number => {
  let i = at + 1
  while (i < text.length) {
    const code = text.charCodeAt(i)
    if (code === 34) return i + 1
    if (code < 32) return ~i
    if (code !== 92) i++
    else {
      const next = after(escape, text, i)
      if (next === -1) return ~(i + 1)
      i = next
    }
  }
  return ~text.length
}

type Expecting = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "separator"

const opening = (char: string): Expecting | undefined =>
  char === "{" ? "keyOrEnd" : char === "[" ? "valueOrEnd" : undefined

const closes = (char: string, stack: ReadonlyArray<string>, expecting: Expecting): boolean =>
  (expecting === "separator" || expecting === (char === "}" ? "keyOrEnd" : "valueOrEnd")) &&
  stack.at(-1) === (char === "}" ? "{" : "[")

/** The offset of the first character that cannot be part of JSON; the text's length when it ends too early. */
export const firstFault = (text: string): number => {
  const stack: Array<string> = []
  let expecting: Expecting = "value"
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (isSpace(char)) at++
    else if ((char === "}" || char === "]") && closes(char, stack, expecting)) {
      stack.pop()
      expecting = "separator"
      at++
    } else if (expecting === "separator") {
      if (char !== "," || stack.length === 0) return at
      expecting = stack.at(-1) === "{" ? "key" : "value"
      at++
    } else if (expecting === "colon") {
      if (char !== ":") return at
      expecting = "value"
      at++
    } else {
      const isKey: boolean = expecting === "key" || expecting === "keyOrEnd"
      const opened: Expecting | undefined = isKey ? undefined : opening(char)
      if (opened !== undefined) {
        stack.push(char)
        expecting = opened
        at++
        continue
      }
      const end = char === '"' ? stringEnd(text, at) : isKey ? ~at : after(scalar, text, at)
      if (end < 0) return char === '"' || isKey ? ~end : at
      expecting = isKey ? "colon" : "separator"
      at = end
    }
  }
  return text.length
}

/** The fault as a person reads it: `unexpected "]" at position 12 (line 1, column 13)`. */
export const describe = (text: string): string => {
  const at = firstFault(text)
  const lines = text.slice(0, at).split("\n")
  const place = `position ${at} (line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1})`
  const found = at >= text.length ? "end of the body" : JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))
  return `unexpected ${found} at ${place}`
}
