/**
 * What changes: keys that move to another state and faults that come and go. What requests and hands change is told as they
 * do it; for what time changes the clock is watched while somebody listens.
 */
import type { Cancel, Clock } from "../../Clock.ts"
import * as Fault from "../../Fault.ts"
import * as Key from "../../Key.ts"
import * as Window from "./Window.ts"

/** One change. */
export interface Change {
  /** When it came about; it may have been noticed later. */
  readonly at: number
  readonly what: "key" | "fault"
  /** The key's name; the fault's name or id. */
  readonly name: string
  /** A key's state; of a fault `off`, `on`, or `used up` while its window goes on without it. */
  readonly from: string
  readonly to: string
}

/** Is told of changes. */
export type Listener = (change: Change) => void

/** What changes are looked for in. */
interface Watched {
  readonly clock: Clock
  readonly keys: ReadonlyMap<string, Key.KeyRecord>
  readonly faults: ReadonlyArray<Fault.Fault>
}

/** Who listens to the changes of a world, and the wait for the next. */
export class Changes {
  readonly #world: Watched
  readonly #listeners = new Set<Listener>()
  #due = Number.POSITIVE_INFINITY
  #cancel: Cancel = () => undefined

  constructor(world: Watched) {
    this.#world = world
  }

  /** Tells of every change from now on; the result ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    this.look()
    return () => {
      this.#listeners.delete(listener)
      this.#wait(this.#world.clock.now())
    }
  }

  /** Moves keys and faults to where they are by now, and tells every step. */
  look(): void {
    const { clock, faults, keys } = this.#world
    const now = clock.now()
    for (const record of keys.values()) {
      Key.watch(record, now, (move) => this.#tell({ what: "key", name: record.name, ...move }))
    }
    for (const fault of faults) this.#move(fault, Fault.stateAt(fault, now), now)
    this.#wait(now)
  }

  /** Tells of a key that another has taken the place of. */
  replaced(before: Key.KeyRecord, after: Key.KeyRecord): void {
    const at = this.#world.clock.now()
    const [from, to] = [Key.stateAt(before, at), Key.stateAt(after, at)]
    if (from !== to) this.#tell({ at, what: "key", name: after.name, from, to })
  }

  /** Tells of a fault that was removed. */
  removed(fault: Fault.Fault): void {
    const at = this.#world.clock.now()
    if (fault.state !== "off") this.#tell({ at, what: "fault", name: nameOf(fault), from: fault.state, to: "off" })
  }

  #move(fault: Fault.Fault, to: Fault.FaultState, now: number): void {
    const from = fault.state
    if (from === to) return
    fault.state = to
    const at = from === "on" && to === "used up" ? now : Window.since(fault.window, now)
    this.#tell({ at, what: "fault", name: nameOf(fault), from, to })
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change)
  }

  #wait(now: number): void {
    const due = this.#listeners.size === 0 ? Number.POSITIVE_INFINITY : this.#next(now)
    if (due === this.#due) return
    this.#cancel()
    this.#due = due
    if (due === Number.POSITIVE_INFINITY) return
    this.#cancel = this.#world.clock.after(due - now, () => {
      // The machine's timers may come a little early: then the same moment has to be waited for again.
      this.#due = Number.POSITIVE_INFINITY
      this.look()
    })
  }

  /** When time changes something next. */
  #next(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const record of this.#world.keys.values()) next = Math.min(next, Key.due(record))
    for (const { window } of this.#world.faults) next = Math.min(next, Window.next(window, now))
    return next
  }
}

const nameOf = ({ id, spec }: Fault.Fault): string => spec.name ?? id
