/**
 * One step of a call's chain: a target, and what this call knows about it.
 */
import type { AttemptRecord } from "../failure/FailoverError.ts"
import type { Permit } from "../health/Circuits.ts"
import { modelFor, structuredWay } from "../provider/Provider.ts"
import type { Target } from "../route/Route.ts"
import type { ModelRequest, Said } from "../wire/ChatCompletion.ts"

/** One step of the chain, with what this call knows about it. */
export interface Step {
  readonly target: Target
  /** The name that is put into the request, before the provider's aliases. */
  readonly requested: string
  /** The model that is really asked for. */
  readonly model: string
  /** How the schema of the request is put to the target; undefined when there is none. */
  readonly structured: AttemptRecord["structured"] | undefined
  /** Keys that failed here; never drawn again by this call. */
  readonly usedKeys: Set<string>
  /** Keys found limited: well, and so left for the last resort. */
  readonly limitedKeys: Set<string>
  /** Accounts found limited or without money. */
  readonly usedAccounts: Set<string>
  /** Repeats of this target that are left. */
  repeats: number
  /** Leave of the target's circuit for the attempt under way. */
  permit: Permit | undefined
  /** Asked as the last resort, whatever its circuit says. */
  forced: boolean
  /** The record of the attempt that is answering. */
  answer: AttemptRecord | undefined
  /** What the answer of the latest attempt says of itself, as far as it has come. */
  said: Said | undefined
  /** `untried` and `limited` steps may be asked once more when nothing else is left. */
  state: "untried" | "limited" | "failed"
}

/** Makes the steps of a call. */
export const steps = (order: ReadonlyArray<Target>, request: ModelRequest): ReadonlyArray<Step> =>
  order.map((target) => ({
    target,
    requested: target.model ?? request.model,
    model: modelFor(target.provider, target.model ?? request.model),
    structured: structuredWay(target.provider, request, target.model ?? request.model),
    usedKeys: new Set(),
    limitedKeys: new Set(),
    usedAccounts: new Set(),
    repeats: 1,
    permit: undefined,
    forced: false,
    answer: undefined,
    said: undefined,
    state: "untried"
  }))
