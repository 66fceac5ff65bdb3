/**
 * What the core tells about itself, as one typed stream of events. Logs and metrics are derived from it at the faces, so
 * that nothing is told twice. An event never holds a key's value, only its id and name.
 */
import * as Context from "effect/Context"
import type { ReasonTag } from "../failure/Reason.ts"

/** Something that happened in the core. */
export type Event =
  | {
      readonly _tag: "KeyRemoved"
      readonly provider: string
      readonly key: string
      readonly reason: ReasonTag
      readonly nextProbeIn: number
    }
  | {
      readonly _tag: "KeyCooling"
      readonly provider: string
      readonly key: string
      readonly model: string
      readonly millis: number
    }
  | { readonly _tag: "KeyRestored"; readonly provider: string; readonly key: string }
  | {
      readonly _tag: "KeyProbed"
      readonly provider: string
      readonly key: string
      readonly ok: boolean
      readonly nextProbeIn: number | undefined
    }
  | {
      readonly _tag: "CircuitChanged"
      readonly provider: string
      readonly model: string
      readonly from: CircuitTag
      readonly to: CircuitTag
      /** Milliseconds that it stays open. */
      readonly openFor: number | undefined
    }

/** The names of a circuit's states. */
export type CircuitTag = "Closed" | "Open" | "HalfOpen"

/** Takes events; must not throw and must not block. */
export interface Listener {
  readonly emit: (event: Event) => void
}

/** The listener in force. By default events are dropped. */
export const Listener: Context.Reference<Listener> = Context.Reference<Listener>("understudy/core/Listener", {
  defaultValue: () => ({ emit: () => {} })
})
