/**
 * Finds fallbacks that hold less than what they stand in for: a conversation that is longer than their context is refused there, and
 * the route is only as good as its first target then. Only models whose contexts are known on both sides are compared.
 */
import { type Path, type Place, toPathLabel } from "@understudy/core/config/ConfigError"
import type { RouteConfig, UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import * as Matcher from "@understudy/core/route/Matcher"
import type { Messages } from "../Messages.ts"
import type { Style } from "./Style.ts"

/** A fallback that is smaller. */
export interface Smaller {
  readonly model: string
  /** Tokens that its context holds. */
  readonly holds: number
  /** The model that it stands in for. */
  readonly for: string
  /** Tokens that that one's holds. */
  readonly held: number
  readonly path: Path
  readonly place: Place | undefined
}

/** Vendors round: 991,808 tokens and a million are the same promise. */
const alike = 0.9

/** The names by which a route is asked, as far as the configuration says them. */
const askedOf = ({ models, routes }: UnderstudyConfig, route: RouteConfig): ReadonlyArray<string> => {
  if (route.match.model._tag === "Exact") return [route.match.model.value]
  const inOrder = Matcher.sort(routes)
  return Object.values(models).flatMap(({ model }) => (Matcher.find(inOrder, { model }) === route ? [model] : []))
}

/** Every fallback that is smaller than its route's first target. */
export const find = (config: UnderstudyConfig, placeOf: (path: Path) => Place | undefined): ReadonlyArray<Smaller> => {
  const of = (target: RouteConfig["targets"][number] | undefined, asked: string) => {
    const provider = config.providers.find(({ name }) => name === target?.provider)
    const name = target?.model ?? asked
    const model = provider?.aliases[name]?.model ?? name
    const known = provider?.contextLengths ?? {}
    return { model, holds: Object.hasOwn(known, model) ? known[model] : undefined }
  }
  return config.routes.flatMap((route, index) => {
    const [first] = route.targets
    const asked = first?.model === undefined ? askedOf(config, route) : [first.model]
    return asked.flatMap((name) => {
      const { holds: held, model: stoodInFor } = of(first, name)
      return route.fallback.flatMap((target, at): ReadonlyArray<Smaller> => {
        const { holds, model } = of(target, name)
        if (held === undefined || holds === undefined || holds >= held * alike) return []
        const path = ["routes", index, "fallback", at, ...(target.model === undefined ? [] : ["model"])]
        return [{ model, holds, for: stoodInFor, held, path, place: placeOf(path) }]
      })
    })
  })
}

/** A line for each. */
export const lines = (
  { check, config: words }: Messages,
  style: Style,
  source: string,
  found: ReadonlyArray<Smaller>
): ReadonlyArray<string> =>
  found.map(({ path, place, ...smaller }) => {
    const where = place === undefined ? source : `${source}:${place.line}:${place.column}`
    return `${style.yellow(words.warning)}  ${where}  ${toPathLabel(path)}: ${check.smaller(smaller)}`
  })

/** The same for a machine. */
export const toJson = (found: ReadonlyArray<Smaller>): ReadonlyArray<unknown> =>
  found.map(({ path, place, ...smaller }) => ({
    ...smaller,
    path: toPathLabel(path),
    line: place?.line ?? null,
    column: place?.column ?? null
  }))
