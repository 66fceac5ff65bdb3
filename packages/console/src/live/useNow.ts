/** One clock for everything that shows how long ago, or how soon: it ticks each second, and only while somebody looks. */
import { useSyncExternalStore } from "react"

const listeners = new Set<() => void>()
let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

const tick = (): void => {
  if (document.hidden) return
  now = Date.now()
  for (const listener of listeners) listener()
}

const watch = (listener: () => void): (() => void) => {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(tick, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time in Unix milliseconds, new each second. */
export const useNow = (): number => useSyncExternalStore(watch, () => now)
