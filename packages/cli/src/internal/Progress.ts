/** Says on standard error that something is under way, and on a terminal for how long. */
import * as Effect from "effect/Effect"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
const interval = 100

const start = (text: string): (() => void) => {
  const { stderr } = process
  if (stderr.isTTY !== true) {
    stderr.write(`${text}\n`)
    return () => {}
  }
  let frame = 0
  const draw = (): void => {
    const seconds = Math.floor((frame * interval) / 1000)
    stderr.write(`\r\u001b[K${frames[frame % frames.length]} ${text}${seconds > 0 ? ` ${seconds} s` : ""}`)
    frame++
  }
  draw()
  const timer = setInterval(draw, interval)
  return () => {
    clearInterval(timer)
    stderr.write("\r\u001b[K")
  }
}

/** Shows the text while the effect runs. */
export const during = <A, E, R>(text: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => start(text)),
    () => effect,
    (stop) => Effect.sync(stop)
  )
