/**
 * One step of a call's chain: a target, and what this call knows about it.
 */
import type { Ok } from "../../failure/Trail.ts"
import type { Permit } from "../../health/Circuits.ts"
import { completesText, modelFor, structuredWay, unsuited } from "../../provider/Provider.ts"
import type { Target } from "../../route/Route.ts"
import type { Operation } from "../../telemetry/Event.ts"
import type { ModelRequest, Said } from "../../wire/ChatCompletion.ts"

/** Some names. They are replaced, never changed: most calls share the same none. */
export type Names = ReadonlySet<string>

/** No names. */
export const noNames: Names = new Set()

/** The names and one more. */
export const withName = (names: Names, name: string): Names => new Set(names).add(name)

/** The names but one. */
export const withoutName = (names: Names, name: string): Names =>
  names.has(name) ? new Set([...names].filter((each) => each !== name)) : names

/** One step of the chain, with what this call knows about it. */
export interface Step {
  readonly target: Target
  /** The name that is put into the request, before the provider's aliases. */
  readonly requested: string
  /** The model that is really asked for. */
  readonly model: string
  /** How the schema of the request is put to the target; undefined when there is none. */
  readonly structured: Ok["structured"] | undefined
  /** Keys that failed here; never drawn again by this call. */
  usedKeys: Names
  /** Keys found limited: well, and so left for the last resort. */
  limitedKeys: Names
  /** Accounts found limited or without money. */
  usedAccounts: Names
  /** Repeats of this target that are left. */
  repeats: number
  /** Leave of the target's circuit for the attempt under way. */
  permit: Permit | undefined
  /** Asked as the last resort, whatever its circuit says. */
  forced: boolean
  /** The record of the attempt that is answering. */
  answer: Ok | undefined
  /** What the answer of the latest attempt says of itself, as far as it has come. */
  said: Said | undefined
  /** `untried` and `limited` steps may be asked once more when nothing else is left; `unsuited` ones are not asked at all. */
  state: "untried" | "limited" | "failed" | "unsuited"
}

const isUnsuited = ({ model, provider }: Target, request: ModelRequest, operation: Operation): boolean =>
  unsuited(provider, request, model ?? request.model) !== undefined ||
  (operation === "text_completion" && !completesText(provider, model ?? request.model))

/**
 * Makes the steps of a call. Those whose model is known not to take the request are not asked, unless that is so of all of them:
 * then the vendor has the word, for it may have learnt what it could not.
 */
export const steps = (
  order: ReadonlyArray<Target>,
  request: ModelRequest,
  operation: Operation
): ReadonlyArray<Step> => {
  const made = order.map((target) => toStep(target, request, operation))
  return made.every(({ state }) => state === "unsuited") ? made.map((step) => ({ ...step, state: "untried" })) : made
}

const toStep = (target: Target, request: ModelRequest, operation: Operation): Step => ({
  target,
  requested: target.model ?? request.model,
  model: modelFor(target.provider, target.model ?? request.model),
  structured: structuredWay(target.provider, request, target.model ?? request.model),
  usedKeys: noNames,
  limitedKeys: noNames,
  usedAccounts: noNames,
  repeats: 1,
  permit: undefined,
  forced: false,
  answer: undefined,
  said: undefined,
  state: isUnsuited(target, request, operation) ? "unsuited" : "untried"
})
