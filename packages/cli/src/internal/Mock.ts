/** Mock vendors on a socket, closed with the scope. */
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** Why the mocks do not listen, by the operating system's code. */
export interface Refused {
  readonly _tag: "Refused"
  readonly code: string
  readonly message: string
}

/** What is to be played, and where. */
export interface Options {
  readonly vendors: Vendors.Options
  readonly host: string
  readonly port: number
}

const toRefused = (error: unknown): Refused => ({
  _tag: "Refused",
  code: error instanceof Error && "code" in error ? String(error.code) : "",
  message: error instanceof Error ? error.message : String(error)
})

/** Starts them. */
export const listen = ({ host, port, vendors }: Options): Effect.Effect<MockServer.MockServer, Refused, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: () => MockServer.listen(Vendors.make(vendors), { host, port }),
      catch: toRefused
    }),
    (server) => Effect.promise(() => server.close())
  )
