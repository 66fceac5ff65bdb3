/**
 * The models that may be asked for: every name that a route spells out or an alias stands for, and every name that a
 * provider lists and a route takes. The providers' lists are kept for five minutes; a provider that cannot be asked keeps
 * the list that it had, and is asked again the next time.
 *
 * **Gotchas**
 *
 * Where nothing is known because a provider cannot be asked, there is no list, and not an empty one: a client would take that
 * for the truth.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import { FailoverError } from "./failure/FailoverError.ts"
import type { RouteConfig } from "./internal/config/Configuration.ts"
import * as AnswerReader from "./internal/exchange/AnswerReader.ts"
import * as Exchange from "./internal/exchange/Exchange.ts"
import type { AttemptContext, MakeReader } from "./internal/exchange/Reader.ts"
import * as Watchdog from "./internal/upstream/Watchdog.ts"
import * as Json from "./internal/wire/Json.ts"
import type { ApiKey } from "./key/ApiKey.ts"
import { modelFor, type Provider, toGetRequest } from "./provider/Provider.ts"
import * as Matcher from "./route/Matcher.ts"
import type { Route } from "./route/Route.ts"
import type { Upstream } from "./upstream/Upstream.ts"

/** One model that may be asked for. */
export interface Model {
  readonly id: string
  /** The route that takes it. */
  readonly route: string
  /** The provider that is asked first. */
  readonly provider: string
  /** Tokens that the context of that provider's model holds; left out where nobody knows. */
  readonly contextLength?: number
}

const lifetime = 300_000
const patience = 5_000

const idsOf = (body: string): ReadonlyArray<string> => {
  const json = Json.parse(body)
  const data = Predicate.isObject(json) ? (json as Record<string, unknown>)["data"] : undefined
  if (!Array.isArray(data)) return []
  return data.flatMap((entry: unknown) => {
    const id = Predicate.isObject(entry) ? (entry as Record<string, unknown>)["id"] : undefined
    return typeof id === "string" ? [id] : []
  })
}

/** Statuses of a server that has no list. */
const hasNone: ReadonlySet<number | undefined> = new Set([404, 405, 501])

const toReader =
  (context: AttemptContext): MakeReader<string> =>
  (control, headers) =>
    AnswerReader.words(context, control, headers["content-type"], (body) => control.answer(body))

/** What a provider lists for a key; undefined where it cannot be asked. */
const listWith = Effect.fnUntraced(function* (upstream: Upstream["Service"], provider: Provider, key: ApiKey) {
  const request = toGetRequest(provider, key, "/models")
  const outcome = yield* Exchange.runAlone({ upstream, provider, key }, request, patience, toReader)
  if (outcome._tag === "Answered") return idsOf(outcome.value)
  return hasNone.has(outcome.failure.vendor?.status) ? [] : undefined
})

/** Most keys that are asked with for one list. */
const maxKeys = 3

/** What a provider lists for a key that works, or for one that is out: a limit or arrears keep no list back. */
const list = Effect.fnUntraced(function* (upstream: Upstream["Service"], provider: Provider) {
  const clock = yield* Clock.Clock
  const random = yield* Random.Random
  const draw = { model: "", now: clock.currentTimeMillisUnsafe(), random, affinity: undefined }
  const lease = provider.pool.draw({ ...draw, exclude: new Set(), excludeAccounts: new Set() })
  const keys = lease === undefined ? provider.pool.keys : new Set([lease.key, ...provider.pool.keys])
  for (const key of [...keys].slice(0, maxKeys)) {
    const ids = yield* listWith(upstream, provider, key)
    if (ids !== undefined) return ids
  }
  return undefined
})

/** What a provider lists at this moment. */
export interface ProviderModels {
  readonly provider: string
  /** Undefined where no key gets a list, or where the list is empty. */
  readonly ids: ReadonlyArray<string> | undefined
}

/** Asks every provider for its list, with one key after the other until one of them gets it. */
export const listAll = (
  upstream: Upstream["Service"],
  providers: ReadonlyArray<Provider>
): Effect.Effect<ReadonlyArray<ProviderModels>> =>
  Effect.forEach(
    providers,
    Effect.fnUntraced(function* (provider) {
      for (const key of provider.pool.keys) {
        const ids = yield* listWith(upstream, provider, key)
        if (ids !== undefined && ids.length > 0) return { provider: provider.name, ids }
      }
      return { provider: provider.name, ids: undefined }
    }),
    { concurrency: 8 }
  )

