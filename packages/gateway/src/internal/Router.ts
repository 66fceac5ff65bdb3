/**
 * From method and path to a handler. Paths are compared by their end, because base URLs are entered with and without
 * `/v1`, and some clients add another one.
 */
import * as Chat from "./Chat.ts"
import * as Embeddings from "./Embeddings.ts"
import type { Exchange } from "./Exchange.ts"
import * as Health from "./Health.ts"
import * as Models from "./Models.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"

interface Endpoint {
  readonly label: string
  readonly method: "GET" | "POST"
  readonly handle: (services: Services, exchange: Exchange) => void
}

const chat: Endpoint = { label: "/v1/chat/completions", method: "POST", handle: Chat.handle }
const embeddings: Endpoint = { label: "/v1/embeddings", method: "POST", handle: Embeddings.handle }
const models: Endpoint = { label: "/v1/models", method: "GET", handle: Models.handle }
const healthz: Endpoint = { label: "/healthz", method: "GET", handle: (_, exchange) => Health.healthz(exchange) }
const readyz: Endpoint = { label: "/readyz", method: "GET", handle: Health.readyz }

const find = (path: string): Endpoint | undefined => {
  if (path.endsWith(chat.label)) return chat
  if (path.endsWith(embeddings.label)) return embeddings
  if (path.endsWith(models.label)) return models
  return path === healthz.label ? healthz : path === readyz.label ? readyz : undefined
}

/** The path of a request's target, without its query. */
export const pathOf = (url: string): string => {
  const mark = url.indexOf("?")
  return mark === -1 ? url : url.slice(0, mark)
}

/** True for what is asked so often, and says so little, that the access log leaves it out. */
export const isProbe = (exchange: Exchange): boolean =>
  exchange.endpoint.endsWith(healthz.label) || exchange.endpoint.endsWith(readyz.label)

/** Longest unknown path that is named in an answer or a log line, in characters. */
const maxPath = 200

/** Hands an exchange to its handler. */
export const route = (services: Services, exchange: Exchange): void => {
  const { method = "", url = "" } = exchange.request
  const path = pathOf(url)
  const endpoint = find(path)
  exchange.endpoint = `${method} ${endpoint?.label ?? "(unknown)"}`
  if (endpoint !== undefined && endpoint.method === method) return endpoint.handle(services, exchange)
  const allow = endpoint?.method === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS"
  if (method === "OPTIONS" && (endpoint !== undefined || path === "*")) return exchange.empty(allow)
  if (endpoint === undefined) return exchange.fail(Problem.notFound(method, path.slice(0, maxPath)))
  // Node leaves the body of an answer to HEAD out by itself.
  if (method === "HEAD" && endpoint.method === "GET") return endpoint.handle(services, exchange)
  exchange.fail(Problem.wrongMethod(method, path.slice(0, maxPath), allow))
}
