/** First visit, log-in, sessions, API tokens and the audit log. */
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import * as Schema from "effect/Schema"
import { Authorization, Role, Scope, Wants } from "./Authorization.ts"
import { Forbidden, NotFound, Throttled, Unauthorized, Unusable } from "./Errors.ts"

/** Who is logged in. */
export const Me = Schema.Struct({
  name: Schema.String,
  via: Schema.Literals(["session", "token"]),
  scopes: Schema.Array(Scope)
}).annotate({ identifier: "Me" })

/** A session, for its owner to see and end. Times are Unix milliseconds. */
export const Session = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  createdAt: Schema.Number,
  lastSeenAt: Schema.Number,
  address: Schema.String,
  agent: Schema.String,
  /** The one that asks. */
  current: Schema.Boolean
}).annotate({ identifier: "Session" })

/** An API token, without its value. */
export const Token = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  scopes: Schema.Array(Scope),
  createdAt: Schema.Number,
  expiresAt: Schema.NullOr(Schema.Number),
  lastUsedAt: Schema.NullOr(Schema.Number)
}).annotate({ identifier: "Token" })

/** A new API token; `value` is shown this once. */
export const NewToken = Schema.Struct({ token: Token, value: Schema.String }).annotate({ identifier: "NewToken" })

/** Something that somebody changed, or tried to. */
export const AuditEntry = Schema.Struct({
  id: Schema.Number,
  at: Schema.Number,
  actor: Schema.String,
  address: Schema.String,
  action: Schema.String,
  object: Schema.String,
  result: Schema.Literals(["ok", "refused"]),
  detail: Schema.String
}).annotate({ identifier: "AuditEntry" })

/** An account. */
export const Account = Schema.Struct({ name: Schema.String, role: Role }).annotate({ identifier: "Account" })

const Name = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(64))

/** No password is refused for its kind, only for its length: longer than 12 characters beats any rule of composition. */
const Password = Schema.String.check(Schema.isMinLength(12), Schema.isMaxLength(256))

const Given = Schema.String.check(Schema.isMaxLength(256))

/** What anybody may ask. */
export class VisitorApi extends HttpApiGroup.make("visitor")
  .add(
    HttpApiEndpoint.get("setup", "/setup", {
      success: Schema.Struct({ required: Schema.Boolean, version: Schema.String })
    }),
    HttpApiEndpoint.post("setUp", "/setup", {
      payload: Schema.Struct({ token: Given, password: Password }),
      success: Me,
      error: [Forbidden, Throttled]
    }),
    HttpApiEndpoint.post("logIn", "/session", {
      payload: Schema.Struct({ name: Given, password: Given }),
      success: Me,
      error: [Unauthorized, Throttled]
    })
  )
  .prefix("/api/v1") {}

/** What somebody may ask about himself. */
export class SessionApi extends HttpApiGroup.make("session")
  .add(
    HttpApiEndpoint.get("me", "/session", { success: Me }),
    HttpApiEndpoint.delete("logOut", "/session", { success: HttpApiSchema.NoContent }),
    HttpApiEndpoint.post("changePassword", "/session/password", {
      payload: Schema.Struct({ current: Given, next: Password }),
      success: HttpApiSchema.NoContent,
      error: [Forbidden, Throttled]
    }),
    HttpApiEndpoint.get("sessions", "/sessions", { success: Schema.Array(Session) }),
    HttpApiEndpoint.delete("endSession", "/sessions/:id", {
      params: { id: Schema.String },
      success: HttpApiSchema.NoContent,
      error: NotFound
    })
  )
  .middleware(Authorization)
  .prefix("/api/v1") {}

/** What an admin may ask about others. */
export class AccessApi extends HttpApiGroup.make("access")
  .add(
    HttpApiEndpoint.get("accounts", "/accounts", { success: Schema.Array(Account) }).annotate(Wants, "admin"),
    HttpApiEndpoint.post("addAccount", "/accounts", {
      payload: Schema.Struct({ name: Name, role: Role, password: Password }),
      success: Account,
      error: Unusable
    }).annotate(Wants, "admin"),
    HttpApiEndpoint.delete("removeAccount", "/accounts/:name", {
      params: { name: Schema.String },
      success: HttpApiSchema.NoContent,
      error: [NotFound, Unusable]
    }).annotate(Wants, "admin"),
    HttpApiEndpoint.get("tokens", "/tokens", { success: Schema.Array(Token) }).annotate(Wants, "admin"),
    HttpApiEndpoint.post("addToken", "/tokens", {
      payload: Schema.Struct({
        name: Name,
        scopes: Schema.Array(Scope).check(Schema.isMinLength(1)),
        /** Unix milliseconds; null for one that does not end by itself. */
        expiresAt: Schema.NullOr(Schema.Int)
      }),
      success: NewToken,
      error: Unusable
    }).annotate(Wants, "admin"),
    HttpApiEndpoint.delete("removeToken", "/tokens/:id", {
      params: { id: Schema.String },
      success: HttpApiSchema.NoContent,
      error: NotFound
    }).annotate(Wants, "admin"),
    HttpApiEndpoint.get("audit", "/audit", {
      query: { before: Schema.optional(Schema.Int) },
      success: Schema.Array(AuditEntry)
    }).annotate(Wants, "admin")
  )
  .middleware(Authorization)
  .prefix("/api/v1") {}
