/**
 * The Qwen models of Model Studio, by the rules that their names imply.
 *
 * `qwq-*` and `*-thinking-*` always think and only stream; open-source hybrids think unless told otherwise and then refuse
 * plain calls; commercial names think only when asked.
 */
import type { ChatRequest } from "../internal/ChatRequest.ts"

/** What a model's name implies. */
export interface Model {
  readonly streamOnly: boolean
  readonly thinking: "never" | "asked" | "default" | "always"
  /** Takes `json_schema`; so far only `qwen-plus` is known to. */
  readonly schema?: true
}

const plain: Model = { streamOnly: false, thinking: "asked" }

const models: Record<string, Model> = {
  "qwen-turbo": plain,
  "qwen-plus": { ...plain, schema: true },
  "qwen-flash": plain,
  "qwen-max": { streamOnly: false, thinking: "never" },
  "qwen3-max": plain,
  "qwen3.5-plus": plain,
  "qwen3-8b": { streamOnly: false, thinking: "default" },
  "qwen3-32b": { streamOnly: false, thinking: "default" },
  "qwen3-235b-a22b": { streamOnly: false, thinking: "default" },
  "qwen2.5-72b-instruct": { streamOnly: false, thinking: "never" },
  "qwq-32b": { streamOnly: true, thinking: "always" },
  "qwq-plus": { streamOnly: true, thinking: "always" },
  "qwen3-235b-a22b-thinking-2507": { streamOnly: true, thinking: "always" }
}

/** A model of which only recordings are known: it is asked whatever it is asked. */
export const unknown: Model = { streamOnly: false, thinking: "never", schema: true }

/** The rules of a model, or nothing when it does not exist. Dated snapshots follow their model: `qwen-max-2025-01-25`. */
export const find = (name: string): Model | undefined =>
  models[name] ?? models[name.replace(/-(latest|\d{4}-\d{2}-\d{2})$/, "")]

/** Whether the model reasons on this request. */
export const thinks = (request: ChatRequest): boolean => {
  const asked = request.raw["enable_thinking"]
  switch (find(request.model)?.thinking) {
    case "always":
      return true
    case "default":
      return asked !== false
    case "asked":
      return asked === true
    default:
      return false
  }
}

/** The body of `GET /models`. */
export const list = (created: number): string =>
  JSON.stringify({
    object: "list",
    data: Object.keys(models).map((id) => ({ id, object: "model", created, owned_by: "system" }))
  })
