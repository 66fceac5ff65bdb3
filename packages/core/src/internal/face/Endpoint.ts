/**
 * From the target of a request to what is asked for. Paths are compared by their end, because base URLs are entered with
 * and without `/v1`, with a slash at their end, or with a path of their own, and some clients add another `/v1`.
 *
 * The paths of Azure's API, `…/openai/deployments/MODEL/chat/completions`, name the model too; their `api-version` is not
 * looked at.
 */

/** What a path asks for. */
export interface Place {
  readonly endpoint: "chat" | "completions" | "embeddings" | "models" | "model"
  /** The model that the path names. */
  readonly model: string | undefined
}

const chat: Place = { endpoint: "chat", model: undefined }
const completions: Place = { endpoint: "completions", model: undefined }
const embeddings: Place = { endpoint: "embeddings", model: undefined }
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

const deployment = /\/openai\/deployments\/(?!chat\/completions$)(.+?)\/(chat\/completions|completions|embeddings)$/

/** What a path asks for; `base` is what has to stand before OpenAI's own paths. */
export const find = (path: string, base: "/v1" | ""): Place | undefined => {
  if (path.endsWith(`${base}/chat/completions`)) return azure(path) ?? chat
  if (path.endsWith(`${base}/completions`)) return azure(path) ?? completions
  if (path.endsWith(`${base}/embeddings`)) return azure(path) ?? embeddings
  if (path.endsWith(`${base}/models`)) return models
  const prefix = `${base}/models/`
  const at = path.indexOf(prefix)
  if (at !== -1) return { endpoint: "model", model: path.slice(at + prefix.length) }
  return azure(path)
}

const azure = (path: string): Place | undefined => {
  const [, model, end] = deployment.exec(path) ?? []
  if (model === undefined) return undefined
  return { endpoint: end === "chat/completions" ? "chat" : (end as "completions" | "embeddings"), model }
}

const fieldsOf = (text: string): object | undefined => {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === "object" && body !== null && !Array.isArray(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** A body with the model of its path where it names none itself; nothing else of it changes. */
export const withModel = (text: string, model: string): string => {
  const fields = fieldsOf(text)
  if (fields === undefined || "model" in fields) return text
  const rest = text.slice(text.indexOf("{") + 1)
  const comma = Object.keys(fields).length === 0 ? "" : ","
  return `{"model":${JSON.stringify(model)}${comma}${rest}`
}
