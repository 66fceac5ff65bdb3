/**
 * A route: a condition on the request, the targets that share its traffic, the fallback chain behind them, and what the
 * route changes of the defaults.
 */
import type { Random } from "effect/Random"
import type { Overrides } from "../failure/Decision.ts"
import { drawWeighted } from "../internal/key/Selection.ts"
import type { Budget } from "../internal/route/Budget.ts"
import type { Hedge } from "../internal/route/Hedge.ts"
import { completesText as hasText, modelFor, type Provider } from "../provider/Provider.ts"
import type { Matcher } from "./Matcher.ts"

/** A (provider, model) pair that can answer. */
export interface Target {
  readonly provider: Provider
  /** The model to ask for; undefined keeps the requested name. */
  readonly model: string | undefined
  /** Share of the traffic among a route's targets. */
  readonly weight: number
}

/** A route, ready for use. */
export interface Route {
  readonly name: string
  readonly match: Matcher
  readonly targets: ReadonlyArray<Target>
  readonly fallback: ReadonlyArray<Target>
  /** Milliseconds that a whole call may take, waits and all attempts included. */
  readonly total: number
  /** A stated `Retry-After` of up to this many milliseconds is waited for. */
  readonly waitUpTo: number
  /** With nowhere else to go, a call waits no longer than this many milliseconds for a limit to end. */
  readonly waitAlone: number
  /** What follows when a stream breaks after content: an error, or the rest from another target. */
  readonly afterCommit: "error" | "continue"
  readonly delivery: "streamed" | "buffered"
  readonly upstream: "asked" | "streamed"
  /** How the first of `targets` is chosen: by weight, or the faster of two that were drawn by weight. */
  readonly balance: "weighted" | "latency"
  /** Which targets may give vectors: those of the first one's model, because no others compare with them, or any. */
  readonly embeddings: "same-model" | "any-model"
  readonly on: Overrides
  readonly state: RouteState
}

/** What a route remembers over calls, and over a reload of the configuration. */
export interface RouteState {
  /** Pays for repeats of a target. */
  readonly repeats: Budget
  /** Undefined where the route does not hedge. */
  readonly hedge: Hedge | undefined
}

/**
 * The order in which a call tries the route's targets: `targets` by weighted lot without replacement, so that each of
 * them is tried before the fallback chain, then `fallback` as configured. Under `balance: latency` the first two of the lot
 * are put in the order of their cost.
 */
export const order = (route: Route, requested: string, now: number, random: Random): ReadonlyArray<Target> => {
  if (route.targets.length === 1) return [...route.targets, ...route.fallback]
  const left = [...route.targets]
  const drawn: Array<Target> = []
  while (left.length > 0) {
    const index = drawWeighted(
      left.map((target) => target.weight),
      random
    )
    drawn.push(...left.splice(index, 1))
  }
  const [first, second] = drawn
  if (route.balance === "latency" && first !== undefined && second !== undefined) {
    const cost = ({ model, provider }: Target) => provider.latency.cost(modelFor(provider, model ?? requested), now)
    if (cost(second) < cost(first)) drawn.splice(0, 2, second, first)
  }
  return [...drawn, ...route.fallback]
}

/** True when one of the targets may have text completions. */
export const completesText = (targets: ReadonlyArray<Target>, requested: string): boolean =>
  targets.some(({ model, provider }) => hasText(provider, model ?? requested))

/** Those of the targets that may give vectors. */
export const forEmbeddings = (
  route: Route,
  requested: string,
  targets: ReadonlyArray<Target>
): ReadonlyArray<Target> => {
  const [first] = route.targets
  if (route.embeddings === "any-model" || first === undefined) return targets
  const modelOf = ({ model, provider }: Target): string => modelFor(provider, model ?? requested)
  return targets.filter((target) => modelOf(target) === modelOf(first))
}
