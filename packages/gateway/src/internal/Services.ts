/** What the handlers of requests share, resolved once when the gateway starts. */
import type { Subject } from "@understudy/core/route/Matcher"
import type { Understudy } from "@understudy/core/Understudy"
import type * as Clock from "effect/Clock"
import type * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { RequestId } from "../RequestId.ts"
import type { Consumers } from "./Consumers.ts"

/** Services of a running gateway. */
export interface Services {
  readonly understudy: Understudy["Service"]
  readonly consumers: Consumers
  readonly clock: Clock.Clock
  readonly ids: RequestId
  /** The name of the route that takes a subject, for errors, which do not name it themselves. */
  readonly routeOf: (subject: Subject) => string | undefined
  /** Starts a fiber in the gateway's context. */
  readonly fork: <A, E>(effect: Effect.Effect<A, E>) => Fiber.Fiber<A, E>
  /** Largest request body, in bytes. */
  readonly maxBody: number
  readonly accessLog: boolean
  /** Logs a message with fields, through the installed loggers. */
  readonly log: (message: Effect.Effect<void>, fields: Readonly<Record<string, unknown>>) => void
  /** The gateway is about to stop. */
  readonly isDraining: () => boolean
}
