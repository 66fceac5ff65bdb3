/**
 * The vendors of a run: the mocks, furnished by a scenario, with its phases and what is known of their states over time.
 *
 * A `World` wraps the mocks' `Vendors`, so that every adapter (transport, network, server) can carry it. States are looked at
 * when a window begins or ends and when a request arrives: each change is a `Transition`, and after each change the paths
 * that are certain to answer are written down.
 */

import * as Duration from "@understudy/core/config/Duration"
import type { Clock } from "@understudy/mocks/Clock"
import type { FaultSpec } from "@understudy/mocks/Fault"
import type { Entry } from "@understudy/mocks/Journal"
import type { KeySpec } from "@understudy/mocks/Key"
import type { Recording } from "@understudy/mocks/Recording"
import * as Vendors from "@understudy/mocks/Vendors"
import type { Fault, Key, PathPlan, Phase, Scenario } from "../scenario/Scenario.ts"
import * as ReplyText from "./ReplyText.ts"
import type { Attempt, Health, Transition } from "./Run.ts"

/** What the mocks keep of their journal: a day at one call a second, and then some. */
const journalLimit = 1_000_000

/** A world that has begun. */
export interface World {
  readonly vendors: Vendors.Vendors
  readonly transitions: ReadonlyArray<Transition>
  /** By the model asked for. */
  readonly health: Readonly<Record<string, ReadonlyArray<Health>>>
  /** Milliseconds since the beginning. */
  readonly elapsed: () => number
  /** The name of the phase that the world is in; empty when the scenario has none. */
  readonly phase: () => string
  readonly attempts: () => ReadonlyArray<Attempt>
  /** Takes back what is still to come. */
  readonly stop: () => void
}

const millis = (text: string | undefined): number | undefined => (text === undefined ? undefined : Duration.parse(text))

const toKeySpec = ({ name, value: _, ...spec }: Key): KeySpec => ({ ...spec, name }) as KeySpec

const toFaultSpec = (fault: Fault): FaultSpec => fault as FaultSpec

/** Ways to an answer by the model asked for. */
export type Paths = Readonly<Record<string, ReadonlyArray<PathPlan>>>

/** Moments at which a fault's window or its flapping turns, from `after` on, relative to its beginning. */
const nextTurn = (fault: Fault, after: number): number | undefined => {
  const from = millis(fault.from) ?? 0
  const until = millis(fault.until) ?? from + (millis(fault.for) ?? Number.POSITIVE_INFINITY)
  const turns = [from, until]
  if (fault.flap !== undefined && after >= from) {
    const [every = 0, on = 0] = [millis(fault.flap.every), millis(fault.flap.on)]
    const round = Math.floor((after - from) / every) * every + from
    turns.push(round + on, round + every, round + every + on)
  }
  const later = turns.filter((turn) => turn > after && turn <= until && turn !== Number.POSITIVE_INFINITY)
  return later.length === 0 ? undefined : Math.min(...later)
}

/** Whether a fault's window, flapping included, is open so long after its beginning. */
const isOn = (fault: Fault, at: number): boolean => {
  const from = millis(fault.from) ?? 0
  const until = millis(fault.until) ?? from + (millis(fault.for) ?? Number.POSITIVE_INFINITY)
  if (at < from || at >= until) return false
  if (fault.flap === undefined) return true
  return (at - from) % (millis(fault.flap.every) ?? 1) < (millis(fault.flap.on) ?? 0)
}

/** What a world is made of. */
export interface Options {
  readonly scenario: Scenario
  /** The ways whose health is written down. */
  readonly paths: Paths
  readonly clock: Clock
  /** Answers to be played instead of the lab's own texts. */
  readonly recordings?: ReadonlyArray<Recording>
}

type Writable = { -readonly [Name in keyof Attempt]: Attempt[Name] }

/** A fault in force, since a moment of the run. */
interface Armed {
  readonly fault: Fault
  readonly since: number
  readonly remove: () => void
}

class Living implements World {
  readonly vendors: Vendors.Vendors
  readonly transitions: Array<Transition> = []
  readonly health: Record<string, Array<Health>> = {}
  readonly #scenario: Scenario
  readonly #paths: Paths
  readonly #clock: Clock
  /** Until everything stands no time has passed, however long it takes on a real clock. */
  #begun = Number.POSITIVE_INFINITY
  readonly #inner: Vendors.Vendors
  readonly #known = new Map<string, string>()
  readonly #timers = new Set<() => void>()
  /** Whether requests change a key's state; time is watched by timers. */
  readonly #counts: boolean
  #armed: Array<Armed> = []
  #phase = 0
  #inPhase = 0
  #since = 0

