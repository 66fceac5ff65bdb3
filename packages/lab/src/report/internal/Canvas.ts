/** Text for terminals by display width: Chinese characters take two cells. */
import { displayWidth } from "effect/cli/CliOutput"

/** The cells that a text takes. */
export const widthOf = displayWidth

/** How a cell is coloured. */
export type Ink = "bold" | "dim" | "green" | "red" | "yellow" | "cyan" | "plain"

/** Colours a text, or leaves it alone. */
export type Paint = (ink: Ink, text: string) => string

const codes: Readonly<Record<Ink, readonly [open: number, close: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  plain: [0, 0]
}

/** A paint, or none. */
export const paint =
  (colour: boolean): Paint =>
  (ink, text) =>
    colour && ink !== "plain" && text !== "" ? `\u001b[${codes[ink][0]}m${text}\u001b[${codes[ink][1]}m` : text

/** Cuts or fills a text to exactly so many cells. */
export const sized = (text: string, width: number, side: "left" | "right" = "left"): string => {
  const cut = displayWidth(text) <= width ? text : clip(text, width)
  const blank = " ".repeat(Math.max(0, width - displayWidth(cut)))
  return side === "left" ? cut + blank : blank + cut
}

const clip = (text: string, width: number): string => {
  let kept = ""
  for (const character of text) {
    if (displayWidth(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}${width > 0 ? "~" : ""}`
}

/** Breaks a text into lines of at most so many cells; Chinese may break anywhere. */
export const wrap = (text: string, width: number): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/gu) ?? []) {
    if (line !== "" && displayWidth(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd())
      line = ""
    }
    line += word
  }
  return line.trimEnd() === "" && lines.length > 0 ? lines : [...lines, line.trimEnd()]
}

/** A row of cells, written left to right or anywhere. */
export interface Row {
  /** Writes a one-cell glyph. */
  readonly put: (column: number, glyph: string, ink: Ink) => void
  /** Writes a label into cells that are all still as `fill` left them, if there are enough; says whether it did. */
  readonly label: (from: number, to: number, text: string, ink: Ink) => boolean
  readonly fill: (from: number, to: number, glyph: string, ink: Ink) => void
  readonly text: (paint: Paint) => string
}

/** An empty row. */
export const row = (width: number): Row => {
  const cells = Array.from({ length: width }, () => ({ glyph: " ", ink: "plain" as Ink, free: true }))
  const write = (column: number, glyph: string, ink: Ink, free: boolean): void => {
    if (column >= 0 && column < width) cells[column] = { glyph, ink, free }
  }
  return {
    put: (column, glyph, ink) => write(column, glyph, ink, false),
    fill: (from, to, glyph, ink) => {
      for (let column = from; column < to; column++) write(column, glyph, ink, true)
    },
    label: (from, to, text, ink) => {
      const size = displayWidth(text)
      const start = firstRoom(cells, from, Math.min(to, width), size)
      if (start === undefined) return false
      let column = start
      for (const character of text) {
        write(column, character, ink, false)
        const cellsOfIt = displayWidth(character)
        for (let next = 1; next < cellsOfIt; next++) write(column + next, "", ink, false)
        column += cellsOfIt
      }
      return true
    },
    text: (inks) => {
      const runs: Array<{ readonly ink: Ink; text: string }> = []
      for (const { glyph, ink } of cells) {
        const last = runs.at(-1)
        if (last?.ink === ink) last.text += glyph
        else runs.push({ ink, text: glyph })
      }
      return runs.map(({ ink, text }) => inks(ink, text)).join("")
    }
  }
}

const firstRoom = (
  cells: ReadonlyArray<{ readonly free: boolean }>,
  from: number,
  to: number,
  size: number
): number | undefined => {
  let run = 0
  for (let column = from; column < to; column++) {
    run = cells[column]?.free === true ? run + 1 : 0
    if (run === size) return column - size + 1
  }
  return undefined
}
