/**
 * What changes by itself: keys that move to another state and faults that come and go, noticed when requests arrive.
 */
import * as Fault from "../../Fault.ts"

/** One change. */
export interface Change {
  /** When it came about; it may have been noticed later. */
  readonly at: number
  readonly what: "key" | "fault"
  /** The key's name; the fault's name or id. */
  readonly name: string
  /** A key's state; of a fault `on` or `off`. */
  readonly from: string
  readonly to: string
}

/** Is told of changes. */
export type Listener = (change: Change) => void

/** Who listens. */
export type Listeners = ReadonlySet<Listener>

/** Tells all who listen. */
export const tell = (listeners: Listeners, change: Change): void => {
  for (const listener of listeners) listener(change)
}

const word = (on: boolean): string => (on ? "on" : "off")

/** Notices the faults that came or went. */
export const notice = (faults: ReadonlyArray<Fault.Fault>, listeners: Listeners, now: number): void => {
  if (listeners.size === 0) return
  for (const fault of faults) {
    const on = Fault.isOn(fault, now)
    if (on === fault.on) continue
    fault.on = on
    const name = fault.spec.name ?? fault.id
    tell(listeners, { at: Fault.since(fault, now), what: "fault", name, from: word(!on), to: word(on) })
  }
}