const named = (routes: ReadonlyArray<Route>): ReadonlyArray<string> =>
  routes.flatMap((route) => {
    const exact = route.match.model._tag === "Exact" ? [route.match.model.value] : []
    return [...exact, ...route.targets.flatMap((target) => Object.keys(target.provider.aliases))]
  })

const contextOf = (provider: Provider, model: string): Pick<Model, "contextLength"> => {
  const name = modelFor(provider, model)
  const contextLength = Object.hasOwn(provider.contextLengths, name) ? provider.contextLengths[name] : undefined
  return contextLength === undefined ? {} : { contextLength }
}

const toModels = (routes: ReadonlyArray<Route>, ids: Iterable<string>): ReadonlyArray<Model> =>
  [...new Set(ids)].sort().flatMap((id) => {
    const route = routes.find((each) => Matcher.fitsModel(each.match.model, id))
    const target = route?.targets[0]
    return route === undefined || target === undefined
      ? []
      : [{ id, route: route.name, provider: target.provider.name, ...contextOf(target.provider, target.model ?? id) }]
  })

/** The list of one provider: kept while it is fresh, asked for anew after a failure, and the old one until then. */
const kept = (upstream: Upstream["Service"], provider: Provider): Effect.Effect<ReadonlyArray<string> | undefined> => {
  let ids: ReadonlyArray<string> | undefined
  let freshUntil = Number.NEGATIVE_INFINITY
  return Effect.gen(function* () {
    const clock = yield* Clock.Clock
    if (Watchdog.now(clock) < freshUntil) return ids
    const listed = yield* list(upstream, provider)
    if (listed === undefined) return ids
    ids = listed
    freshUntil = Watchdog.now(clock) + lifetime
    return ids
  })
}

/** Makes the catalogue. */
export const make = (
  upstream: Upstream["Service"],
  providers: ReadonlyArray<Provider>,
  routes: ReadonlyArray<Route>
): Effect.Effect<ReadonlyArray<Model>, FailoverError> => {
  const lists = providers.map((provider) => kept(upstream, provider))
  return Effect.flatMap(Effect.all(lists, { concurrency: "unbounded" }), (lists) => {
    const models = toModels(routes, [...named(routes), ...lists.flatMap((ids) => ids ?? [])])
    const missing = models.length > 0 ? -1 : lists.indexOf(undefined)
    return missing === -1 ? Effect.succeed(models) : Effect.fail(unknown(routes, providers[missing]))
  })
}

/** No list, for a provider cannot be asked. */
const unknown = (routes: ReadonlyArray<Route>, provider: Provider | undefined): FailoverError => {
  const route = routes.find(({ targets }) => targets.some((target) => target.provider === provider)) ?? routes[0]
  return new FailoverError({ reason: { _tag: "NoTarget", route: route?.name ?? "", retryAfter: undefined }, trail: [] })
}

/** The catalogue, or none where there is no list: enough to look one name up. */
export const orNone = <E>(models: Effect.Effect<ReadonlyArray<Model>, E>): Effect.Effect<ReadonlyArray<Model>> =>
  Effect.orElseSucceed(models, () => [])

/** A route as far as the catalogue looks at it. */
type Taking = Pick<RouteConfig, "name" | "match" | "targets">

/**
 * The model of that name; undefined where no route takes it, or where a route's vendor has a list and it is not in there.
 * A name that a target replaces is answered whatever it is.
 */
export const find = (models: ReadonlyArray<Model>, routes: ReadonlyArray<Taking>, id: string): Model | undefined => {
  const listed = models.find((model) => model.id === id)
  if (listed !== undefined) return listed
  const route = Matcher.sort(routes).find(({ match }) => Matcher.fitsModel(match.model, id))
  const target = route?.targets[0]
  if (route === undefined || target === undefined) return undefined
  const isOpen = target.model !== undefined || !models.some((model) => model.route === route.name)
  return isOpen ? { id, route: route.name, provider: target.provider } : undefined
}

// Vendors' lists have no dates that could be relied on.
const toEntry = ({ contextLength, id, provider }: Model) => ({
  ...{ id, object: "model", created: 0, owned_by: provider },
  ...(contextLength === undefined ? {} : { context_length: contextLength })
})

/** One model in the shape of OpenAI's, as JSON. */
export const toOne = (model: Model): string => JSON.stringify(toEntry(model))

/** Models in the shape of OpenAI's list, as JSON. */
export const toBody = (models: ReadonlyArray<Model>): string =>
  JSON.stringify({ object: "list", data: models.map(toEntry) })
