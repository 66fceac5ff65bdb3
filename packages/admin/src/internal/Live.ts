/**
 * What the core has done of late, from its own events: totals, percentiles and edges by second and by minute, and the last
 * thousand things that happened to keys, targets and the configuration.
 *
 * It costs a call a few additions; nothing of it grows with time or traffic.
 */
import {
  type CallEvent,
  type CircuitEvent,
  type Event,
  isCallEvent,
  type KeyEvent,
  type Listener
} from "@understudy/core/telemetry/Event"
import { TokenCounts } from "@understudy/core/wire/Wire"
import type * as Operations from "../api/Operations.ts"
import { Histogram } from "./Histogram.ts"

/** What happened within one second or one minute. */
class Slot {
  calls = 0
  ok = 0
  fellBack = 0
  keySwitches = 0
  inputTokens = 0
  outputTokens = 0
  readonly cost = new Map<string, number>()
  readonly latency = new Histogram()
  readonly firstContent = new Histogram()
  readonly edges = new Map<string, { calls: number; failed: number }>()

  /** Its number since the epoch. */
  readonly number: number

  constructor(number: number) {
    this.number = number
  }

  merge(other: Slot): void {
    this.calls += other.calls
    this.ok += other.ok
    this.fellBack += other.fellBack
    this.keySwitches += other.keySwitches
    this.inputTokens += other.inputTokens
    this.outputTokens += other.outputTokens
    for (const [currency, amount] of other.cost) this.cost.set(currency, (this.cost.get(currency) ?? 0) + amount)
    this.latency.merge(other.latency)
    this.firstContent.merge(other.firstContent)
    for (const [edge, { calls, failed }] of other.edges) this.edge(edge, calls, failed)
  }

  edge(edge: string, calls: number, failed: number): void {
    const known = this.edges.get(edge)
    if (known !== undefined) {
      known.calls += calls
      known.failed += failed
    } else if (this.edges.size < mostEdges) this.edges.set(edge, { calls, failed })
  }
}

/** Edges that one slot tells apart; a model's name is a caller's to choose. */
const mostEdges = 500

/** Slots of one length, as many as a window has. */
class Ring {
  readonly length: number
  readonly #slots: Array<Slot | undefined>

  constructor(length: number, size: number) {
    this.length = length
    this.#slots = new Array<Slot | undefined>(size).fill(undefined)
  }

  at(now: number): Slot {
    const number = Math.floor(now / this.length)
    const index = number % this.#slots.length
    const slot = this.#slots[index]
    if (slot?.number === number) return slot
    const fresh = new Slot(number)
    this.#slots[index] = fresh
    return fresh
  }

  /** The slots of a window that ends now, the oldest first. */
  within(window: number, now: number): ReadonlyArray<Slot> {
    const last = Math.floor(now / this.length)
    const first = last - Math.ceil(window / this.length) + 1
    const isWithin = (slot: Slot | undefined): slot is Slot =>
      slot !== undefined && slot.number >= first && slot.number <= last
    return this.#slots.filter(isWithin).toSorted((a, b) => a.number - b.number)
  }
}

const minute = 60_000

const percentiles = (of: Histogram): typeof Operations.Percentiles.Type => ({
  p50: of.percentile(0.5),
  p95: of.percentile(0.95),
  p99: of.percentile(0.99)
})

/** The windows, in milliseconds. */
export const windows: Readonly<Record<typeof Operations.Window.Type, number>> = {
  "5m": 5 * minute,
  "1h": 60 * minute,
  "24h": 1_440 * minute
}

type Happening = typeof Operations.Happening.Type
type Told = Omit<Happening, "id" | "at">
type Of<Tag extends CallEvent["_tag"]> = Extract<CallEvent, { readonly _tag: Tag }>

const kept = 1_000

const blank = { provider: null, key: null, model: null, reason: null, detail: null }

/** What is told of a key's or a circuit's change; undefined for what is no news. */
const toTold = (event: KeyEvent | CircuitEvent): Told | undefined => {
  const { provider } = event
  switch (event._tag) {
    case "KeyRemoved":
      return { ...blank, kind: "key-removed", provider, key: event.key, reason: event.reason }
    case "KeyCooling":
      return { ...blank, kind: "key-cooling", provider, key: event.key, model: event.model }
    case "KeyRestored":
      return { ...blank, kind: "key-restored", provider, key: event.key }
    case "KeyProbed":
      return event.ok ? undefined : { ...blank, kind: "key-probed", provider, key: event.key }
    case "CircuitChanged":
      return { ...blank, kind: `circuit-${event.to.toLowerCase()}`, provider, model: event.model }
  }
}

