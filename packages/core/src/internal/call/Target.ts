/**
 * A target of one call, and what this call knows about it.
 */
import type * as Decision from "../../failure/Decision.ts"
import { type Reason, traitsOf } from "../../failure/Reason.ts"
import type { Ok } from "../../failure/Trail.ts"
import type { Lease } from "../../key/KeyPool.ts"
import { completesText, modelFor, type Provider, structuredWay, unsuited } from "../../provider/Provider.ts"
import type * as Route from "../../route/Route.ts"
import type { Operation } from "../../telemetry/Event.ts"
import type { ModelRequest, Said } from "../../wire/ChatCompletion.ts"
import type { Permit } from "../health/Circuits.ts"

/**
 * How a target stands with a call.
 *
 * - `Ahead`: nobody has looked at it yet.
 * - `Passed`: it was passed over, or its circuit kept back a key that was not tried: once nothing else is left, it is asked.
 * - `Limited`: it answered that it is limited; once nothing else is left, the end of the limit is waited for.
 * - `Failed`: the fault is its own: it is not asked again.
 */
export type State = "Ahead" | "Passed" | "Limited" | "Failed"

/** What a call has used up of a target's keys. Replaced, never changed: most calls share `unused`. */
export interface Used {
  /** Keys that failed: never drawn again by this call. */
  readonly keys: ReadonlySet<string>
  /** Keys found limited: well, and so left for the last resort. */
  readonly limited: ReadonlySet<string>
  /** Accounts found limited or without money. */
  readonly accounts: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** Nothing is used up. */
export const unused: Used = { keys: none, limited: none, accounts: none }

const withName = (names: ReadonlySet<string>, name: string): ReadonlySet<string> => new Set(names).add(name)

const withoutName = (names: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  names.has(name) ? new Set([...names].filter((each) => each !== name)) : names

/** Used up with a key that failed, as far as the decision says so. */
export const spend = (used: Used, { key }: Lease, reason: Reason, decision: Decision.Decision): Used => {
  if (decision.anotherKey === "no") return used
  const spent = key.id
  const { accounts, keys, limited } = used
  const isLimit = traitsOf(reason).about === "limit"
  return {
    keys: isLimit ? keys : withName(keys, spent),
    limited: isLimit ? withName(limited, spent) : limited,
    accounts: decision.anotherKey === "otherAccount" ? withName(accounts, key.account) : accounts
  }
}

/** Used up but for a key that may be asked once more. */
export const spare = ({ accounts, keys, limited }: Used, { key }: Lease): Used => ({
  keys: withoutName(keys, key.id),
  limited: withoutName(limited, key.id),
  accounts: withoutName(accounts, key.account)
})

/** A target of one call. Changed by its `Call` alone. */
export interface Target {
  readonly provider: Provider
  /** The name that is put into the request, before the provider's aliases. */
  readonly requested: string
  /** The model that is really asked for. */
  readonly model: string
  /** How the schema of the request is put to the target; undefined when there is none. */
  readonly structured: Ok["structured"] | undefined
  /** False when the model is known not to take the request: it is passed over, and not asked in the end either. */
  readonly suits: boolean
  state: State
  used: Used
  /** Repeats that are left. */
  repeats: number
  /** Asked as the last resort, whatever its circuit says. */
  forced: boolean
  /** Leave of the target's circuit for the attempt under way. */
  permit: Permit | undefined
  /** The record of the attempt that is answering. */
  answer: Ok | undefined
  /** What the answer of the latest attempt says of itself, as far as it has come. */
  said: Said | undefined
}

const isSuited = ({ model, provider }: Route.Target, request: ModelRequest, operation: Operation): boolean =>
  unsuited(provider, request, model ?? request.model) === undefined &&
  (operation !== "text_completion" || completesText(provider, model ?? request.model))

/** Makes a target. */
export const make = (target: Route.Target, request: ModelRequest, suits: boolean): Target => {
  const { provider } = target
  const requested = target.model ?? request.model
  return {
    provider,
    requested,
    model: modelFor(provider, requested),
    structured: request["response_format"] == null ? undefined : structuredWay(provider, request, requested),
    suits,
    state: "Ahead",
    used: unused,
    repeats: 1,
    forced: false,
    permit: undefined,
    answer: undefined,
    said: undefined
  }
}

/**
 * Makes the targets of a call. Those whose model is known not to take the request are not asked, unless that is so of all of
 * them: then the vendor has the word, for it may have learnt what it could not.
 */
export const inOrder = (
  order: ReadonlyArray<Route.Target>,
  request: ModelRequest,
  operation: Operation
): ReadonlyArray<Target> => {
  const [only] = order
  if (only !== undefined && order.length === 1) return [make(only, request, true)]
  const suited = order.map((target) => isSuited(target, request, operation))
  const none = !suited.includes(true)
  return order.map((target, index) => make(target, request, none || suited[index] === true))
}
