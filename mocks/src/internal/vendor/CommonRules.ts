/** Rules of a request that many vendors have, each with the recipe of its refusal. */
import type * as ChatRequest from "./ChatRequest.ts"
import type { Refusal } from "./Personality.ts"
import * as ToolOrder from "./ToolOrder.ts"

const roles: ReadonlyArray<string> = ["system", "user", "assistant", "tool"]

/** A refusal, with words for its text. */
export const refusal = (recipe: Refusal["recipe"], details: Refusal["details"] = {}): Refusal => ({ recipe, details })

/** The first role that is none; calls without results, and results without calls; a bound that is none. */
export const check = (request: ChatRequest.ChatRequest, mostTokens: number): Refusal | undefined => {
  const stranger = request.messages.find(({ role }) => !roles.includes(role))
  if (stranger !== undefined) return refusal("request.role", { role: stranger.role })
  if (ToolOrder.disorder(request.messages) !== undefined) return refusal("request.tools")
  const { maxTokens } = request
  return maxTokens === undefined || (Number.isInteger(maxTokens) && maxTokens >= 1 && maxTokens <= mostTokens)
    ? undefined
    : refusal("request.maxTokens", { limit: mostTokens })
}

/** The refusal of a body that is no request: `field` is what is missing. */
export const unreadable = (field: string): Refusal =>
  field === "" ? refusal("request.notJson") : refusal("request.malformed", { why: `missing ${field}` })
