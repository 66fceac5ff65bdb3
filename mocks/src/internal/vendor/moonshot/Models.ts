/** Moonshot's models, and what each does. */
import { type ChatRequest, isFields } from "../ChatRequest.ts"

interface Model {
  readonly thinking: "default" | "always"
  /** Takes `tool_choice: "required"` while it thinks; a certain function none does. */
  readonly demanding?: true
  /** Tokens of its context, the answer included. */
  readonly context: number
}

const k3: Model = { thinking: "always", demanding: true, context: 1_048_576 }
const k2: Model = { thinking: "default", context: 262_144 }

const models: Readonly<Record<string, Model>> = {
  "kimi-k3": k3,
  "kimi-k3.1-pro": k3,
  "kimi-k3.1-pro-highspeed": k3,
  "kimi-k2.7-code": { ...k2, thinking: "always" },
  "kimi-k2.7-code-highspeed": { ...k2, thinking: "always" },
  "kimi-k2.6": k2
}

/** The names that are listed, all of which are answered. */
export const listed: ReadonlyArray<string> = Object.keys(models)

/** The model of that name; of one that only a recording knows, what most are. */
export const of = (name: string): Model => models[name] ?? k3

const wanted = ({ raw: { thinking } }: ChatRequest): unknown => (isFields(thinking) ? thinking["type"] : undefined)

/** Whether the model reasons on this request. */
export const thinks = (request: ChatRequest): boolean =>
  of(request.model).thinking === "always" || wanted(request) !== "disabled"

/** Whether the request switches off what cannot be. */
export const isImpossible = (request: ChatRequest): boolean =>
  of(request.model).thinking === "always" && wanted(request) === "disabled"

/** The body of `GET /models`. */
export const list = (created: number): string =>
  JSON.stringify({
    object: "list",
    data: listed.map((id) => ({ id, object: "model", created, owned_by: "moonshot", context_length: of(id).context }))
  })
