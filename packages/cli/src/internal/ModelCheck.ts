/**
 * Compares the models that a configuration names with those that the vendors list. A name that is not listed may be answered all
 * the same (vendors leave out names that they go on answering), so it is something to look at, not a mistake.
 */
import { type Path, type Place, toPathLabel } from "@understudy/core/config/ConfigError"
import { Suggest } from "@understudy/core/config/Texts"
import type { ProviderConfig, RouteConfig, UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import type { ProviderModels } from "@understudy/core/ModelCatalog"
import * as Matcher from "@understudy/core/route/Matcher"
import type { Messages } from "../Messages.ts"
import type { Style } from "./Style.ts"

/** A model that a provider will be asked for. */
export interface Named {
  readonly provider: string
  readonly model: string
  /** Where the configuration names it. */
  readonly path: Path
}

/** One of them, compared. */
export interface Compared extends Named {
  readonly listed: boolean
  /** The listed name that was probably meant. */
  readonly meant: string | undefined
  readonly place: Place | undefined
}

const providerNames = ({ aliases, name, policy: { healthCheckModel } }: ProviderConfig): ReadonlyArray<Named> => [
  ...Object.entries(aliases).map(([alias, { model }]) => ({
    provider: name,
    model,
    path: ["providers", name, "aliases", alias]
  })),
  ...(healthCheckModel === undefined
    ? []
    : [{ provider: name, model: healthCheckModel, path: ["providers", name, "keyFailover", "healthCheckModel"] }])
]

/** The models of a route: those that its targets name, and the one that it spells out for those that do not. */
const routeNames = ({ fallback, match, targets }: RouteConfig, index: number): ReadonlyArray<Named> => {
  const exact = match.model._tag === "Exact" ? match.model.value : undefined
  const of = (list: "targets" | "fallback", steps: RouteConfig["targets"]): ReadonlyArray<Named> =>
    steps.flatMap(({ model, provider }, at): ReadonlyArray<Named> => {
      if (model !== undefined) return [{ provider, model, path: ["routes", index, list, at, "model"] }]
      return exact === undefined ? [] : [{ provider, model: exact, path: ["routes", index, "match", "model", "exact"] }]
    })
  return [...of("targets", targets), ...of("fallback", fallback)]
}

/** Named models as they reach the providers that do not rename them. */
const namedModels = ({ models, routes }: UnderstudyConfig): ReadonlyArray<Named> => {
  const inOrder = Matcher.sort(routes)
  return Object.entries(models).flatMap(([name, { model }]) => {
    const route = Matcher.find(inOrder, { model })
    return [...(route?.targets ?? []), ...(route?.fallback ?? [])]
      .filter((target) => target.model === undefined)
      .map(({ provider }) => ({ provider, model, path: ["models", name, "model"] }))
  })
}

/** Every model that the configuration names; a name with an alias stands for what the alias says, which is named there. */
export const namesOf = (config: UnderstudyConfig): ReadonlyArray<Named> => {
  const { providers, routes } = config
  const hasAlias = ({ model, provider }: Named): boolean =>
    providers.some(({ aliases, name }) => name === provider && Object.hasOwn(aliases, model))
  const asked = [...routes.flatMap(routeNames), ...namedModels(config)]
  return [...providers.flatMap(providerNames), ...asked.filter((named) => !hasAlias(named))]
}

/** Compares; models of providers that list nothing are left out. */
export const compare = (
  config: UnderstudyConfig,
  lists: ReadonlyArray<ProviderModels>,
  placeOf: (path: Path) => Place | undefined
): ReadonlyArray<Compared> =>
  namesOf(config).flatMap((named) => {
    const { model, path, provider } = named
    const ids = lists.find((list) => list.provider === provider)?.ids
    if (ids === undefined) return []
    const listed = ids.includes(model)
    const retired = config.providers.find(({ name }) => name === provider)?.dialect.retired[model]?.model
    const meant = listed ? undefined : (retired ?? Suggest.nearest(model, ids))
    return [{ ...named, listed, meant, place: placeOf(path) }]
  })

/** A line for every model that is not listed. */
export const lines = (
  { check, config: words }: Messages,
  style: Style,
  source: string,
  compared: ReadonlyArray<Compared>
): ReadonlyArray<string> =>
  compared
    .filter(({ listed }) => !listed)
    .map(({ meant, model, path, place, provider }) => {
      const where = place === undefined ? source : `${source}:${place.line}:${place.column}`
      return `${style.yellow(words.warning)}  ${where}  ${toPathLabel(path)}: ${check.notListed(model, provider, meant)}`
    })

/** The same for a machine, those that are listed included. */
export const toJson = (compared: ReadonlyArray<Compared>): ReadonlyArray<unknown> =>
  compared.map(({ listed, meant, model, path, place, provider }) => ({
    provider,
    model,
    listed,
    meant: meant ?? null,
    path: toPathLabel(path),
    line: place?.line ?? null,
    column: place?.column ?? null
  }))
