/**
 * One message as one line, as text or as JSON. Nothing that stands in a field can end the line, begin another one or steer a
 * terminal.
 */

/** How lines look. */
export type Format = "text" | "json"

/** What a line says. */
export interface Line {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
  /** What failed, with its stack. */
  readonly cause?: string | undefined
}

const plain = /^[\x21\x23-\x3c\x3e-\x7e]+$/

// JSON leaves some of them as they are, but terminals and readers of lines act on them: controls, line ends, direction marks.
const acting = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

const toEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

const quoted = (json: string): string => json.replace(acting, toEscape)

const toText = (value: unknown): string => {
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value))
  return plain.test(text) ? text : quoted(JSON.stringify(text))
}

/** Values of a message as one text. */
export const messageOf = (message: unknown): string =>
  (Array.isArray(message) ? message : [message])
    .map((part) => (typeof part === "string" ? part : toText(part)))
    .join(" ")

let lastTime = Number.NaN
let lastStamp = ""

/** Many lines fall into one millisecond. */
const toStamp = (time: number): string => {
  if (time !== lastTime) {
    lastTime = time
    lastStamp = new Date(time).toISOString()
  }
  return lastStamp
}

const toJson = ({ cause, fields, level, message, time }: Line): string => {
  const known = `{"time":"${toStamp(time)}","level":"${level}","message":${JSON.stringify(message)}`
  const own = JSON.stringify(fields).slice(1, -1)
  const failure = cause === undefined ? "" : `,"cause":${JSON.stringify(cause)}`
  return quoted(`${known}${own === "" ? "" : `,${own}`}${failure}}`)
}

/** A line, without its end. */
export const format = (line: Line, as: Format): string => {
  if (as === "json") return toJson(line)
  const { cause, fields, level, message, time } = line
  let text = `${toStamp(time)} ${level} ${message.replace(/[\r\n]+/g, " ").replace(acting, toEscape)}`
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) text += ` ${name}=${toText(value)}`
  }
  return cause === undefined ? text : `${text} cause=${quoted(JSON.stringify(cause))}`
}
