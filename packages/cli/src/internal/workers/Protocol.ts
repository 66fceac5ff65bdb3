/** What the first process of `serve --workers` and those that answer calls say to each other. Structured clones go over the wire. */
import type { Sharing } from "@understudy/core"
import type { Event } from "@understudy/core/telemetry/Event"
import type { Entry } from "@understudy/gateway/AccessLog"
import type { GatewayReason } from "@understudy/gateway/GatewayError"

/** What a worker is started with, as JSON in its environment. */
export interface Settings {
  readonly origin: string
  /** The configuration's file. */
  readonly config: string
  readonly host: string | undefined
  readonly port: number | undefined
  readonly grace: number
  /** Somebody wants a record of each request. */
  readonly records: boolean
  /** Somebody counts calls. */
  readonly events: boolean
}

/** The variable with a worker's settings. */
export const variable = "UNDERSTUDY_WORKER"

/** What a worker says. */
export type FromWorker =
  /** It listens to what the first process says. */
  | { readonly _tag: "Started" }
  | { readonly _tag: "Listening"; readonly url: string; readonly host: string; readonly port: number }
  | { readonly _tag: "Refused"; readonly host: string; readonly port: number; readonly reason: GatewayReason }
  | { readonly _tag: "Changed"; readonly change: Sharing.Change }
  | { readonly _tag: "Lease"; readonly id: number; readonly name: string; readonly millis: number }
  | { readonly _tag: "Said"; readonly message: string }
  | { readonly _tag: "Records"; readonly entries: ReadonlyArray<Entry>; readonly events: ReadonlyArray<Event> }

/** What it hears. */
export type ToWorker =
  | { readonly _tag: "Changes"; readonly changes: ReadonlyArray<Sharing.Change> }
  | { readonly _tag: "Leased"; readonly id: number; readonly leave: boolean }
  | { readonly _tag: "Reload" }
  | { readonly _tag: "Stop" }
