/**
 * DeepSeek (api-docs.deepseek.com: error_codes, rate_limit, create-chat-completion, get-user-balance).
 *
 * **Gotchas**
 *
 * `error.code` is `invalid_request_error` for 400, 401, 402, 422 and 429 alike, so only status and message tell them
 * apart; a 401 without credentials is plain text; HTTP 200 comes early and is no sign of success. The balance endpoint is
 * free and says more than `GET /models`: it tells arrears from health.
 *
 * Once a conversation calls tools, a model that thinks answers 400 unless every assistant message has a
 * `reasoning_content`; an empty one will do for what another vendor wrote. Without tools it is of no use, and
 * `deepseek-reasoner` refused it.
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

/** What DeepSeek has and not every other vendor. */
export interface Options {
  /** Wire name `thinking`: whether the model thinks before it answers; how hard, `reasoningEffort` says. */
  readonly thinking?: "enabled" | "disabled" | undefined
}

const isAvailable = (body: string): boolean => {
  const balance = Json.parse(body)
  return Predicate.isObject(balance) && (balance as Record<string, unknown>)["is_available"] === true
}

const saysOfThinking = ({ thinking }: ModelRequest): unknown =>
  Predicate.hasProperty(thinking, "type") ? thinking.type : undefined

/** Every model thinks unless told otherwise, but for the one name that stood for not thinking. */
const thinks = (request: ModelRequest): boolean => {
  const type = saysOfThinking(request)
  return type === undefined ? Models.of(request.model).thinks !== "never" : type !== "disabled"
}

/** "Thinking mode does not support this tool_choice" */
const settle = <R extends ModelRequest>(request: R): R =>
  ModelTable.forcesTool(request) &&
  saysOfThinking(request) === undefined &&
  Models.of(request.model).thinks === "byDefault"
    ? { ...request, thinking: { type: "disabled" } }
    : request

const lower = (request: ChatCompletionRequest): Conversation.Messages => {
  const callsTools = request.messages.some(Conversation.callsTools)
  const demanded = callsTools && thinks(request)
  return Conversation.map(request.messages, (given) => {
    const message = Conversation.asSystem(Conversation.rename(given, "partial", "prefix"))
    if (message.role !== "assistant") return message
    if (demanded) return message["reasoning_content"] == null ? { ...message, reasoning_content: "" } : message
    return callsTools || message["prefix"] === true ? message : Conversation.omit(message, "reasoning_content")
  })
}

/** Chat prefix completion and text completion (FIM) are beta features, on a path of their own. */
const toBeta = (path: string): string => `${path.replace(/\/(v1|beta)$/, "")}/beta`

/** The dialect of provider type `deepseek`. */
export const dialect: Dialect<Options> = {
  type: "deepseek",
  baseUrl: "https://api.deepseek.com",
  defaultPath: "",
  errors: [
    { status: 400, message: /^Model Not Exist/, reason: "ModelNotFound" },
    { status: 400, message: /^The supported API model names are /, reason: "ModelNotFound" },
    { status: 400, message: /^Content Exists Risk/, reason: "ContentFiltered" },
    { status: 400, message: /^This model's maximum context length is /, reason: "ContextTooLong" },
    { status: 401, reason: "Unauthorized" },
    { status: 402, reason: "BalanceExhausted" },
    { status: 429, reason: "RateLimited" },
    { status: 503, reason: "Overloaded" }
  ],
  probe: { path: "/user/balance", isHealthy: (status, body) => status === 200 && isAvailable(body) },
  settle,
  unsuited: (request) => (Models.of(request.model).textOnly ? ModelTable.beyondText(request) : undefined),
  // `max_completion_tokens` is ignored without a word.
  lengthField: "max_tokens",
  structuredOutput: () => "json_object",
  switches: { thinking: Switch.thinking },
  // create-chat-completion: the inference system had no room to go on.
  unfinished: /^insufficient_system_resource$/i,
  lower,
  prefill: { field: "prefix", toPath: toBeta },
  completionsPath: (_, path) => toBeta(path),
  // Both names were retired on 2026-07-24; they were the two modes of one model.
  retired: {
    "deepseek-chat": { model: "deepseek-flash", extraBody: { thinking: { type: "disabled" } } },
    "deepseek-reasoner": { model: "deepseek-flash", extraBody: { thinking: { type: "enabled" } } }
  }
}

/** DeepSeek. */
export const vendor: Vendor<Options> = {
  dialect,
  offers,
  service: {
    label: { en: "DeepSeek", zh: "DeepSeek" },
    console: "https://platform.deepseek.com/api_keys",
    variable: "DEEPSEEK_API_KEY",
    urlVariable: "DEEPSEEK_BASE_URL",
    model: "deepseek-flash",
    families: { deepseek: "deepseek-" }
  }
}
