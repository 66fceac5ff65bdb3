/**
 * What happens at the gateway, as it happens: one event stream for all tabs of a browser.
 *
 * ```
 * a tab has the lock "understudy.live" ─▶ EventSource ─▶ its own listeners, and a BroadcastChannel ─▶ those of the other tabs
 *          it is closed ─▶ the lock goes to another tab, which opens its own
 * ```
 *
 * **Gotchas**
 *
 * - Over HTTP/1.1 a browser has six connections for all tabs: with a stream a tab, the sixth tab would hang.
 * - Web Locks are there on secure origins only, of which the loopback is one; elsewhere each tab has its own stream.
 */
import type { Answer } from "../api/Api.ts"

/** Something that happened to a key, a target or the configuration. */
export type Happening = Answer<"GET", "/happenings">[number]

/** How it stands with the stream. */
export interface Connection {
  readonly state: "connecting" | "live" | "lost"
  /** Since when, in Unix milliseconds. */
  readonly since: number
  /** How often it was opened again since it was lost. */
  readonly tries: number
}

type News =
  | { readonly kind: "happening"; readonly happening: Happening }
  | { readonly kind: "connection"; readonly connection: Connection }

type Message = News | { readonly kind: "ask" }

const name = "understudy.live"

/** Milliseconds before the stream is opened again: doubled each time, up to the second. */
const waits = { first: 500, last: 4_000 } as const

/** Opens the stream for as long as the signal is not aborted, and tells what comes. */
const follow = (tell: (news: News) => void, signal: AbortSignal): void => {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let connection: Connection = { state: "connecting", since: Date.now(), tries: 0 }
  const become = (next: Connection): void => {
    connection = next
    tell({ kind: "connection", connection })
  }
  const open = (): void => {
    source = new EventSource("/api/v1/events")
    source.onopen = () => become({ state: "live", since: Date.now(), tries: 0 })
    source.onmessage = ({ data }) => tell({ kind: "happening", happening: JSON.parse(String(data)) as Happening })
    source.onerror = () => {
      source?.close()
      const { since, state, tries } = connection
      become({ state: "lost", since: state === "lost" ? since : Date.now(), tries: tries + 1 })
      timer = setTimeout(open, Math.min(waits.last, waits.first * 2 ** tries))
    }
  }
  signal.addEventListener("abort", () => {
    clearTimeout(timer)
    source?.close()
  })
  open()
}

/** One tab's view of the stream. */
export class Live {
  #connection: Connection = { state: "connecting", since: Date.now(), tries: 0 }
  readonly #happened = new Set<(happening: Happening) => void>()
  readonly #changed = new Set<() => void>()

  /** How it stands. */
  readonly connection = (): Connection => this.#connection

  /** Hears of changes of `connection`, until the returned function is called. */
  readonly onChange = (listener: () => void): (() => void) => {
    this.#changed.add(listener)
    return () => void this.#changed.delete(listener)
  }

  /** Hears what happens, until the returned function is called. */
  readonly onHappening = (listener: (happening: Happening) => void): (() => void) => {
    this.#happened.add(listener)
    return () => void this.#happened.delete(listener)
  }

  /** Takes part, until the returned function is called. */
  start(): () => void {
    const left = new AbortController()
    const channel = new BroadcastChannel(name)
    let leads = false
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind !== "ask") this.#hear(data)
      else if (leads) channel.postMessage({ kind: "connection", connection: this.#connection } satisfies Message)
    }
    const lead = (): void => {
      leads = true
      follow((message) => {
        if (left.signal.aborted) return
        this.#hear(message)
        channel.postMessage(message)
      }, left.signal)
    }
    channel.postMessage({ kind: "ask" } satisfies Message)
    if (navigator.locks === undefined) lead()
    else {
      const untilLeft = new Promise<void>((resolve) => left.signal.addEventListener("abort", () => resolve()))
      const held = navigator.locks.request(name, { signal: left.signal }, () => {
        lead()
        return untilLeft
      })
      // Whoever leaves while waiting for the lock is told so as an error.
      held.catch(() => {})
    }
    return () => {
      left.abort()
      channel.close()
    }
  }

  #hear(message: News): void {
    if (message.kind === "happening") {
      for (const listener of this.#happened) listener(message.happening)
      return
    }
    this.#connection = message.connection
    for (const listener of this.#changed) listener()
  }
}
