/**
 * The circuits of one provider's models: asks one before a call, tells it afterwards. First the states of one and the pure
 * transitions between them, then the circuits that go through them.
 *
 * ```
 *          faults in a row, or their share of a window
 * Closed ──────────────────────────────────────────────▶ Open ──its time is up──▶ HalfOpen
 *   ▲                                                      ▲                        │  one live call probes
 *   └───────────────────── it succeeds ────────────────────┼────────────────────────┤
 *                                                          └───────── it fails ─────┘
 * ```
 *
 * Silence counts more than an error: a deadline that passes before the first content opens the circuit at once, because
 * every further caller would wait it out as well.
 *
 * A fault that cost its caller time doubles the time until the next look; one that came at once leaves it as it is, so that
 * a target which refuses quickly is in use again soon after it is well. A stated wait counts up to `openCap`.
 *
 * The number of openings survives a close, and is forgotten once the circuit has stayed closed as long as it was last open.
 * Times are Unix milliseconds of the injected clock.
 *
 * A permit remembers the generation of its circuit; the outcome of a call that was admitted before the circuit last changed
 * is ignored. In HalfOpen there is one permit at a time; whoever holds it must give it back, with `Ignored` if the call was
 * given up.
 */
import type { Listener } from "../../telemetry/Event.ts"
import type { CircuitPolicy } from "./CircuitPolicy.ts"

/** The state of a circuit. */
export type Circuit =
  | ({
      readonly _tag: "Closed"
      readonly consecutive: number
      readonly windowStart: number
      readonly calls: number
      readonly faults: number
      /** When it closed after having been open; 0 when it never was. */
      readonly closedAt: number
    } & Openings)
  | ({ readonly _tag: "Open"; readonly until: number } & Openings)
  | ({ readonly _tag: "HalfOpen" } & Openings)

interface Openings {
  /** How often it opened in a row. */
  readonly openings: number
  /** How often it opened in a row by a fault that cost a caller time: each doubles the next time that such a one opens it. */
  readonly doublings: number
  /** How long it was last open, in milliseconds. */
  readonly lastOpen: number
}

/** How a call that went through ended, as far as the target is concerned. */
export type CallOutcome = { readonly _tag: "Success" } | { readonly _tag: "Ignored" } | Fault

interface Fault {
  readonly _tag: "Fault"
  /** Nothing came within a deadline: opens the circuit at once. */
  readonly silent: boolean
  /** It cost its caller time: worth keeping others from for longer and longer. */
  readonly costly: boolean
  /** The vendor's stated wait, in milliseconds. */
  readonly retryAfter: number | undefined
}

type Closed = Extract<Circuit, { _tag: "Closed" }>

/** A circuit that has seen nothing. */
export const closed: Closed = {
  _tag: "Closed",
  consecutive: 0,
  windowStart: 0,
  calls: 0,
  faults: 0,
  closedAt: 0,
  openings: 0,
  doublings: 0,
  lastOpen: 0
}

const open = (before: Openings, { costly, retryAfter }: Fault, now: number, policy: CircuitPolicy): Circuit => {
  // What fails within milliseconds costs next to nothing to look at again.
  const own = policy.openDuration * 2 ** (costly ? Math.min(before.doublings, 30) : 0)
  const lastOpen = Math.min(policy.openCap, Math.max(own, retryAfter ?? 0))
  const doublings = before.doublings + (costly ? 1 : 0)
  return { _tag: "Open", until: now + lastOpen, openings: before.openings + 1, doublings, lastOpen }
}

const rolled = (state: Closed, now: number, policy: CircuitPolicy): Closed => {
  const forgiven = state.openings > 0 && now - state.closedAt >= state.lastOpen
  const base = forgiven ? { ...state, openings: 0, doublings: 0 } : state
  return now - state.windowStart >= policy.window ? { ...base, windowStart: now, calls: 0, faults: 0 } : base
}

const afterFault = (state: Closed, fault: Fault, now: number, policy: CircuitPolicy): Circuit => {
  const next = { ...state, consecutive: state.consecutive + 1, calls: state.calls + 1, faults: state.faults + 1 }
  const byRate = next.calls >= policy.minimumCalls && next.faults / next.calls >= policy.failureRate
  const trips = fault.silent || byRate || next.consecutive >= policy.consecutiveFailures
  return trips ? open(next, fault, now, policy) : next
}

/** The state after a call. In HalfOpen the call was the probe. */
export const after = (state: Circuit, outcome: CallOutcome, now: number, policy: CircuitPolicy): Circuit => {
  if (outcome._tag === "Ignored") return state
  if (state._tag !== "Closed") {
    // While it is open only a last resort gets through: its fault is no news, its success is.
    if (outcome._tag === "Fault") return state._tag === "Open" ? state : open(state, outcome, now, policy)
    const { doublings, lastOpen, openings } = state
    return { ...closed, windowStart: now, closedAt: now, openings, doublings, lastOpen }
  }
  const isSettled = state.openings === 0 && now - state.windowStart < policy.window
  const current = isSettled ? state : rolled(state, now, policy)
  if (outcome._tag === "Fault") return afterFault(current, outcome, now, policy)
  // The ordinary case allocates nothing but this: a healthy target's success.
  return { ...current, consecutive: 0, calls: current.calls + 1 }
}

/** The share of calls, between 0 and 1, that a circuit lets through: it grows after a close. */
export const shareOf = (state: Circuit, now: number, policy: CircuitPolicy): number => {
  if (state._tag !== "Closed" || state.openings === 0) return 1
  // Never none: the first calls after a close are what proves it.
  return Math.min(1, Math.max(0.1, (now - state.closedAt) / policy.slowStart))
}

