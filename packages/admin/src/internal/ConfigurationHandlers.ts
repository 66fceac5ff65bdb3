/** What each endpoint of the configuration does. */
import * as Effect from "effect/Effect"
import { HttpApiBuilder } from "effect/http-api"
import { AdminApi } from "../AdminApi.ts"
import { CurrentActor } from "../api/Authorization.ts"
import type { Audit } from "./Audit.ts"
import type { ConfigFile } from "./ConfigFile.ts"

/** The handlers of the configuration. */
export const layer = (file: ConfigFile, audit: Audit) =>
  HttpApiBuilder.group(AdminApi, "configuration", (handlers) =>
    handlers.handleAll({
      read: () => Effect.sync(() => file.describe()),
      validate: ({ payload: { text } }) => Effect.map(file.validate(text), (problems) => ({ problems })),
      apply: Effect.fnUntraced(function* ({ payload: { revision, text } }) {
        const { name } = yield* CurrentActor
        return yield* file.apply(text, revision, name).pipe(audit.of(name, "apply configuration", "configuration"))
      }),
      revisions: () => Effect.sync(() => file.revisions()),
      revision: ({ params: { number } }) => file.revision(number),
      rollBack: Effect.fnUntraced(function* ({ params: { number }, payload: { revision } }) {
        const { name } = yield* CurrentActor
        return yield* file
          .rollBack(number, revision, name)
          .pipe(audit.of(name, "roll back configuration", `version ${number}`))
      })
    })
  )
