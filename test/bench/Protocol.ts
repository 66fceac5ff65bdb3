/** What the processes of a run say to each other. */
import type { Kind } from "./Payload.ts"

/** A process's own use of the machine, so far. */
export interface Usage {
  /** Microseconds of CPU, user and system. */
  readonly cpu: number
  /** Resident megabytes. */
  readonly rss: number
}

/** Where a server listens. */
export interface Listening {
  readonly origin: string
  /** What its requests have to carry besides. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Load for the generator to make. */
export interface Load extends Listening {
  readonly kind: Kind
  readonly connections: number
  readonly millis: number
}

/** What a load came to. Latencies in milliseconds. */
export type Loaded = {
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly firstByte50: number
  readonly firstByte99: number
}

/** Calls for a client to make. */
export interface Calls {
  readonly concurrency: number
  readonly millis: number
}

/** What calls came to. */
export type Called = {
  readonly perSecond: number
  /** Microseconds of the client's CPU a call. */
  readonly cpu: number
  /** Milliseconds. */
  readonly p50: number
}
