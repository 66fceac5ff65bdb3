/**
 * What every request for a model goes through: who calls, what is wanted, may they have it. Then the endpoint asks the engine.
 */
import type { IncomingHttpHeaders } from "node:http"
import type { Parsed } from "@understudy/core/face/RequestBody"
import type { Call } from "@understudy/core/failover/Failover"
import type { ModelRequest } from "@understudy/core/wire/ChatCompletion"
import * as Body from "./Body.ts"
import type { Consumer } from "./Consumers.ts"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"

/** An endpoint that asks a model. */
export interface Endpoint<R extends ModelRequest> {
  readonly parse: (text: string) => Parsed<R>
  /** Runs the call; `onFailure` is to run before a failure is told. */
  readonly ask: (services: Services, exchange: Exchange, call: Call<R>, onFailure: () => void) => void
}

const onText = <R extends ModelRequest>(
  endpoint: Endpoint<R>,
  services: Services,
  exchange: Exchange,
  consumer: Consumer | undefined,
  text: string
): void => {
  const parsed = endpoint.parse(text)
  if (parsed.problem !== undefined) return exchange.fail(parsed.problem)
  const { request } = parsed
  const { model } = request
  exchange.model = model
  if (consumer !== undefined && !consumer.mayUse(model))
    return exchange.fail(Problem.forbiddenModel(consumer.name, model, consumer.models))
  const headers = exchange.request.headers as Readonly<Record<string, string | undefined>>
  const call = { request, text, headers, consumer: consumer?.name }
  endpoint.ask(services, exchange, call, () => {
    exchange.route ??= services.compiled().routeOf({ model, headers, consumer: call.consumer })
  })
}

const encodingOf = (headers: IncomingHttpHeaders): string | undefined => {
  const encoding = headers["content-encoding"]
  return encoding === undefined || encoding === "identity" ? undefined : encoding
}

/** Takes a request in and hands it to its endpoint. */
export const take = <R extends ModelRequest>(endpoint: Endpoint<R>, services: Services, exchange: Exchange): void => {
  const { headers } = exchange.request
  const caller = services.compiled().consumers.identify(headers)
  if (caller._tag === "Unknown") return exchange.fail(Problem.unauthorized(caller.sentKey))
  // An open gateway on a developer's machine must not pay for what any web page sends it.
  if (caller._tag === "Anyone" && headers["sec-fetch-site"] === "cross-site") return exchange.fail(Problem.crossSite)
  const consumer = caller._tag === "Known" ? caller.consumer : undefined
  exchange.consumer = consumer?.name
  const encoding = encodingOf(headers)
  if (encoding !== undefined) return exchange.fail(Problem.unknownEncoding(encoding))
  Body.read(exchange.request, services.maxBody, {
    onText: (text) => onText(endpoint, services, exchange, consumer, text),
    onTooLarge: (size, stated) => exchange.fail(Problem.tooLarge(services.maxBody, size, stated))
  })
}
