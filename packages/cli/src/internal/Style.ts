/** Colours, where the stream is a terminal that can show them. */

/** Functions that colour a text, or leave it alone. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly green: (text: string) => string
  readonly red: (text: string) => string
  readonly yellow: (text: string) => string
  readonly cyan: (text: string) => string
}

const wrap =
  (open: number, close: number) =>
  (text: string): string =>
    `\u001b[${open}m${text}\u001b[${close}m`

const same = (text: string): string => text

/** No colours. */
export const plain: Style = { bold: same, dim: same, green: same, red: same, yellow: same, cyan: same }

/** Colours. */
export const coloured: Style = {
  bold: wrap(1, 22),
  dim: wrap(2, 22),
  green: wrap(32, 39),
  red: wrap(31, 39),
  yellow: wrap(33, 39),
  cyan: wrap(36, 39)
}

/** True where colours belong: a terminal, unless NO_COLOR or TERM=dumb say otherwise; FORCE_COLOR forces them. */
export const canColour = (stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean => {
  if ((env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") return false
  const force = env["FORCE_COLOR"] ?? ""
  return (force !== "" && force !== "0" && force !== "false") || stream.isTTY === true
}

/** The style for a stream. */
export const forStream = (stream: { readonly isTTY?: boolean }): Style => (canColour(stream) ? coloured : plain)
