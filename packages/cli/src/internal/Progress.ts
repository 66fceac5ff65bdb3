/** Says on standard error that something is under way, and on a terminal for how long. */
import { displayWidth } from "effect/cli/CliOutput"
import * as Effect from "effect/Effect"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const interval = 100

/** Cells that a text takes on a terminal. */
export const width: (text: string) => number = displayWidth

/** As much of a text as fits into that many cells: a line that wraps cannot be taken back. */
export const fit = (text: string, cells: number): string => {
  if (displayWidth(text) <= cells) return text
  let kept = ""
  for (const character of text) {
    if (displayWidth(kept + character) >= cells) break
    kept += character
  }
  return `${kept}…`
}

/** One line on a terminal that says what is waited for, and for how long. */
export interface Spinner {
  /** Shows the text from now on; the seconds go on. */
  readonly show: (text: string) => void
  /** Takes the line back. */
  readonly clear: () => void
}

type Screen = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">

/** A spinner; nothing where there is no terminal. */
export const spinner = (stream: Screen = process.stderr): Spinner => {
  let frame = 0
  let shown: string | undefined
  let timer: NodeJS.Timeout | undefined
  const draw = (): void => {
    const seconds = Math.floor((frame * interval) / 1000)
    const line = `${frames[frame % frames.length]} ${shown}${seconds > 0 ? ` ${seconds} s` : ""}`
    stream.write(`\r\u001b[K${fit(line, Math.max(1, (stream.columns ?? 80) - 1))}`)
    frame++
  }
  return {
    show: (text) => {
      if (stream.isTTY !== true) return
      shown = text
      if (timer !== undefined) return
      frame = 0
      draw()
      timer = setInterval(draw, interval)
    },
    clear: () => {
      if (timer === undefined) return
      clearInterval(timer)
      timer = undefined
      stream.write("\r\u001b[K")
    }
  }
}

const start = (text: string): (() => void) => {
  const { stderr } = process
  if (stderr.isTTY !== true) {
    stderr.write(`${text}\n`)
    return () => {}
  }
  const { clear, show } = spinner(stderr)
  show(text)
  return clear
}

/** Shows the text while the effect runs. */
export const during = <A, E, R>(text: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => start(text)),
    () => effect,
    (stop) => Effect.sync(stop)
  )
