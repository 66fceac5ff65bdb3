/**
 * Who may do what. A person has a role, an API token has scopes; an endpoint says which scope it wants.
 *
 * | scope | lets |
 * | --- | --- |
 * | `read` | see everything but accounts, tokens and the audit log |
 * | `operate` | test, disable and restore keys |
 * | `configure` | change the configuration |
 * | `admin` | accounts, tokens, audit log |
 */
import * as Context from "effect/Context"
import { HttpApiMiddleware, HttpApiSecurity } from "effect/http-api"
import * as Schema from "effect/Schema"
import { Forbidden, SetupRequired, Unauthorized } from "./Errors.ts"

/** Everything that one may be allowed, the least first. */
export const Scope = Schema.Literals(["read", "operate", "configure", "admin"])
export type Scope = typeof Scope.Type

/** What a person is. */
export const Role = Schema.Literals(["viewer", "admin"])
export type Role = typeof Role.Type

/** What each role may do. */
export const scopesOf: Readonly<Record<Role, ReadonlyArray<Scope>>> = {
  viewer: ["read"],
  admin: ["read", "operate", "configure", "admin"]
}

/** Somebody who asks. */
export interface Actor {
  /** The account's or the token's name. */
  readonly name: string
  readonly via: "session" | "token"
  readonly scopes: ReadonlyArray<Scope>
  /** The session's or the token's id. */
  readonly id: string
}

/** Who asks. */
export class CurrentActor extends Context.Service<CurrentActor, Actor>()("understudy/admin/CurrentActor") {}

/** The scope that an endpoint wants; `read` unless it says otherwise. */
export const Wants: Context.Reference<Scope> = Context.Reference<Scope>("understudy/admin/Wants", {
  defaultValue: () => "read"
})

/** The name of the session's cookie. */
export const cookieName = "understudy_session"

/** Lets in who has a session or an API token, and the scope that the endpoint wants. */
export class Authorization extends HttpApiMiddleware.Service<
  Authorization,
  { provides: CurrentActor; requires: never }
>()("understudy/admin/Authorization", {
  security: {
    session: HttpApiSecurity.apiKey({ in: "cookie", key: cookieName }),
    token: HttpApiSecurity.bearer
  },
  error: [Unauthorized, Forbidden, SetupRequired]
}) {}
