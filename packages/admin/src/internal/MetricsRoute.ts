/**
 * `GET /metrics`, in Prometheus's text format: for whoever asks from this machine, or with an API token of the scope `read`.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { PrometheusMetrics } from "effect/observability"
import type { Accounts } from "./Accounts.ts"
import { addressHeader } from "./Bridge.ts"

const local = /^(?:::ffff:)?127\.|^::1$/

const bearer = /^bearer +(\S+)$/i

const mayRead = ({ headers }: HttpServerRequest, accounts: Accounts, now: number): boolean => {
  const [, token] = bearer.exec(headers["authorization"] ?? "") ?? []
  if (token !== undefined) return accounts.byToken(token, now)?.scopes.includes("read") === true
  // A proxy on this machine asks for somebody else.
  return local.test(headers[addressHeader] ?? "") && headers["x-forwarded-for"] === undefined
}

/** The route over accounts. */
export const layer = (accounts: Accounts) =>
  HttpRouter.add("GET", "/metrics", (request) =>
    Effect.gen(function* () {
      if (!mayRead(request, accounts, yield* Clock.currentTimeMillis)) {
        return HttpServerResponse.text("Send an API token with the scope `read` as `Authorization: Bearer …`.\n", {
          status: 401
        })
      }
      const contentType = "text/plain; version=0.0.4; charset=utf-8"
      return HttpServerResponse.text(yield* PrometheusMetrics.format(), { contentType })
    })
  )
