/**
 * The `node:http` server in front of the handlers: every request becomes an `Exchange`, which is known until its response
 * is closed. Time limits are node's own, for what a caller sends; answers have none.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { Watchdog } from "@understudy/core/face/Face"
import type { Settings } from "../Options.ts"
import * as RequestId from "../RequestId.ts"
import * as AccessLog from "./AccessLog.ts"
import * as Body from "./Body.ts"
import * as ClientError from "./ClientError.ts"
import { Exchange } from "./Exchange.ts"
import * as Router from "./Router.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** A server and the exchanges that it has open. */
export interface Served {
  readonly server: Server
  readonly open: Watchdog.Bag<Exchange>
}

/** How often node looks for callers that send too slowly, in milliseconds. */
const checkInterval = 5_000

const idOf = (services: Services, request: IncomingMessage): string => {
  const own = request.headers["x-request-id"]
  return typeof own === "string" && RequestId.isSane(own) ? own : services.ids.next()
}

const onClose = (services: Services, exchange: Exchange, served: Served): void => {
  if (!exchange.response.writableFinished) exchange.abandon()
  exchange.settle?.()
  if (services.accessLog !== undefined && !exchange.isProbe) {
    services.accessLog(AccessLog.toEntry(services, exchange))
  }
  if (services.isDraining()) served.server.closeIdleConnections()
}

/** Makes a server; it does not listen yet. */
export const make = (services: Services, settings: Settings): Served => {
  const open = new Watchdog.Bag<Exchange>()
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const exchange = new Exchange(request, response, idOf(services, request), Watchdog.now(services.clock))
    exchange.last = services.isDraining()
    open.add(exchange)
    response.on("close", () => {
      open.delete(exchange)
      onClose(services, exchange, served)
    })
    Work.guarded(services, exchange, () => Router.route(services, exchange))
  }
  const server = createServer(
    {
      headersTimeout: Math.min(settings.headersTimeout, settings.requestTimeout),
      requestTimeout: settings.requestTimeout,
      keepAliveTimeout: settings.keepAliveTimeout,
      connectionsCheckingInterval: Math.min(checkInterval, settings.headersTimeout)
    },
    onRequest
  )
  const served: Served = { server, open }
  // Whoever asks first is not told to send a body that would be refused.
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (!(Body.statedSize(request) > settings.maxBody)) response.writeContinue()
    onRequest(request, response)
  })
  // Other expectations are nobody's that we know: the request is answered as it is.
  server.on("checkExpectation", onRequest)
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const answering = [...open].some(({ response }) => response.socket === socket && response.headersSent)
    ClientError.handle(error, socket, answering)
  })
  return served
}
