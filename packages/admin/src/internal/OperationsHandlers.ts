/** What each endpoint of operators does: from what the core knows to what the API says. */
import type * as KeyStates from "@understudy/core/key/KeyState"
import * as Matcher from "@understudy/core/route/Matcher"
import type { Understudy } from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import { HttpApiBuilder } from "effect/http-api"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { AdminApi } from "../AdminApi.ts"
import { CurrentActor } from "../api/Authorization.ts"
import { NotFound } from "../api/Errors.ts"
import type * as Operations from "../api/Operations.ts"
import type { RequestLog } from "../RequestLog.ts"
import type { Audit } from "./Audit.ts"
import type { Live } from "./Live.ts"
import { version } from "./Version.ts"

const none = { reason: null, since: null, dueAt: null }

const toKeyState = (state: KeyStates.KeyState): typeof Operations.KeyState.Type => {
  switch (state._tag) {
    case "Removed":
      return { state: "Removed", reason: state.reason, since: state.since, dueAt: state.nextProbeAt }
    case "Cooling":
      return { ...none, state: "Cooling", reason: state.reason, dueAt: state.until }
    default:
      return { ...none, state: state._tag }
  }
}

const providers = ({ config, keys }: Understudy["Service"]) =>
  Effect.map(keys, (all) =>
    all.map(({ keys: own, provider, type }): typeof Operations.Provider.Type => {
      const base = config.providers.find(({ name }) => name === provider)?.base
      return {
        name: provider,
        type,
        baseUrl: base === undefined ? "" : `${base.origin}${base.path}`,
        keys: own.map(({ id, models, name, state }) => ({
          id,
          name,
          state: toKeyState(state),
          models: Object.fromEntries(Object.entries(models).map(([model, each]) => [model, toKeyState(each)]))
        }))
      }
    })
  )

const routes = ({ config }: Understudy["Service"]): ReadonlyArray<typeof Operations.Route.Type> => {
  const toTarget = ({ model, provider, weight }: (typeof config.routes)[number]["targets"][number]) => ({
    provider,
    model: model ?? null,
    weight
  })
  return config.routes.map(({ fallback, match, name, targets }) => ({
    name,
    match: Matcher.toLabel(match.model),
    targets: targets.map(toTarget),
    fallback: fallback.map(toTarget)
  }))
}

const explain = (understudy: Understudy["Service"], model: string, consumer: string | undefined) =>
  Effect.map(understudy.explain({ model, consumer }), ({ considered, route, targets }) => ({
    model,
    route: route ?? null,
    considered: considered.map(({ because, match, route: name, verdict }) => ({
      route: name,
      match,
      verdict: verdict._tag,
      because
    })),
    targets: targets.map((target) => ({
      ...target,
      keys: target.keys.map((key) => ({ ...key, reason: key.reason ?? null, dueIn: key.dueIn ?? null }))
    }))
  }))

const noKey = (provider: string, key: string) =>
  new NotFound({ message: `There is no key "${key}" at a provider "${provider}". GET /api/v1/providers lists them.` })

/** Most that waits for a watcher who does not read; what comes then is left out. */
const behind = 1_000

const events = (live: Live) =>
  Stream.callback<typeof Operations.Happening.Type>(
    (queue) =>
      Effect.acquireRelease(
        Effect.sync(() => live.watch((happening) => Queue.offerUnsafe(queue, happening))),
        (stop) => Effect.sync(stop)
      ),
    { bufferSize: behind, strategy: "dropping" }
  )

const isTrue = (flag: "true" | "false" | undefined): boolean | undefined =>
  flag === undefined ? undefined : flag === "true"

const noLog = new NotFound({ message: "This gateway keeps no log of requests." })

/** What the handlers look at and steer. */
export interface Parts {
  readonly understudy: Understudy["Service"]
  readonly live: Live
  readonly audit: Audit
  readonly requests: RequestLog["Service"] | undefined
  readonly startedAt: number
  /** Where applications ask. */
  readonly gateway: string | undefined
}

/** The handlers of operators. */
export const layer = ({ audit, gateway, live, requests, startedAt, understudy }: Parts) => {
  const ofLog = <A>(use: (log: RequestLog["Service"]) => Effect.Effect<A>): Effect.Effect<A, NotFound> =>
    requests === undefined ? Effect.fail(noLog) : use(requests)
  const setEnabled = (enabled: boolean) =>
    Effect.fnUntraced(function* ({
      params: { key, provider }
    }: {
      readonly params: { readonly key: string; readonly provider: string }
    }) {
      const actor = yield* CurrentActor
      const done = Effect.flatMap(understudy.setKeyEnabled(provider, key, enabled), (found) =>
        found ? Effect.void : Effect.fail(noKey(provider, key))
      )
      yield* done.pipe(audit.of(actor.name, enabled ? "restore key" : "disable key", `key ${provider}/${key}`))
      const kind = enabled ? "key-restored" : "key-disabled"
      live.tell({ kind, provider, key, model: null, reason: null, detail: actor.name })
    })
  return HttpApiBuilder.group(AdminApi, "operations", (handlers) =>
    handlers.handleAll({
      version: () => Effect.succeed({ version, node: process.version, startedAt, gateway: gateway ?? null }),
      providers: () => providers(understudy),
      testKey: ({ params: { key, provider } }) =>
        Effect.flatMap(understudy.checkKey(provider, key), (check) =>
          check === undefined
            ? Effect.fail(noKey(provider, key))
            : Effect.succeed({ ok: check.ok, message: check.failure?.message ?? null, millis: check.millis })
        ),
      disableKey: setEnabled(false),
      restoreKey: setEnabled(true),
      routes: () => Effect.sync(() => routes(understudy)),
      explain: ({ query: { consumer, model } }) => explain(understudy, model, consumer),
      consumers: () =>
        Effect.sync(() =>
          understudy.config.consumers.map(({ keys, models, name }) => ({ name, keys: keys.length, models }))
        ),
      statistics: ({ query: { window = "5m" } }) => Effect.sync(() => live.statistics(window)),
      requests: ({ query: { failed, limit = 50, moved, ...filter } }) =>
        ofLog((log) =>
          Effect.map(log.page({ ...filter, failed: isTrue(failed), moved: isTrue(moved) }, limit), (rows) => ({
            requests: rows,
            lost: log.lost()
          }))
        ),
      requestNames: () => ofLog(({ names }) => names),
      request: ({ params: { id } }) =>
        Effect.flatMap(
          ofLog((log) => log.find(id)),
          (row) =>
            row === undefined
              ? Effect.fail(new NotFound({ message: `There is no request ${id} in the log.` }))
              : Effect.succeed(row)
        ),
      happenings: () => Effect.sync(() => live.happenings()),
      events: () => Effect.succeed(events(live))
    })
  )
}
