/**
 * Says which route, targets and keys a request would take, and why, without sending anything.
 */

import * as Decision from "../failure/Decision.ts"
import type { ReasonTag } from "../failure/Reason.ts"
import * as KeyState from "../key/KeyState.ts"
import { modelFor } from "../provider/Provider.ts"
import * as Matcher from "./Matcher.ts"
import type { Route } from "./Route.ts"

/** A key as `explain` shows it. */
export interface KeyExplanation {
  readonly id: string
  readonly name: string
  /** `Available`, `Cooling`, `Removed` or `Disabled`: the worse of the key's own state and its state for this model. */
  readonly state: string
  readonly reason: string | undefined
  /** Milliseconds until the key may be back; 0 when it is usable now. */
  readonly dueIn: number | undefined
}

/** A target with its keys, in the order of the chain. */
export interface TargetExplanation {
  readonly role: "target" | "fallback"
  readonly provider: string
  /** The model that would really be asked for. */
  readonly model: string
  readonly weight: number
  /** True when the circuit lets a call through and a key is usable. */
  readonly usable: boolean
  /** `Closed`, `Open` or `HalfOpen`. */
  readonly circuit: string
  readonly keys: ReadonlyArray<KeyExplanation>
}

/** What became of a route: taken, or why not. */
export type Verdict = { readonly _tag: "Taken" } | { readonly _tag: "Shadowed"; readonly by: string } | Matcher.Mismatch

/** A route that was asked. */
export interface Considered {
  readonly route: string
  readonly match: string
  readonly verdict: Verdict
  /** The verdict in English, for logs and for programs that print it. */
  readonly because: string
}

/** What a request for a model would meet. */
export interface Explanation {
  readonly model: string
  readonly route: string | undefined
  /** Every route in the order in which it is asked, and why it was not taken. */
  readonly considered: ReadonlyArray<Considered>
  readonly targets: ReadonlyArray<TargetExplanation>
  /** What each reason would do on this route; empty without a route. */
  readonly decisions: Partial<Readonly<Record<ReasonTag, Decision.Decision>>>
}

const targetsOf = (route: Route, requested: string, now: number): ReadonlyArray<TargetExplanation> => {
  const explain =
    (role: TargetExplanation["role"]) =>
    (target: Route["targets"][number]): TargetExplanation => {
      const model = modelFor(target.provider, target.model ?? requested)
      const keys = target.provider.pool.snapshot().map((key): KeyExplanation => {
        const own = key.state
        const forModel = key.models[model]
        const state = KeyState.isUsable(own, now) && forModel !== undefined ? forModel : own
        return {
          id: key.id,
          name: key.name,
          state: KeyState.isUsable(state, now) ? "Available" : state._tag,
          reason: state._tag === "Removed" || state._tag === "Cooling" ? state.reason : undefined,
          dueIn: KeyState.dueIn(state, now)
        }
      })
      const { circuits, name, pool } = target.provider
      const usable = pool.hasUsable(model, now) && circuits.wouldAdmit(model, now)
      const circuit = circuits.stateOf(model)._tag
      return { role, provider: name, model, weight: target.weight, usable, circuit, keys }
    }
  return [...route.targets.map(explain("target")), ...route.fallback.map(explain("fallback"))]
}

const inEnglish = (verdict: Verdict): string => {
  switch (verdict._tag) {
    case "Taken":
      return "taken"
    case "Shadowed":
      return `a more specific or earlier route is taken: ${verdict.by}`
    case "OtherModel":
      return `model is not ${Matcher.toLabel(verdict.model)}`
    case "OtherHeader":
      return `header ${verdict.name} is not "${verdict.value}"`
    case "OtherConsumer":
      return `consumer is not one of ${verdict.consumers.join(", ")}`
  }
}

const verdictOn = (route: Route, taken: Route | undefined, subject: Matcher.Subject): Verdict => {
  const mismatch = Matcher.mismatch(route.match, subject)
  if (mismatch !== undefined) return mismatch
  return taken === undefined || route === taken ? { _tag: "Taken" } : { _tag: "Shadowed", by: taken.name }
}

/** Explains a request; `now` is Unix time in milliseconds. */
export const explain = (routes: ReadonlyArray<Route>, subject: Matcher.Subject, now: number): Explanation => {
  const taken = Matcher.find(routes, subject)
  const considered = routes.map((route): Considered => {
    const verdict = verdictOn(route, taken, subject)
    return { route: route.name, match: Matcher.toLabel(route.match.model), verdict, because: inEnglish(verdict) }
  })
  const targets = taken === undefined ? [] : targetsOf(taken, subject.model, now)
  const decisions = taken === undefined ? {} : Decision.table(taken.on)
  return { model: subject.model, route: taken?.name, considered, targets, decisions }
}