/** Live statistics and happenings; a listener of the core. */
export class Live implements Listener {
  readonly #now: () => number
  readonly #rings = [new Ring(1_000, 300), new Ring(minute, 1_440)] as const
  readonly #happenings: Array<Happening> = []
  readonly #watchers = new Set<(happening: Happening) => void>()
  /** The calls under way, by number. */
  readonly #calls = new Map<number, { readonly route: string; fellBack: boolean }>()
  #ids = 0

  readonly wantsCalls: boolean

  /** `now` is Unix time in milliseconds. */
  constructor(now: () => number, wantsCalls: boolean) {
    this.#now = now
    this.wantsCalls = wantsCalls
  }

  readonly emit = (event: Event): void => {
    if (isCallEvent(event)) return this.#onCall(event)
    const told = toTold(event)
    if (told !== undefined) this.tell(told)
  }

  /** Something else happened. */
  tell(told: Told): void {
    const happening = { ...told, id: ++this.#ids, at: this.#now() }
    this.#happenings.push(happening)
    if (this.#happenings.length > kept) this.#happenings.shift()
    for (const watch of this.#watchers) watch(happening)
  }

  /** A request was answered, or not, that came from a consumer and went by a route. */
  readonly answered = (consumer: string | undefined, route: string, failed: boolean): void => {
    for (const slot of this.#slots()) slot.edge(`consumer:${consumer ?? ""}\nroute:${route}`, 1, failed ? 1 : 0)
  }

  /** What happened of late, the latest first. */
  happenings(): ReadonlyArray<Happening> {
    return this.#happenings.toReversed()
  }

  /** Hears of everything that happens from now on, until the returned function is called. */
  watch(watcher: (happening: Happening) => void): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** What happened within a window that ends now. */
  statistics(name: typeof Operations.Window.Type): typeof Operations.Statistics.Type {
    const window = windows[name]
    const ring = name === "5m" ? this.#rings[0] : this.#rings[1]
    const slots = ring.within(window, this.#now())
    const sum = new Slot(0)
    for (const slot of slots) sum.merge(slot)
    const { calls, fellBack, inputTokens, keySwitches, ok, outputTokens } = sum
    return {
      window,
      totals: {
        calls,
        ok,
        fellBack,
        keySwitches,
        inputTokens,
        outputTokens,
        cost: Object.fromEntries(sum.cost),
        latency: percentiles(sum.latency),
        firstContent: percentiles(sum.firstContent)
      },
      points: slots.map((slot) => ({
        at: slot.number * ring.length,
        calls: slot.calls,
        ok: slot.ok,
        fellBack: slot.fellBack,
        inputTokens: slot.inputTokens,
        outputTokens: slot.outputTokens,
        firstContent: percentiles(slot.firstContent)
      })),
      edges: [...sum.edges].map(([edge, counts]) => {
        const [from = "", to = ""] = edge.split("\n")
        return { from, to, ...counts }
      })
    }
  }

  #onCall(event: CallEvent): void {
    switch (event._tag) {
      case "CallStarted":
        return void this.#calls.set(event.call, { route: event.route, fellBack: false })
      case "AttemptStarted":
        return undefined
      case "AttemptEnded":
        return this.#onAttempt(event)
      case "CallEnded":
        return this.#onCallEnded(event)
    }
  }

  #onAttempt({ attempt, call }: Of<"AttemptEnded">): void {
    const known = this.#calls.get(call)
    if (known !== undefined && attempt.next._tag === "NextTarget") known.fellBack = true
    const { input = 0, output = 0 } = TokenCounts.of(attempt.usage)
    const failed = attempt._tag === "Failed" ? 1 : 0
    const target = `target:${attempt.provider}/${attempt.model}`
    for (const slot of this.#slots()) {
      slot.inputTokens += input
      slot.outputTokens += output
      if (attempt.next._tag === "AnotherKey") slot.keySwitches++
      if (attempt.cost !== undefined) {
        const { amount, currency } = attempt.cost
        slot.cost.set(currency, (slot.cost.get(currency) ?? 0) + amount)
      }
      if (attempt._tag === "Skipped") continue
      slot.edge(`route:${known?.route ?? ""}\n${target}`, 1, failed)
      if (attempt.key !== undefined) slot.edge(`${target}\nkey:${attempt.provider}/${attempt.key}`, 1, failed)
    }
  }

  #onCallEnded({ call, firstContent, millis, outcome, streamed }: Of<"CallEnded">): void {
    const fellBack = this.#calls.get(call)?.fellBack === true
    this.#calls.delete(call)
    for (const slot of this.#slots()) {
      slot.calls++
      if (outcome === "ok") {
        slot.ok++
        if (fellBack) slot.fellBack++
      }
      slot.latency.add(millis)
      if (streamed && firstContent !== undefined) slot.firstContent.add(firstContent)
    }
  }

  #slots(): ReadonlyArray<Slot> {
    const now = this.#now()
    return this.#rings.map((ring) => ring.at(now))
  }
}
