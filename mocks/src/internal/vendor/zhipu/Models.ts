/** Zhipu's models, and what each does. */
import { type ChatRequest, isFields } from "../ChatRequest.ts"

interface Model {
  readonly thinking: "default" | "always"
  /** Tokens that its input may have. */
  readonly context: number
  /** Whether it takes images. */
  readonly sees: boolean
}

const always: Model = { thinking: "always", sees: false, context: 1_000_000 }
const hybrid: Model = { ...always, thinking: "default" }
const older = 200_000

const models: Readonly<Record<string, Model>> = {
  "glm-5.3": always,
  "glm-5.3-flash": { ...always, sees: true },
  "glm-5.2": hybrid,
  "glm-5.1": { ...hybrid, context: older },
  "glm-4.7": { ...always, context: older },
  "glm-4.7-flash": { ...always, context: older }
}

/** The names that are listed, all of which are answered. */
export const listed: ReadonlyArray<string> = Object.keys(models)

/** The model of that name; of one that only a recording knows, what takes most. */
export const of = (name: string): Model => models[name] ?? { ...hybrid, sees: true }

const wanted = ({ raw: { thinking } }: ChatRequest): unknown => (isFields(thinking) ? thinking["type"] : undefined)

/** Whether the model reasons on this request. */
export const thinks = (request: ChatRequest): boolean =>
  of(request.model).thinking === "always" || wanted(request) !== "disabled"

/** Whether the request switches off what cannot be. */
export const isImpossible = (request: ChatRequest): boolean =>
  of(request.model).thinking === "always" && wanted(request) === "disabled"

/** The body of `GET /models`. */
export const list = (created: number): string =>
  JSON.stringify({ object: "list", data: listed.map((id) => ({ id, object: "model", created, owned_by: "z-ai" })) })