  constructor({ clock, paths, recordings = [], scenario }: Options) {
    this.#scenario = scenario
    this.#paths = paths
    this.#clock = clock
    this.#inner = Vendors.make({
      seed: scenario.seed,
      clock,
      journalLimit,
      chunkDelay: scenario.pace,
      recordings,
      keys: Object.fromEntries(scenario.keys.map((key) => [key.value, toKeySpec(key)])),
      replies: (request, vendor) => {
        const last = request.messages.at(-1)
        const going = last?.role === "assistant" ? ReplyText.rest(last.text) : undefined
        return going ?? ReplyText.make(this.#inner.journal.total + 1, vendor)
      }
    })
    this.vendors = { ...this.#inner, receive: (arrival) => this.#receive(arrival) }
    this.#counts = scenario.keys.some(
      ({ changes = [], restoredAfterRequests }) =>
        restoredAfterRequests !== undefined || changes.some(({ afterRequests }) => afterRequests !== undefined)
    )
    for (const key of scenario.keys) this.#watchKey(key)
    for (const fault of scenario.faults) this.#arm(fault)
    this.#enter(0)
    this.#look()
    this.#begun = clock.now()
  }

  readonly elapsed = (): number => Math.max(0, Math.round(this.#clock.now() - this.#begun))

  readonly phase = (): string => this.#scenario.phases[this.#phase]?.name ?? ""

  readonly attempts = (): ReadonlyArray<Attempt> => this.#inner.journal.entries.map((entry) => this.#toAttempt(entry))

  readonly stop = (): void => {
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  #receive(arrival: Parameters<Vendors.Vendors["receive"]>[0]): ReturnType<Vendors.Vendors["receive"]> {
    const until = this.#scenario.phases[this.#phase]?.until?.requests
    if (until !== undefined && this.#inPhase++ >= until) this.#enter(this.#phase + 1)
    const exchange = this.#inner.receive(arrival)
    if (this.#counts) this.#look()
    return exchange
  }

  #later(after: number, task: () => void): void {
    const cancel = this.#clock.after(after, () => {
      this.#timers.delete(cancel)
      task()
    })
    this.#timers.add(cancel)
  }

  /** Looks again whenever a key's next change is due. */
  #watchKey(key: Key): void {
    const changes = [{ after: key.restoredAfter }, ...(key.changes ?? [])]
    let sum = 0
    for (const { after } of changes) {
      sum += millis(after) ?? 0
      if (after !== undefined) this.#later(sum, () => this.#look())
    }
  }

  #arm(fault: Fault): Armed {
    const handle = this.#inner.addFault(toFaultSpec(fault))
    const armed: Armed = { fault, since: this.elapsed(), remove: () => handle.remove() }
    this.#armed.push(armed)
    this.#watchFault(armed)
    return armed
  }

  #watchFault(armed: Armed): void {
    const age = this.elapsed() - armed.since
    const turn = nextTurn(armed.fault, age)
    if (turn === undefined) return
    this.#later(turn - age, () => {
      this.#look()
      if (this.#armed.includes(armed)) this.#watchFault(armed)
    })
  }

  #enter(index: number): void {
    const phase: Phase | undefined = this.#scenario.phases[index]
    if (phase === undefined) return
    const leaving = this.#scenario.phases[index - 1]
    for (const armed of this.#armed.filter(({ fault }) => leaving?.faults.includes(fault))) {
      armed.remove()
      this.#tell("fault", armed.fault.name, "off")
    }
    this.#armed = this.#armed.filter(({ fault }) => !leaving?.faults.includes(fault))
    this.#phase = index
    this.#inPhase = 0
    this.#since = this.elapsed()
    this.#tell("phase", "", phase.name)
    for (const fault of phase.faults) this.#arm(fault)
    const { after } = phase.until ?? {}
    if (after === undefined) return
    this.#later(after, () => {
      if (this.#phase === index) this.#enter(index + 1)
      this.#look()
    })
  }

  #tell(what: Transition["what"], name: string, to: string): boolean {
    const place = `${what} ${name}`
    const from = this.#known.get(place) ?? ""
    if (from === to) return false
    this.#known.set(place, to)
    this.transitions.push({ at: this.elapsed(), what, name, from, to })
    return true
  }

  /** Writes down what has changed since the last look. */
  #look(): void {
    const now = this.elapsed()
    let changed = this.#since === now
    for (const { name, state } of this.#inner.keys()) changed = this.#tell("key", name, state) || changed
    for (const { fault, since } of this.#armed) {
      changed = this.#tell("fault", fault.name, isOn(fault, now - since) ? "on" : "off") || changed
    }
    if (changed || now === 0) for (const model of Object.keys(this.#paths)) this.#examine(model, now)
  }

  #examine(model: string, at: number): void {
    const certain = (this.#paths[model] ?? []).filter(({ vendor, model: asked, key }) =>
      [false, true].every((stream) => {
        const health = this.#inner.health({ vendor, model: asked, key, stream })
        return health.ok
      })
    )
    const paths = certain.map(({ vendor, model: asked, key }) => `${vendor}/${asked}#${key}`)
    const before = this.health[model]?.at(-1)?.paths
    if (before?.join() === paths.join()) return
    this.health[model] = [...(this.health[model] ?? []), { at, paths }]
  }

  #toAttempt(entry: Entry): Attempt {
    const since = (moment: number): number => Math.round(moment - this.#begun)
    const { call, endedAt, finish, firstByteAt, headersAt, maxTokens, retryAfter, totalTokens } = entry
    const attempt: Writable = {
      ordinal: entry.ordinal,
      at: since(entry.arrivedAt),
      vendor: entry.vendor,
      method: entry.method,
      path: entry.path,
      key: entry.keyName,
      account: entry.account,
      model: entry.model,
      stream: entry.stream,
      recipe: entry.recipe,
      status: entry.status,
      end: entry.end,
      chunks: entry.chunks
    }
    // Assigned one by one: of a day there are many, and spreading what there may be costs several times as much.
    if (call !== undefined) attempt.call = call
    if (entry.attempt !== undefined) attempt.attempt = entry.attempt
    if (headersAt !== undefined) attempt.headersAt = since(headersAt)
    if (firstByteAt !== undefined) attempt.firstByteAt = since(firstByteAt)
    if (endedAt !== undefined) attempt.endedAt = since(endedAt)
    if (retryAfter !== undefined) attempt.retryAfter = retryAfter
    if (maxTokens !== undefined) attempt.maxTokens = maxTokens
    if (finish !== undefined) attempt.finish = finish
    if (totalTokens !== undefined) attempt.tokens = totalTokens
    return attempt
  }
}

/** Begins a world. */
export const begin = (options: Options): World => new Living(options)
