/**
 * From method and path to a handler.
 *
 * @see face/Endpoint in the core for how paths are read
 */
import { Endpoint } from "@understudy/core/face/Face"
import * as Chat from "./Chat.ts"
import type { Exchange } from "./Exchange.ts"
import * as Health from "./Health.ts"
import * as Json from "./Json.ts"
import * as Models from "./Models.ts"
import * as Pages from "./Pages.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"

interface Route {
  readonly label: string
  readonly method: "GET" | "POST"
  /** `model` is the one that the path names. */
  readonly handle: (services: Services, exchange: Exchange, model: string | undefined) => void
}

const toRoute = (endpoint: Endpoint.JsonEndpoint): Route => ({
  label: `/v1${endpoint.path}`,
  method: "POST",
  handle: Json.handle(endpoint)
})

const json = Object.fromEntries(
  Object.entries(Endpoint.json).map(([name, endpoint]) => [name, toRoute(endpoint)])
) as Readonly<Record<Endpoint.JsonName, Route>>

const routes: Readonly<Record<Endpoint.Place["endpoint"], Route>> = {
  chat: { label: "/v1/chat/completions", method: "POST", handle: Chat.handle },
  completions: { label: "/v1/completions", method: "POST", handle: Chat.handleText },
  ...json,
  models: { label: "/v1/models", method: "GET", handle: Models.list },
  model: {
    label: "/v1/models/ID",
    method: "GET",
    handle: (services, exchange, model = "") => Models.retrieve(services, exchange, model)
  }
}
const healthz: Route = { label: "/healthz", method: "GET", handle: (_, exchange) => Health.healthz(exchange) }
const readyz: Route = { label: "/readyz", method: "GET", handle: Health.readyz }

/** What there is, as people read it. */
const served = [...Object.values(routes), healthz, readyz].map(({ label, method }) => `${method} ${label}`).join(", ")

/** Longest unknown path that is named in an answer or a log line, in characters. */
const maxPath = 200

const onOptions = (services: Services, exchange: Exchange, allow: string): void => {
  const { headers } = exchange.request
  const { origin } = headers
  if (origin === undefined || headers["access-control-request-method"] === undefined)
    return exchange.empty(["allow", allow])
  if (!services.compiled().pages.mayCall(origin)) return exchange.fail(Problem.refused({ _tag: "Page", origin }))
  exchange.empty(["allow", allow, ...Pages.preflight(headers, allow)])
}

/** Hands an exchange to its handler. */
export const route = (services: Services, exchange: Exchange): void => {
  const { headers, method = "", url = "" } = exchange.request
  const path = Endpoint.pathOf(url)
  const place = Endpoint.find(path, "/v1")
  const found =
    place !== undefined
      ? routes[place.endpoint]
      : path === healthz.label
        ? healthz
        : path === readyz.label
          ? readyz
          : undefined
  exchange.endpoint = `${method} ${found?.label ?? "(unknown)"}`
  exchange.isProbe = found === healthz || found === readyz
  exchange.pages = services.compiled().pages.headersFor(headers.origin)
  if (found !== undefined && found.method === method) return found.handle(services, exchange, place?.model)
  const allow = found?.method === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS"
  if (method === "OPTIONS" && (found !== undefined || url === "*")) return onOptions(services, exchange, allow)
  if (found === undefined) return exchange.fail(Problem.notFound(method, path.slice(0, maxPath), served))
  // Node leaves the body of an answer to HEAD out by itself.
  if (method === "HEAD" && found.method === "GET") return found.handle(services, exchange, place?.model)
  exchange.fail(Problem.wrongMethod(method, path.slice(0, maxPath), allow))
}
