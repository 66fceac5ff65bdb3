/**
 * The configuration through the API. The file is the only truth: what is applied is written to it first.
 *
 * Keys that stand in the text in clear leave the server masked, as `masked:KEY-ID`, and a text that is sent back may hold
 * them so: each stands for the key that it masked.
 */
import { HttpApiEndpoint, HttpApiGroup } from "effect/http-api"
import * as Schema from "effect/Schema"
import { Authorization, Wants } from "./Authorization.ts"
import { NotFound, Stale, Unusable } from "./Errors.ts"

/** Something that is wrong with a text, at its place. */
export const Problem = Schema.Struct({
  path: Schema.String,
  message: Schema.String,
  line: Schema.NullOr(Schema.Number),
  column: Schema.NullOr(Schema.Number)
}).annotate({ identifier: "Problem" })

/** The configuration in force. */
export const Configuration = Schema.Struct({
  source: Schema.String,
  /** SHA-256 of the file's bytes, hexadecimal. */
  revision: Schema.String,
  /** The file, its keys masked; null where the configuration came from elsewhere. */
  text: Schema.NullOr(Schema.String),
  /** The file may be written. */
  writable: Schema.Boolean,
  /** What is wrong with the file as it stands now, while an earlier one is in force. */
  problems: Schema.Array(Problem)
}).annotate({ identifier: "Configuration" })

/** A version of the configuration that was in force. */
export const Revision = Schema.Struct({
  number: Schema.Number,
  revision: Schema.String,
  at: Schema.Number,
  /** The account or token, or `file` when it was edited outside. */
  actor: Schema.String
}).annotate({ identifier: "Revision" })

const text = Schema.String.check(Schema.isMaxLength(1_000_000))

/** What may be asked of the configuration. */
export class ConfigurationApi extends HttpApiGroup.make("configuration")
  .add(
    HttpApiEndpoint.get("read", "/config", { success: Configuration }).annotate(Wants, "configure"),
    HttpApiEndpoint.post("validate", "/config/validate", {
      payload: Schema.Struct({ text }),
      success: Schema.Struct({ problems: Schema.Array(Problem) })
    }).annotate(Wants, "configure"),
    HttpApiEndpoint.post("apply", "/config/apply", {
      payload: Schema.Struct({
        text,
        /** The revision that the text was made from. */
        revision: Schema.String
      }),
      success: Revision,
      error: [Stale, Unusable]
    }).annotate(Wants, "configure"),
    HttpApiEndpoint.get("revisions", "/config/revisions", { success: Schema.Array(Revision) }).annotate(
      Wants,
      "configure"
    ),
    HttpApiEndpoint.get("revision", "/config/revisions/:number", {
      params: { number: Schema.NumberFromString.check(Schema.isInt()) },
      success: Schema.Struct({ revision: Revision, text: Schema.String }),
      error: NotFound
    }).annotate(Wants, "configure"),
    HttpApiEndpoint.post("rollBack", "/config/revisions/:number/rollback", {
      params: { number: Schema.NumberFromString.check(Schema.isInt()) },
      payload: Schema.Struct({ revision: Schema.String }),
      success: Revision,
      error: [NotFound, Stale, Unusable]
    }).annotate(Wants, "configure")
  )
  .middleware(Authorization)
  .prefix("/api/v1") {}
