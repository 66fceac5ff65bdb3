/** Mock vendors on a socket, closed with the scope. */
import type * as MockServer from "@understudy/mocks/MockServer"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

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
export const listen = (
  start: () => Promise<MockServer.MockServer>
): Effect.Effect<MockServer.MockServer, Refused, Scope.Scope> =>
  Effect.acquireRelease(Effect.tryPromise({ try: start, catch: toRefused }), (server) =>
    Effect.promise(() => server.close())
  )
