/** What each endpoint of visitors, sessions and accounts does. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { HttpApiBuilder, HttpApiSecurity } from "effect/http-api"
import * as Layer from "effect/Layer"
import { AdminApi } from "../AdminApi.ts"
import { type Actor, CurrentActor, cookieName } from "../api/Authorization.ts"
import { NotFound, Unusable } from "../api/Errors.ts"
import type { Accounts, Begun } from "./Accounts.ts"
import type { Audit } from "./Audit.ts"
import * as Guard from "./Guard.ts"
import { version } from "./Version.ts"

const cookie = HttpApiSecurity.apiKey({ in: "cookie", key: cookieName })

const toMe = ({ name, scopes, via }: Actor) => ({ name, scopes, via })

const enter = ({ actor, secret }: Begun) =>
  Effect.as(
    HttpApiBuilder.securitySetCookie(cookie, secret, { secure: false, sameSite: "strict", path: "/" }),
    toMe(actor)
  )

const leave = HttpApiBuilder.securitySetCookie(cookie, "", {
  secure: false,
  sameSite: "strict",
  path: "/",
  maxAge: 0
})

const visitor = (accounts: Accounts, audit: Audit) =>
  HttpApiBuilder.group(AdminApi, "visitor", (handlers) =>
    handlers.handleAll({
      setup: () => Effect.sync(() => ({ required: accounts.isSetupRequired, version })),
      setUp: ({ payload: { password, token } }) =>
        Guard.origin.pipe(
          Effect.flatMap((origin) => accounts.setUp(token, password, origin)),
          audit.of("admin", "set up", "account admin"),
          Effect.flatMap(enter)
        ),
      logIn: ({ payload: { name, password } }) =>
        Guard.origin.pipe(
          Effect.flatMap((origin) => accounts.logIn(name, password, origin)),
          audit.of(name, "log in", `account ${name}`),
          Effect.flatMap(enter)
        )
    })
  )

const session = (accounts: Accounts, audit: Audit) =>
  HttpApiBuilder.group(AdminApi, "session", (handlers) =>
    handlers.handleAll({
      me: () => Effect.map(CurrentActor, toMe),
      logOut: Effect.fnUntraced(function* () {
        const { id, name } = yield* CurrentActor
        accounts.endSession(name, id)
        yield* leave
      }),
      changePassword: Effect.fnUntraced(function* ({ payload: { current, next } }) {
        const actor = yield* CurrentActor
        yield* accounts
          .changePassword(actor, current, next)
          .pipe(audit.of(actor.name, "change password", `account ${actor.name}`))
      }),
      sessions: () => Effect.map(CurrentActor, (actor) => accounts.sessions(actor)),
      endSession: Effect.fnUntraced(function* ({ params: { id } }) {
        const { name } = yield* CurrentActor
        if (!accounts.endSession(name, id)) return yield* new NotFound({ message: `There is no session "${id}".` })
      })
    })
  )

const access = (accounts: Accounts, audit: Audit) =>
  HttpApiBuilder.group(AdminApi, "access", (handlers) =>
    handlers.handleAll({
      accounts: () => Effect.sync(() => accounts.accounts()),
      addAccount: Effect.fnUntraced(function* ({ payload: { name, password, role } }) {
        const actor = yield* CurrentActor
        return yield* accounts
          .addAccount(name, role, password)
          .pipe(audit.of(actor.name, `add account as ${role}`, `account ${name}`))
      }),
      removeAccount: Effect.fnUntraced(function* ({ params: { name } }) {
        const actor = yield* CurrentActor
        yield* accounts.removeAccount(name).pipe(audit.of(actor.name, "remove account", `account ${name}`))
      }),
      tokens: () => Effect.sync(() => accounts.tokens()),
      addToken: Effect.fnUntraced(function* ({ payload: { expiresAt, name, scopes } }) {
        const actor = yield* CurrentActor
        const now = yield* Clock.currentTimeMillis
        if (expiresAt !== null && expiresAt <= now) {
          return yield* new Unusable({
            message: `expiresAt ${expiresAt} is over already; it is Unix time in milliseconds.`
          })
        }
        return yield* Effect.sync(() => accounts.addToken(name, scopes, expiresAt, now)).pipe(
          audit.of(actor.name, `add token for ${scopes.join(" ")}`, `token ${name}`)
        )
      }),
      removeToken: Effect.fnUntraced(function* ({ params: { id } }) {
        const actor = yield* CurrentActor
        const removed = Effect.suspend(() =>
          accounts.removeToken(id) ? Effect.void : Effect.fail(new NotFound({ message: `There is no token "${id}".` }))
        )
        yield* removed.pipe(audit.of(actor.name, "remove token", `token ${id}`))
      }),
      audit: ({ query: { before } }) => Effect.sync(() => audit.entries(before))
    })
  )

/** The handlers of who comes in. */
export const layer = (accounts: Accounts, audit: Audit) =>
  Layer.mergeAll(visitor(accounts, audit), session(accounts, audit), access(accounts, audit))
