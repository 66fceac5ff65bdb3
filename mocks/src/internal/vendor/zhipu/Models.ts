/** Zhipu's models, and what each does. */
import { type ChatRequest, isFields } from "../ChatRequest.ts"

interface Model {
  readonly thinking: "default" | "always"
  /** Whether it takes images. */
  readonly sees: boolean
}

const always: Model = { thinking: "always", sees: false }
const hybrid: Model = { thinking: "default", sees: false }

const models: Readonly<Record<string, Model>> = {
  "glm-5.3": always,
  "glm-5.3-flash": { ...always, sees: true },
  "glm-5.2": hybrid,
  "glm-5.1": hybrid,
  "glm-4.7": always,
  "glm-4.7-flash": always
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
