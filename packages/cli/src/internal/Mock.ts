/** Mock vendors, or a proxy to the real ones, on a socket, closed with the scope. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Failed, misused } from "../Failed.ts"
import type { Messages } from "../Messages.ts"
import * as Port from "./Port.ts"

/** Why the mocks do not listen, by the operating system's code. */
export interface Refused {
  readonly _tag: "Refused"
  readonly code: string
  readonly message: string
}

const toRefused = (error: unknown): Refused => ({
  _tag: "Refused",
  code: error instanceof Error && "code" in error ? String(error.code) : "",
  message: error instanceof Error ? error.message : String(error)
})

/** Starts them as the function does. */
export const listen = <Server extends { close(): Promise<void> }>(
  start: () => Promise<Server>
): Effect.Effect<Server, Refused, Scope.Scope> =>
  Effect.acquireRelease(Effect.tryPromise({ try: start, catch: toRefused }), (server) =>
    Effect.promise(() => server.close())
  )

/** Starts them, or fails with why not, in words; `command` of the refusal is what names another port. */
export const listenAt = <Server extends { close(): Promise<void> }>(
  messages: Messages,
  refusal: Port.Refusal,
  start: () => Promise<Server>
): Effect.Effect<Server, Failed, Scope.Scope> =>
  Effect.catchTag(listen(start), "Refused", ({ code, message }) =>
    code === "" ? Effect.fail(misused(message)) : Port.refused(messages, refusal, code, message)
  )
