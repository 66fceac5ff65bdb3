/**
 * What the core tells about itself, as one typed stream of events. Logs and metrics are derived from it at the faces, so
 * that nothing is told twice. An event never holds a key's value, only its id and name.
 */
import * as Context from "effect/Context"
import type { AnySpan, Tracer } from "effect/Tracer"
import type { FailoverReason } from "../failure/FailoverError.ts"
import type { ReasonTag } from "../failure/Reason.ts"
import type { AttemptRecord, Ok } from "../failure/Trail.ts"
import type { Parameters } from "../internal/telemetry/Parameters.ts"
import type { Cost } from "../wire/PriceTable.ts"

/** What was called for, in the words of OpenTelemetry's GenAI conventions. */
export type Operation = "chat" | "text_completion" | "embeddings"

/** What an answer says of itself beside its content. */
export interface ResponseInfo {
  readonly id: string | undefined
  /** The model as the vendor names it. */
  readonly model: string | undefined
  /** One of each choice that was finished. */
  readonly finishReasons: ReadonlyArray<string>
}

/** How a call ended: answered, by the tag of its error's reason, left by its caller, or by a defect. */
export type CallEnding = "ok" | FailoverReason["_tag"] | "Cancelled" | "Defect"

/** Something that happened to a call. `call` numbers the calls of one engine. */
export type CallEvent =
  | {
      readonly _tag: "CallStarted"
      readonly call: number
      readonly operation: Operation
      readonly route: string
      readonly model: string
      readonly streamed: boolean
      /** The request's settings, never its messages. */
      readonly parameters: Parameters
      /** The caller's span, which the call's belongs under. */
      readonly parent: AnySpan | undefined
    }
  | {
      readonly _tag: "AttemptStarted"
      readonly call: number
      readonly provider: string
      readonly model: string
      readonly key: string | undefined
      /** Scheme, host and port. */
      readonly server: string
    }
  /** An attempt is over, or a target was passed over (`Skipped`, which has no start). */
  | {
      readonly _tag: "AttemptEnded"
      readonly call: number
      readonly attempt: AttemptRecord
      /** As far as the answer had come; undefined without any. */
      readonly response: ResponseInfo | undefined
    }
  | {
      readonly _tag: "CallEnded"
      readonly call: number
      readonly operation: Operation
      readonly route: string
      readonly model: string
      readonly streamed: boolean
      readonly outcome: CallEnding
      readonly millis: number
      /** Milliseconds to the first content; undefined when there was none. */
      readonly firstContent: number | undefined
      /** The attempt that answered. */
      readonly answer: Ok | undefined
      /** What all attempts cost, as far as every one's cost is known. */
      readonly cost: Cost | undefined
    }

/** Something that happened to a key. */
export type KeyEvent = { readonly provider: string; readonly key: string } & (
  | {
      readonly _tag: "KeyRemoved"
      readonly reason: ReasonTag
      readonly nextProbeIn: number
    }
  | {
      readonly _tag: "KeyCooling"
      readonly model: string
      readonly millis: number
    }
  | { readonly _tag: "KeyRestored" }
  | {
      readonly _tag: "KeyProbed"
      readonly ok: boolean
      readonly nextProbeIn: number | undefined
    }
)

/** Something that happened to a target's circuit. */
export interface CircuitEvent {
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

/** Something that happened in the core. */
export type Event = CallEvent | KeyEvent | CircuitEvent

/** Takes events; must not throw and must not block. */
export interface Listener {
  readonly emit: (event: Event) => void
  /** False spares the engine the events of single calls, of which there are many. Default true. */
  readonly wantsCalls?: boolean
  /** Takes the spans of calls whose own fiber has no tracer. */
  readonly tracer?: Tracer | undefined
}

/** Drops every event. */
export const silent: Listener = { emit: () => {}, wantsCalls: false }

/** Tells several listeners. */
export const all = (...listeners: ReadonlyArray<Listener>): Listener => ({
  emit: (event) => {
    for (const listener of listeners) listener.emit(event)
  },
  wantsCalls: listeners.some((listener) => listener.wantsCalls !== false),
  tracer: listeners.find(({ tracer }) => tracer !== undefined)?.tracer
})

/** True for an event of a single call. */
export const isCallEvent = (event: Event): event is CallEvent =>
  event._tag === "CallStarted" ||
  event._tag === "AttemptStarted" ||
  event._tag === "AttemptEnded" ||
  event._tag === "CallEnded"

/** The listener in force. By default events are dropped. */
export const Listener: Context.Reference<Listener> = Context.Reference<Listener>("understudy/core/Listener", {
  defaultValue: () => silent
})
