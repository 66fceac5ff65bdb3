/**
 * What happened when a client met a scenario: the record that verdicts are read from and reports are drawn from. Plain
 * data, the same from every runner.
 *
 * **Details**
 *
 * - Times are whole milliseconds since the start of the run.
 * - Keys appear by their names in the scenario, never by value.
 * - `attempts` is the vendors' journal: what really arrived, whoever sent it. An attempt that belongs to no call of the
 *   traffic has no `call`: a probe, or a stranger.
 */
import type { VendorName } from "@understudy/mocks/VendorList"
import type { Scenario } from "../scenario/Scenario.ts"

/** The ways to run a scenario: a virtual clock in process, MSW under fake timers, real time over sockets. */
export type RunnerName = "virtual" | "network" | "sockets"

/** An error as the caller saw it. */
export interface SeenError {
  readonly message: string
  readonly status?: number
  readonly code?: string
  readonly type?: string
  /** Milliseconds. */
  readonly retryAfter?: number
}

/** `unfinished`: neither an answer nor an error by the end of the run. `unknown`: the client's view was not told. */
export type Outcome = "answered" | "failed" | "left" | "unfinished" | "unknown"

/** One call as its caller saw it. */
export interface CallRecord {
  readonly id: string
  readonly at: number
  readonly model: string
  readonly stream: boolean
  readonly outcome: Outcome
  /** When it ended, for the caller. */
  readonly endedAt?: number
  /** When its first content came, of a stream. */
  readonly firstContentAt?: number
  /** What the caller had of the text in the end. */
  readonly text: string
  /** The finish reason, where the client tells. */
  readonly finish?: string
  /** The model that the answer names. */
  readonly answeredBy?: string
  readonly error?: SeenError
}

/** How an attempt ended, at the vendor. `refused` never got a status line. */
export type AttemptEnd =
  | "open"
  | "complete"
  | "cut"
  | "reset"
  | "half-close"
  | "refused"
  | "client-left"
  | "server-closed"

/** One request that reached a vendor. */
export interface Attempt {
  /** From 1, in the order of arrival. */
  readonly ordinal: number
  readonly at: number
  readonly vendor: VendorName
  readonly method: string
  readonly path: string
  /** The key's name in the scenario, or its fingerprint when it is none of them; empty when none was sent. */
  readonly key: string
  readonly account: string
  /** Empty for a request about no model. */
  readonly model: string
  readonly stream: boolean
  /** The call that it was made for. */
  readonly call?: string
  /** From 1, within its call. */
  readonly attempt?: number
  /** `answer`, or the faults that shaped the response, joined by `+`. */
  readonly recipe: string
  /** 0 when the connection failed before a status line. */
  readonly status: number
  readonly headersAt?: number
  readonly firstByteAt?: number
  readonly endedAt?: number
  readonly end: AttemptEnd
  /** Content chunks sent. */
  readonly chunks: number
  /** Milliseconds of the Retry-After that was sent. */
  readonly retryAfter?: number
  readonly maxTokens?: number
  /** The finish reason that was sent. */
  readonly finish?: string
  /** Tokens billed. */
  readonly tokens?: number
}

/** A change of state, in the order in which they happened. */
export interface Transition {
  readonly at: number
  readonly what: "phase" | "key" | "fault"
  readonly name: string
  readonly from: string
  readonly to: string
}

/** A way to an answer: `vendor/model#key`. */
export type Path = string

/** The paths that were certain to answer, from this moment on. */
export interface Health {
  readonly at: number
  readonly paths: ReadonlyArray<Path>
}

/** One run. */
export interface Run {
  readonly scenario: Scenario
  /** Who was tested. */
  readonly client: string
  readonly runner: RunnerName
  readonly seed: number
  /** Milliseconds from the start to the end. */
  readonly duration: number
  readonly calls: ReadonlyArray<CallRecord>
  readonly attempts: ReadonlyArray<Attempt>
  readonly transitions: ReadonlyArray<Transition>
  /** By the model asked for. */
  readonly health: Readonly<Record<string, ReadonlyArray<Health>>>
  /** Attempts that were still open when everything was shut down. */
  readonly leftOpen: ReadonlyArray<number>
}
