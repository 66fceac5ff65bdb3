/** What the handlers of requests share, resolved once when the gateway starts. */
import type { Allowance } from "@understudy/core/face/Face"
import type { Understudy } from "@understudy/core/Understudy"
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Sink } from "../AccessLog.ts"
import type { RequestId } from "../RequestId.ts"
import type { Compiled } from "./Compiled.ts"
import type { Guesses } from "./Guesses.ts"

/** Services of a running gateway. */
export interface Services {
  readonly understudy: Understudy["Service"]
  /** What is derived from the configuration of the moment. */
  readonly compiled: () => Compiled
  /** What consumers have used. */
  readonly counters: Allowance.Counters
  readonly guesses: Guesses
  readonly clock: Clock.Clock
  readonly ids: RequestId
  /** Starts a fiber in the gateway's context. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
  /** Largest request body, in bytes. */
  readonly maxBody: number
  /** Takes the record of each request; undefined makes none. */
  readonly accessLog: Sink | undefined
  /** Logs a message with fields, through the installed loggers. */
  readonly log: (message: Effect.Effect<void>, fields: Readonly<Record<string, unknown>>) => void
  /** The gateway is about to stop. */
  readonly isDraining: () => boolean
}