/** Leave to make one call. */
export interface Permit {
  readonly model: string
  readonly generation: number
  /** True for the one call that probes a half-open circuit. */
  readonly probe: boolean
}

/** What became of a model's circuit, for those who share its state. */
export interface CircuitChange {
  readonly _tag: "Circuit"
  readonly model: string
  readonly state: Circuit
  /** A call probes it. */
  readonly isProbed: boolean
}

interface Entry {
  state: Circuit
  generation: number
  /** Until when the probe under way keeps others out; undefined when there is none. */
  probingUntil: number | undefined
}

/** Circuits in memory. */
export class Circuits {
  readonly #entries: Map<string, Entry>
  readonly #provider: string
  readonly #policy: CircuitPolicy
  readonly #listener: Listener
  readonly #onChanged: (change: CircuitChange) => void

  /**
   * Makes the circuits; with `previous` ones they go on where those stand. `onChanged` is told what they find out by themselves,
   * and not what they have heard.
   */
  constructor(
    provider: string,
    policy: CircuitPolicy,
    listener: Listener,
    previous?: Circuits,
    onChanged: (change: CircuitChange) => void = () => {}
  ) {
    this.#entries = previous === undefined ? new Map() : previous.#entries
    this.#provider = provider
    this.#policy = policy
    this.#listener = listener
    this.#onChanged = onChanged
  }

  /** Leave to call the model; undefined when its circuit is open, or another call probes it. */
  admit(model: string, now: number): Permit | undefined {
    const entry = this.#entries.get(model) ?? this.#add(model)
    if (entry.state._tag === "Open") {
      if (now < entry.state.until) return undefined
      const { doublings, lastOpen, openings } = entry.state
      this.#change(model, entry, { _tag: "HalfOpen", openings, doublings, lastOpen })
    }
    if (entry.state._tag === "Closed") return { model, generation: entry.generation, probe: false }
    if (this.#isProbing(entry, now)) return undefined
    // A probe that was lost with its caller does not keep the others out for ever.
    entry.probingUntil = now + this.#policy.openCap
    this.#tell(model, entry)
    return { model, generation: entry.generation, probe: true }
  }

  /** True while the model's circuit lets everybody through: it has never opened, or not for long. */
  isWell(model: string): boolean {
    const state = this.#entries.get(model)?.state
    return state === undefined || (state._tag === "Closed" && state.openings === 0)
  }

  /** Leave to call the model whatever its circuit says: for a call that has nowhere else to go. */
  force(model: string): Permit {
    return { model, generation: (this.#entries.get(model) ?? this.#add(model)).generation, probe: false }
  }

  /** True when a call would be admitted now. */
  wouldAdmit(model: string, now: number): boolean {
    const entry = this.#entries.get(model)
    if (entry === undefined || entry.state._tag === "Closed") return true
    return entry.state._tag === "Open" ? now >= entry.state.until : !this.#isProbing(entry, now)
  }

  /** True while nobody is let through; a circuit that is being proved is not open. */
  isOpen(model: string, now: number): boolean {
    const state = this.#entries.get(model)?.state
    return state?._tag === "Open" && now < state.until
  }

  /** Tells how a call ended; the answer is the permit that is in force afterwards. */
  record(permit: Permit, outcome: CallOutcome, now: number): Permit {
    const { model } = permit
    const entry = this.#entries.get(model) ?? this.#add(model)
    if (permit.generation !== entry.generation) return permit
    if (permit.probe) entry.probingUntil = undefined
    const next = after(entry.state, outcome, now, this.#policy)
    const isNews = permit.probe || next._tag !== entry.state._tag
    if (next._tag === entry.state._tag) entry.state = next
    else this.#change(model, entry, next)
    if (isNews) this.#tell(model, entry)
    return { model, generation: entry.generation, probe: false }
  }

  /** Another replica has found out something. Its probe is waited for as long as a circuit is open at first. */
  heard({ isProbed, model, state }: CircuitChange, now: number): void {
    const entry = this.#entries.get(model) ?? this.#add(model)
    if (entry.state._tag === state._tag) entry.state = state
    else this.#change(model, entry, state)
    entry.probingUntil = isProbed ? now + this.#policy.openDuration : undefined
  }

  /** The share of calls that the circuit lets through: it grows after a close. */
  share(model: string, now: number): number {
    const entry = this.#entries.get(model)
    return entry === undefined ? 1 : shareOf(entry.state, now, this.#policy)
  }

  /** The state of a model's circuit. */
  stateOf(model: string): Circuit {
    return this.#entries.get(model)?.state ?? closed
  }

  #isProbing(entry: Entry, now: number): boolean {
    return entry.probingUntil !== undefined && now < entry.probingUntil
  }

  #tell(model: string, entry: Entry): void {
    this.#onChanged({ _tag: "Circuit", model, state: entry.state, isProbed: entry.probingUntil !== undefined })
  }

  #add(model: string): Entry {
    const entry: Entry = { state: closed, generation: 0, probingUntil: undefined }
    this.#entries.set(model, entry)
    return entry
  }

  #change(model: string, entry: Entry, state: Circuit): void {
    const from = entry.state._tag
    entry.state = state
    entry.generation++
    entry.probingUntil = undefined
    const openFor = state._tag === "Open" ? state.lastOpen : undefined
    this.#listener.emit({ _tag: "CircuitChanged", provider: this.#provider, model, from, to: state._tag, openFor })
  }
}
