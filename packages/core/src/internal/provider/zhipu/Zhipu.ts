/**
 * Zhipu's GLM (docs.bigmodel.cn; abroad z.ai, whose keys are its own).
 *
 * **Gotchas**
 *
 * - A key of a coding plan works under `/api/coding/paas/v4` alone: elsewhere it is refused with 429 and code 1113, as one in
 *   arrears is.
 * - `GET /models` proves a key and says nothing of its balance.
 * - A prompt that is too long may be cut without a word.
 */
import type { Dialect } from "../../../provider/Dialect.ts"
import type { ModelRequest } from "../../../wire/ChatCompletion.ts"
import * as Conversation from "../Conversation.ts"
import * as ModelTable from "../ModelTable.ts"
import * as Switch from "../Switch.ts"
import type { Vendor } from "../Vendor.ts"
import * as Models from "./Models.ts"
import { offers } from "./Offers.ts"
import * as Refusals from "./Refusals.ts"

/** What Zhipu has and not every other vendor. */
export interface Options {
  /** Wire name `thinking`: whether the model thinks before it answers; from `glm-5.3` on it always does. */
  readonly thinking?: "enabled" | "disabled" | undefined
  /** Wire name `tool_stream`: whether the arguments of tool calls are streamed too. */
  readonly toolStream?: boolean | undefined
}

/** A model that always thinks refuses to be told not to. */
const settle = <R extends ModelRequest>(request: R): R => {
  const { thinking, ...rest } = request
  return thinking !== undefined && Models.of(request.model).alwaysThinks === true ? (rest as R) : request
}

/** The dialect of provider type `zhipu`. */
export const dialect: Dialect<Options> = {
  type: "zhipu",
  baseUrl: "https://open.bigmodel.cn/api/paas/v4",
  defaultPath: "/api/paas/v4",
  errors: Refusals.rows,
  probe: { path: "/models", isHealthy: (status) => status === 200 },
  settle,
  unsuited: (request) => (Models.of(request.model).textOnly ? ModelTable.beyondText(request) : undefined),
  lengthField: "max_tokens",
  structuredOutput: () => "json_object",
  switches: { thinking: Switch.thinking, toolStream: Switch.flag("tool_stream") },
  // The model failed in mid-answer.
  unfinished: /^network_error$/i,
  lower: ({ messages }) => Conversation.map(messages, Conversation.asSystem),
  prefill: undefined,
  completionsPath: () => undefined,
  retired: {}
}

/** Zhipu. */
export const vendor: Vendor<Options> = {
  dialect,
  offers,
  service: {
    label: { en: "GLM (Zhipu)", zh: "智谱 GLM" },
    console: "https://bigmodel.cn/usercenter/proj-mgmt/apikeys",
    variable: "ZHIPU_API_KEY",
    urlVariable: "ZHIPU_BASE_URL",
    model: "glm-5.3-flash",
    families: { zhipu: "glm-" }
  }
}
