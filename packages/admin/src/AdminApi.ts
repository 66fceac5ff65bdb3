/**
 * The admin API, as one definition: server, OpenAPI document, documentation page and typed clients are made from it.
 *
 * **Details**
 *
 * - A body that has fields which are not known is refused with 400, as one of another shape is.
 * - Nothing that leaves the server holds a key's value, a password or a token, but the answer that makes a token.
 */
import { HttpApi, HttpApiMiddleware, OpenApi } from "effect/http-api"
import { AccessApi, SessionApi, VisitorApi } from "./api/Access.ts"
import { ConfigurationApi } from "./api/Configuration.ts"
import { OperationsApi } from "./api/Operations.ts"

/** The definition. */
export class AdminApi extends HttpApi.make("understudy-admin")
  .add(VisitorApi)
  .add(SessionApi)
  .add(AccessApi)
  .add(OperationsApi)
  .add(ConfigurationApi)
  .middleware(HttpApiMiddleware.ProblemDetails)
  .annotate(HttpApi.ParseOptions, { onExcessProperty: "error" })
  .annotate(HttpApi.HeadersParseOptions, {})
  .annotateMerge(OpenApi.annotations({ title: "Understudy's admin API", version: "1" })) {}
