/**
 * A route: a condition on the request, the targets that share its traffic, the fallback chain behind them, and what the
 * route changes of the defaults.
 */
import type { Random } from "effect/Random"
import * as Schema from "effect/Schema"
import { Overrides } from "../failure/Decision.ts"
import { drawWeighted } from "../internal/key/Selection.ts"
import * as Budget from "../internal/route/Budget.ts"
import * as Hedge from "../internal/route/Hedge.ts"
import * as Setting from "../internal/setting/Setting.ts"
import { completesText as hasText, modelFor, type Provider } from "../provider/Provider.ts"
import type { Matcher } from "./Matcher.ts"

/** A (provider, model) pair that can answer. */
export interface Target {
  readonly provider: Provider
  /** The model to ask for; undefined keeps the requested name. */
  readonly model?: string | undefined
  /** Share of the traffic among a route's targets. */
  readonly weight: number
}

/** What a configuration can say of a route beside its targets. */
export const settings = {
  deadlines: Setting.defaulted(
    Schema.Struct({
      total: Setting.defaulted(
        Setting.PositiveMillis,
        "10m",
        "From the call's start until its end, waits and all attempts included"
      )
    }),
    {},
    "Time limit of a whole call"
  ),
  waitUpTo: Setting.defaulted(
    Setting.Millis,
    // The model that was asked for, a little late, beats another one at once.
    "3s",
    "A stated wait (`Retry-After`, the reset of a limit) of up to this is waited for; a longer one means the next target"
  ),
  waitAlone: Setting.defaulted(
    Setting.Millis,
    // A caller who would wait longer is told so, and can decide.
    "10s",
    "With nowhere else to go, how long a call waits for a limit to end; beyond that it fails at once with 429 and `Retry-After`"
  ),
  afterCommit: Setting.defaulted(
    Schema.Literals(["error", "continue"]),
    "error",
    "A stream breaks after content: `error` ends it with an error event and a cut connection, `continue` lets another target go on with it"
  ),
  delivery: Setting.defaulted(
    Schema.Literals(["streamed", "buffered"]),
    "streamed",
    "`streamed`, or `buffered`: a stream is sent only when it is complete, so it can still fall back until then"
  ),
  upstream: Setting.defaulted(
    Schema.Literals(["asked", "streamed"]),
    "asked",
    "`asked`: the vendor is asked as the caller asked. `streamed`: a JSON caller's answer is fetched as a stream and folded, so that `firstContent` and `idle` guard it too"
  ),
  balance: Setting.defaulted(
    Schema.Literals(["weighted", "latency"]),
    "weighted",
    "Which of several `targets` is asked first: `weighted`, or `latency`: of two that were drawn by weight, the one that is faster to its first content"
  ),
  embeddings: Setting.defaulted(
    Schema.Literals(["same-model", "any-model"]),
    "same-model",
    "Who may answer `POST /embeddings`: `same-model`, targets that ask for the model of the first target, because other models' vectors do not compare with it; or `any-model`"
  ),
  hedge: Setting.optional(
    Hedge.settings,
    "Starts the next targets when the first one is slow: the first content wins, the other request is aborted. It costs tokens at both"
  ),
  retryBudget: Setting.defaulted(Budget.settings, {}, "Limits repeats of the same target"),
  on: Setting.defaulted(
    Overrides,
    {},
    "What follows a failure, by reason (`Overloaded`), by exact status (`429`) or by class (`4xx`): overrides of the decision table. The reason wins over the status, the status over the class"
  )
}

/** A route, ready for use. Durations in milliseconds. */
export interface Route extends Schema.Struct.Type<typeof settings> {
  readonly name: string
  readonly match: Matcher
  readonly targets: ReadonlyArray<Target>
  readonly fallback: ReadonlyArray<Target>
  readonly state: RouteState
}

/** What a route remembers over calls, and over a reload of the configuration. */
export interface RouteState {
  /** Pays for repeats of a target. */
  readonly repeats: Budget.Budget
  /** Undefined where the route does not hedge. */
  readonly hedge: Hedge.Hedge | undefined
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
