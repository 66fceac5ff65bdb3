/**
 * The models of Model Studio, and the rules of each, as data.
 *
 * `qwq-*`, `qvq-*` and `*-thinking*` always think and only stream; open-source hybrids of Qwen3 think unless told otherwise and
 * then refuse plain calls; commercial names of that time think only when asked. From Qwen3.5 on models think unless told
 * otherwise, and answer plain calls all the same; `qwen3.8-max` cannot be told otherwise. Omni models only stream.
 */
import type { ChatRequest } from "../ChatRequest.ts"

/** What a model can do and what it refuses. */
export interface Model {
  /** Refuses plain calls: all of them, or those during which it would think. */
  readonly stream: "never" | "thinking" | "always"
  readonly thinking: "never" | "asked" | "default" | "always"
  /** Refuses `enable_thinking: false`. */
  readonly restricted?: true
  /** Takes `json_schema`: snapshots from this day on, and the names without a date. */
  readonly schemaSince?: string
  /** Takes a format for the answer while it thinks. */
  readonly formatsThoughts?: true
  /** Takes `reasoning_effort`, and checks it. */
  readonly effort?: true
  /** Takes images. */
  readonly sees?: true
  /** Tokens that its input may have. */
  readonly context: number
  /** The largest `max_tokens`. */
  readonly maxTokens: number
}

const plain: Model = { stream: "never", thinking: "never", context: 129_024, maxTokens: 8192 }
const asked: Model = { ...plain, stream: "thinking", thinking: "asked" }
const typed: Model = { ...asked, schemaSince: "2025-07-28", context: 997_952, maxTokens: 32_768 }
const hybrid: Model = { ...plain, stream: "thinking", thinking: "default" }
const reasoner: Model = { ...plain, stream: "always", thinking: "always", context: 98_304 }
const omni: Model = { ...plain, stream: "always", thinking: "asked", sees: true, context: 49_152 }
const coder: Model = { ...plain, context: 997_952, maxTokens: 65_536 }
const next: Model = { ...plain, context: 126_976, maxTokens: 32_768 }
const thinker: Model = { ...next, stream: "always", thinking: "always" }
const seer: Model = { ...asked, sees: true, context: 260_096, maxTokens: 32_768 }
const today: Model = { ...plain, thinking: "default", sees: true, context: 991_808, maxTokens: 65_536 }
const blind = ({ sees: _, ...model }: Model): Model => model
const newest: Model = {
  ...{ ...today, maxTokens: 131_072, schemaSince: "2026-01-01" },
  ...{ formatsThoughts: true, effort: true }
}

const models: Readonly<Record<string, Model>> = {
  "qwen3.8-max": { ...newest, thinking: "always", restricted: true },
  "qwen3.8-flash": newest,
  "qwen3.8-omni-flash": { ...newest, stream: "always" },
  "qwen3.7-max": { ...blind(today), schemaSince: "2026-01-01" },
  "qwen3.7-plus": { ...today, schemaSince: "2026-01-01" },
  "qwen3.7-flash": today,
  "qwen3.6-plus": today,
  "qwen3.6-flash": today,
  "qwen3.5-plus": today,
  "qwen3.5-flash": today,
  "qwen3.5-397b-a17b": { ...today, context: 258_048 },
  "qwen3.5-122b-a10b": { ...today, context: 258_048 },
  "qwen3.5-27b": { ...today, context: 258_048 },
  "qwen3.5-35b-a3b": { ...today, context: 258_048 },
  "qwen3-max": { ...typed, schemaSince: "2025-09-23", context: 258_048, maxTokens: 65_536 },
  "qwen-max": { ...plain, context: 30_720 },
  "qwen-plus": typed,
  "qwen-flash": typed,
  "qwen-turbo": { ...asked, maxTokens: 16_384 },
  "qwq-plus": reasoner,
  "qwq-32b": reasoner,
  "qvq-max": { ...reasoner, sees: true },
  "qvq-plus": { ...reasoner, sees: true },
  "qwen3-omni-flash": omni,
  "qwen-omni-turbo": { ...omni, thinking: "never", context: 30_720 },
  "qwen3-vl-plus": seer,
  "qwen3-vl-flash": seer,
  "qwen3-vl-235b-a22b-instruct": { ...next, sees: true },
  "qwen3-vl-235b-a22b-thinking": { ...thinker, sees: true },
  "qwen-vl-max": { ...plain, sees: true },
  "qwen-vl-plus": { ...plain, sees: true },
  "qwen3-coder-plus": coder,
  "qwen3-coder-flash": coder,
  "qwen3-coder-480b-a35b-instruct": { ...coder, context: 204_800 },
  "qwen3-next-80b-a3b-instruct": next,
  "qwen3-next-80b-a3b-thinking": thinker,
  "qwen3-0.6b": hybrid,
  "qwen3-1.7b": hybrid,
  "qwen3-4b": hybrid,
  "qwen3-8b": hybrid,
  "qwen3-14b": hybrid,
  "qwen3-32b": hybrid,
  "qwen3-30b-a3b": hybrid,
  "qwen3-235b-a22b": hybrid,
  "qwen3-235b-a22b-thinking-2507": thinker,
  "qwen3-30b-a3b-thinking-2507": thinker,
  "qwen3-235b-a22b-instruct-2507": next,
  "qwen3-30b-a3b-instruct-2507": next,
  "qwen2.5-72b-instruct": plain,
  "qwen2.5-coder-32b-instruct": plain
}

/** Other vendors' models that are sold here as well. They are answered, and left out of the list: nobody comes here for them. */
const resold: Readonly<Record<string, Model>> = { "deepseek-v3.2": { ...typed, context: 98_304 } }

/** A model of which only recordings are known: it is asked whatever it is asked. */
export const unknown: Model = {
  ...{ ...plain, schemaSince: "", sees: true },
  ...{ context: Number.MAX_SAFE_INTEGER, maxTokens: Number.MAX_SAFE_INTEGER }
}

const dated = /-(latest|\d{4}-\d{2}-\d{2})$/

const known = { ...models, ...resold }

const named = (name: string): Model | undefined => (Object.hasOwn(known, name) ? known[name] : undefined)

/** The rules of a model, or nothing when it does not exist. Dated snapshots follow their model: `qwen-max-2025-01-25`. */
export const find = (name: string): Model | undefined => named(name) ?? named(name.replace(dated, ""))

/** Whether a model takes `json_schema`: names without a date are the newest snapshot. */
export const takesSchema = ({ schemaSince }: Model, name: string): boolean => {
  const date = dated.exec(name)?.[1] ?? "latest"
  return schemaSince !== undefined && (date === "latest" || date >= schemaSince)
}

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
