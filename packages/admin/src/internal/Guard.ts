/** Lets in who has a session or an API token with the scope that the endpoint wants. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "effect/http"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Authorization, CurrentActor, cookieName, Wants } from "../api/Authorization.ts"
import { Forbidden, SetupRequired, Unauthorized } from "../api/Errors.ts"
import type { Accounts, Origin } from "./Accounts.ts"
import { addressHeader } from "./Bridge.ts"

/** The header that a page of another site cannot send without being asked first. */
const ownHeader = "x-understudy"

/** Where the request at hand comes from. */
export const origin: Effect.Effect<Origin, never, HttpServerRequest.HttpServerRequest> = Effect.map(
  HttpServerRequest.HttpServerRequest,
  ({ headers }) => ({ address: headers[addressHeader] ?? "", agent: headers["user-agent"] ?? "" })
)

const bearer = /^bearer +(\S+)$/i

/** Who a request comes from, by its token or else its session. */
const actorOf = (accounts: Accounts, { cookies, headers }: HttpServerRequest.HttpServerRequest, now: number) => {
  const [, token] = bearer.exec(headers["authorization"] ?? "") ?? []
  if (token !== undefined) return accounts.byToken(token, now)
  const secret = cookies[cookieName]
  return secret === undefined || secret === "" ? undefined : accounts.bySession(secret, now)
}

/** The implementation over accounts. */
export const layer = (accounts: Accounts): Layer.Layer<Authorization> => {
  // Of several schemes the last one's refusal is told: each looks at all, so that it is told for the right reason.
  const enter = Effect.fnUntraced(function* <E, R>(
    effect: Effect.Effect<HttpServerResponse, E, R>,
    { endpoint }: { readonly endpoint: { readonly annotations: Context.Context<never> } }
  ) {
    if (accounts.isSetupRequired) {
      return yield* new SetupRequired({
        message: "No password has been set yet. The gateway printed a set-up token when it started."
      })
    }
    const request = yield* HttpServerRequest.HttpServerRequest
    const actor = actorOf(accounts, request, yield* Clock.currentTimeMillis)
    if (actor === undefined) {
      return yield* new Unauthorized({
        message:
          "Log in, or send an API token as `Authorization: Bearer …`. A session ends after 12 hours without use, and after 7 days."
      })
    }
    if (actor.via === "session" && request.method !== "GET" && request.headers[ownHeader] === undefined) {
      return yield* new Forbidden({ message: `With a session's cookie, changes want the header \`${ownHeader}: 1\`.` })
    }
    const scope = Context.get(endpoint.annotations, Wants)
    if (!actor.scopes.includes(scope)) {
      return yield* new Forbidden({
        message: `This wants the scope "${scope}"; "${actor.name}" has ${actor.scopes.join(", ")}.`
      })
    }
    return yield* Effect.provideService(effect, CurrentActor, actor)
  })
  return Layer.succeed(Authorization, Authorization.of({ session: enter, token: enter }))
}
