/**
 * The circuits of one provider's models: asks one before a call, tells it afterwards.
 *
 * A permit remembers the generation of its circuit; the outcome of a call that was admitted before the circuit last changed
 * is ignored. In HalfOpen there is one permit at a time; whoever holds it must give it back, with `Ignored` if the call was
 * given up.
 *
 * @see Circuit for the transitions
 */

import type { Listener } from "../../telemetry/Event.ts"
import * as Circuit from "./Circuit.ts"
import type { CircuitPolicy } from "./CircuitPolicy.ts"

/** Leave to make one call. */
export interface Permit {
  readonly model: string
  readonly generation: number
  /** True for the one call that probes a half-open circuit. */
  readonly probe: boolean
}

interface Entry {
  state: Circuit.Circuit
  generation: number
  /** When the probe under way began; undefined when there is none. */
  probingSince: number | undefined
}

/** Circuits in memory. */
export class Circuits {
  readonly #entries: Map<string, Entry>
  readonly #provider: string
  readonly #policy: CircuitPolicy
  readonly #listener: Listener

  /** Makes the circuits; with `previous` ones they go on where those stand. */
  constructor(provider: string, policy: CircuitPolicy, listener: Listener, previous?: Circuits) {
    this.#entries = previous === undefined ? new Map() : previous.#entries
    this.#provider = provider
    this.#policy = policy
    this.#listener = listener
  }

  /** Leave to call the model; undefined when its circuit is open, or another call probes it. */
  admit(model: string, now: number): Permit | undefined {
    const entry = this.#entry(model)
    if (entry.state._tag === "Open") {
      if (now < entry.state.until) return undefined
      const { doublings, lastOpen, openings } = entry.state
      this.#change(model, entry, { _tag: "HalfOpen", openings, doublings, lastOpen })
    }
    if (entry.state._tag === "Closed") return { model, generation: entry.generation, probe: false }
    if (this.#isProbing(entry, now)) return undefined
    entry.probingSince = now
    return { model, generation: entry.generation, probe: true }
  }

  /** Leave to call the model whatever its circuit says: for a call that has nowhere else to go. */
  force(model: string): Permit {
    return { model, generation: this.#entry(model).generation, probe: false }
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
  record(permit: Permit, outcome: Circuit.CallOutcome, now: number): Permit {
    const { model } = permit
    const entry = this.#entry(model)
    if (permit.generation !== entry.generation) return permit
    if (permit.probe) entry.probingSince = undefined
    const next = Circuit.record(entry.state, outcome, now, this.#policy)
    if (next._tag === entry.state._tag) entry.state = next
    else this.#change(model, entry, next)
    return { model, generation: entry.generation, probe: false }
  }

  /** The share of calls that the circuit lets through: it grows after a close. */
  share(model: string, now: number): number {
    const entry = this.#entries.get(model)
    return entry === undefined ? 1 : Circuit.share(entry.state, now, this.#policy)
  }

  /** The state of a model's circuit. */
  stateOf(model: string): Circuit.Circuit {
    return this.#entries.get(model)?.state ?? Circuit.closed
  }

  /** A probe that was lost with its caller does not keep the others out for ever. */
  #isProbing(entry: Entry, now: number): boolean {
    return entry.probingSince !== undefined && now - entry.probingSince < this.#policy.openCap
  }

  #entry(model: string): Entry {
    let entry = this.#entries.get(model)
    if (entry === undefined) {
      entry = { state: Circuit.closed, generation: 0, probingSince: undefined }
      this.#entries.set(model, entry)
    }
    return entry
  }

  #change(model: string, entry: Entry, state: Circuit.Circuit): void {
    const from = entry.state._tag
    entry.state = state
    entry.generation++
    entry.probingSince = undefined
    const openFor = state._tag === "Open" ? state.lastOpen : undefined
    this.#listener.emit({ _tag: "CircuitChanged", provider: this.#provider, model, from, to: state._tag, openFor })
  }
}
