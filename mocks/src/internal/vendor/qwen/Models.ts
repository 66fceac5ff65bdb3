/**
 * The Qwen models of Model Studio, and the rules of each.
 *
 * `qwq-*`, `qvq-*` and `*-thinking-*` always think and only stream; open-source hybrids of Qwen3 think unless told otherwise and
 * then refuse plain calls; commercial names of that time think only when asked. From Qwen3.5 on models think unless told
 * otherwise, and answer plain calls all the same; `qwen3.8-max` cannot be told otherwise.
 */
import type { ChatRequest } from "../ChatRequest.ts"

/** What a model can do and what it refuses. */
export interface Model {
  /** Refuses plain calls: all of them, or those during which it would think. */
  readonly stream: "never" | "thinking" | "always"
  readonly thinking: "never" | "asked" | "default" | "always"
  /** Refuses `enable_thinking: false`. */
  readonly restricted?: true
  /** Takes `json_schema`. */
  readonly schema?: true
  /** The largest `max_tokens`. */
  readonly maxTokens: number
}

const plain: Model = { stream: "never", thinking: "never", maxTokens: 8192 }
const asked: Model = { stream: "thinking", thinking: "asked", maxTokens: 8192 }
const typed: Model = { ...asked, schema: true }
const hybrid: Model = { stream: "thinking", thinking: "default", maxTokens: 8192 }
const reasoner: Model = { stream: "always", thinking: "always", maxTokens: 8192 }
const omni: Model = { stream: "always", thinking: "never", maxTokens: 8192 }
const thinking: Model = { stream: "never", thinking: "default", maxTokens: 65_536 }
const newest: Model = { ...thinking, maxTokens: 131_072 }

const models: Readonly<Record<string, Model>> = {
  "qwen3.8-max": { ...newest, thinking: "always", restricted: true },
  "qwen3.8-flash": newest,
  "qwen3.7-max": thinking,
  "qwen3.7-plus": thinking,
  "qwen3.7-flash": thinking,
  "qwen3.6-plus": thinking,
  "qwen3.5-plus": thinking,
  "qwen3.5-flash": thinking,
  "qwen3.5-27b": thinking,
  "qwen3.5-35b-a3b": thinking,
  "qwen3-max": { ...typed, maxTokens: 65_536 },
  "qwen-max": plain,
  "qwen-plus": typed,
  "qwen-flash": typed,
  "qwen-turbo": asked,
  "qwq-plus": reasoner,
  "qwq-32b": reasoner,
  "qvq-max": reasoner,
  "qvq-plus": reasoner,
  "qwen3-omni-flash": omni,
  "qwen3-coder-plus": plain,
  "qwen3-0.6b": hybrid,
  "qwen3-1.7b": hybrid,
  "qwen3-4b": hybrid,
  "qwen3-8b": hybrid,
  "qwen3-14b": hybrid,
  "qwen3-32b": hybrid,
  "qwen3-30b-a3b": hybrid,
  "qwen3-235b-a22b": hybrid,
  "qwen3-235b-a22b-thinking-2507": reasoner,
  "qwen3-30b-a3b-thinking-2507": reasoner,
  "qwen3-235b-a22b-instruct-2507": plain,
  "qwen2.5-72b-instruct": plain
}

/** A model of which only recordings are known: it is asked whatever it is asked. */
export const unknown: Model = { ...plain, schema: true, maxTokens: Number.MAX_SAFE_INTEGER }

const named = (name: string): Model | undefined => (Object.hasOwn(models, name) ? models[name] : undefined)

/** The rules of a model, or nothing when it does not exist. Dated snapshots follow their model: `qwen-max-2025-01-25`. */
export const find = (name: string): Model | undefined =>
  named(name) ?? named(name.replace(/-(latest|\d{4}-\d{2}-\d{2})$/, ""))

/** Whether the model reasons on this request. */
export const thinks = (request: ChatRequest): boolean => {
  const wanted = request.raw["enable_thinking"]
  switch (find(request.model)?.thinking) {
    case "always":
      return true
    case "default":
      return wanted !== false
    case "asked":
      return wanted === true
    default:
      return false
  }
}

const small = [1024, 768, 512, 256, 128, 64]

/** Models for embeddings, and the lengths of vectors that each offers. */
export const embeddings: Readonly<Record<string, ReadonlyArray<number>>> = {
  "text-embedding-v4": [2048, 1536, ...small],
  "text-embedding-v3": small
}

/** Every name that is listed. */
export const listed: ReadonlyArray<string> = [...Object.keys(models), ...Object.keys(embeddings)]

/** The body of `GET /models`. */
export const list = (created: number): string =>
  JSON.stringify({ object: "list", data: listed.map((id) => ({ id, object: "model", created, owned_by: "system" })) })
