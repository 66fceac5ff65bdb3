/**
 * From the target of a request to what is asked for. Paths are compared by their end, because base URLs are entered with
 * and without `/v1`, with a slash at their end, or with a path of their own, and some clients add another `/v1`.
 *
 * The paths of Azure's API, `…/openai/deployments/MODEL/chat/completions`, name the model too; their `api-version` is not
 * looked at.
 */

import type * as Effect from "effect/Effect"
import type { Call, Failover, Head } from "../../failover/Failover.ts"
import type { FailoverError } from "../../failure/FailoverError.ts"
import type { ModelRequest } from "../../wire/ChatCompletion.ts"
import type { EmbeddingRequest as Vectors } from "../../wire/Embedding.ts"
import * as Json from "../wire/Json.ts"
import * as EmbeddingRequest from "./EmbeddingRequest.ts"
import type { Parsed } from "./RequestBody.ts"

/** An endpoint that takes JSON and gives JSON. */
export interface JsonEndpoint<R extends ModelRequest = ModelRequest> {
  readonly path: string
  readonly parse: (text: string) => Parsed<R>
  /** Asks the engine; the call's request is one that `parse` gave. */
  ask(failover: Failover["Service"], call: Call<R>): Effect.Effect<Head & { readonly bytes: Buffer }, FailoverError>
}

const embeddings: JsonEndpoint<Vectors> = {
  path: "/embeddings",
  parse: EmbeddingRequest.parse,
  ask: (failover, call) => failover.embed(call)
}

/** The endpoints that take JSON and give JSON. Faces serve whatever is here. */
export const json = { embeddings } satisfies Readonly<Record<string, JsonEndpoint>>

/** The name of one of them. */
export type JsonName = keyof typeof json

const names = Object.keys(json) as ReadonlyArray<JsonName>

/** What a path asks for. */
export interface Place {
  readonly endpoint: "chat" | "completions" | JsonName | "models" | "model"
  /** The model that the path names. */
  readonly model: string | undefined
}

const chat: Place = { endpoint: "chat", model: undefined }
const completions: Place = { endpoint: "completions", model: undefined }
const places = names.map((endpoint): readonly [path: string, place: Place] => [
  json[endpoint].path,
  { endpoint, model: undefined }
])
const models: Place = { endpoint: "models", model: undefined }

const decoded = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The path of a request's target, without its query, and without the slashes that say nothing. */
export const pathOf = (target: string): string => {
  const cut = target.search(/[?#]/)
  let path = cut === -1 ? target : target.slice(0, cut)
  // The form that proxies are sent: `http://host/path`.
  if (!path.startsWith("/")) path = path.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*/i, "") || "/"
  if (path.includes("//")) path = path.replace(/\/{2,}/g, "/")
  if (path.length > 1 && path.endsWith("/")) path = path.slice(0, -1)
  return path.includes("%") ? decoded(path) : path
}

const ends = ["/chat/completions", "/completions", ...places.map(([path]) => path)].map((path) => path.slice(1))
const deployment = new RegExp(`/openai/deployments/(?!chat/completions$)(.+?)/(${ends.join("|")})$`)

/** What a path asks for; `base` is what has to stand before OpenAI's own paths. */
export const find = (path: string, base: "/v1" | ""): Place | undefined => {
  if (path.endsWith(`${base}/chat/completions`)) return azure(path) ?? chat
  if (path.endsWith(`${base}/completions`)) return azure(path) ?? completions
  const found = places.find(([end]) => path.endsWith(base + end))
  if (found !== undefined) return azure(path) ?? found[1]
  if (path.endsWith(`${base}/models`)) return models
  const prefix = `${base}/models/`
  const at = path.indexOf(prefix)
  if (at !== -1) return { endpoint: "model", model: path.slice(at + prefix.length) }
  return azure(path)
}

const azure = (path: string): Place | undefined => {
  const [, model, end] = deployment.exec(path) ?? []
  if (model === undefined) return undefined
  const [, place] = places.find(([path]) => path === `/${end}`) ?? []
  return { endpoint: place?.endpoint ?? (end === "completions" ? "completions" : "chat"), model }
}

/** A body with the model of its path where it names none itself; nothing else of it changes. */
export const withModel = (text: string, model: string): string => {
  const fields = Json.parse(text)
  if (typeof fields !== "object" || fields === null || Array.isArray(fields) || "model" in fields) return text
  const rest = text.slice(text.indexOf("{") + 1)
  const comma = Object.keys(fields).length === 0 ? "" : ","
  return `{"model":${JSON.stringify(model)}${comma}${rest}`
}
