/**
 * Moonshot's Kimi (platform.kimi.com; its keys and those of platform.kimi.ai are not interchangeable).
 *
 * **Gotchas**
 *
 * - A model that thinks refuses any `temperature` but the one that goes with its mode: it is left out.
 * - Once a conversation calls tools, a model that thinks answers 400 unless each call has its `reasoning_content`; a space will
 *   do for what another vendor wrote.
 * - The balance endpoint is free and tells arrears from health; `GET /models` does not.
 */
import * as Predicate from "effect/Predicate"
import type { Dialect } from "../../../provider/Dialect.ts"
import type { ChatCompletionRequest, ModelRequest } from "../../../wire/ChatCompletion.ts"
import * as Json from "../../wire/Json.ts"
import * as Conversation from "../Conversation.ts"
import * as ModelTable from "../ModelTable.ts"
import * as Switch from "../Switch.ts"
import type { Vendor } from "../Vendor.ts"
import * as Models from "./Models.ts"
import { offers } from "./Offers.ts"
import * as Refusals from "./Refusals.ts"

/** What Moonshot has and not every other vendor. */
export interface Options {
  /** Wire name `thinking`: whether the model thinks before it answers; `kimi-k3` and `kimi-k2.7-code` always do. */
  readonly thinking?: "enabled" | "disabled" | undefined
}

const hasBalance = (body: string): boolean => {
  const answer = Json.parse(body)
  const data = Predicate.hasProperty(answer, "data") ? answer.data : undefined
  return Predicate.hasProperty(data, "available_balance") && Number(data.available_balance) > 0
}

const saysOfThinking = ({ thinking }: ModelRequest): unknown =>
  Predicate.hasProperty(thinking, "type") ? thinking.type : undefined

const thinks = (request: ModelRequest): boolean =>
  Models.thinks(request.model) === "always" || saysOfThinking(request) !== "disabled"

/** A model that always thinks refuses to be told not to; one that does by default refuses a tool that is demanded. */
const thinkingOf = (request: ModelRequest): unknown => {
  if (Models.thinks(request.model) === "always") return undefined
  return request["thinking"] ?? (ModelTable.forcesTool(request) ? { type: "disabled" } : undefined)
}

/** Each mode has one temperature, and refuses others. */
const settle = <R extends ModelRequest>(request: R): R => {
  const { temperature, thinking, ...rest } = request
  const settled = thinkingOf(request)
  if (temperature === undefined && settled === thinking) return request
  return { ...rest, ...(settled === undefined ? {} : { thinking: settled }) } as R
}

const lower = (request: ChatCompletionRequest): Conversation.Messages => {
  const demanded = thinks(request)
  return Conversation.map(request.messages, (given) => {
    const message = Conversation.asSystem(Conversation.rename(given, "prefix", "partial"))
    return demanded && Conversation.callsTools(message) && !message["reasoning_content"]
      ? { ...message, reasoning_content: " " }
      : message
  })
}

/** The dialect of provider type `moonshot`. */
export const dialect: Dialect<Options> = {
  type: "moonshot",
  baseUrl: "https://api.moonshot.cn/v1",
  defaultPath: "/v1",
  errors: Refusals.rows,
  probe: { path: "/users/me/balance", isHealthy: (status, body) => status === 200 && hasBalance(body) },
  settle,
  minds: ["temperature"],
  lengthField: undefined,
  // It takes a subset of JSON Schema of its own: a schema goes out as an instruction.
  structuredOutput: () => "json_object",
  switches: { thinking: Switch.thinking },
  lower,
  prefill: { field: "partial", toPath: (path) => path },
  completionsPath: () => undefined,
  retired: {}
}

/** Moonshot. */
export const vendor: Vendor<Options> = {
  dialect,
  offers,
  service: {
    label: { en: "Kimi (Moonshot)", zh: "Kimi（月之暗面）" },
    console: "https://platform.kimi.com/console/api-keys",
    variable: "MOONSHOT_API_KEY",
    urlVariable: "MOONSHOT_BASE_URL",
    model: "kimi-k3",
    families: { moonshot: "kimi-" }
  }
}
