/**
 * `POST …/v1/chat/completions`: who calls, what is wanted, may they have it; then one fiber of the engine, whose answer
 * goes out as the bytes that it came in.
 */

import type { IncomingHttpHeaders } from "node:http"
import type { Call, Sink } from "@understudy/core/failover/Failover"
import * as Body from "./Body.ts"
import * as ChatRequest from "./ChatRequest.ts"
import type { Consumer } from "./Consumers.ts"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

const ask = (services: Services, exchange: Exchange, call: Call): void => {
  const { failover } = services.understudy
  const onFailure = (): void => {
    exchange.route ??= services
      .compiled()
      .routeOf({ model: call.request.model, headers: call.headers, consumer: call.consumer })
  }
  if (call.request.stream === true) {
    const sink: Sink = {
      begin: (head, flow) => exchange.begin(head, flow),
      write: (batch) => exchange.write(batch)
    }
    Work.run(services, exchange, failover.stream(call, sink), () => exchange.done(), onFailure)
  } else Work.run(services, exchange, failover.call(call), (answer) => exchange.answer(answer), onFailure)
}

const onText = (services: Services, exchange: Exchange, consumer: Consumer | undefined, text: string): void => {
  const parsed = ChatRequest.parse(text)
  if (parsed.problem !== undefined) return exchange.fail(parsed.problem)
  const { request } = parsed
  exchange.model = request.model
  if (consumer !== undefined && !consumer.mayUse(request.model))
    return exchange.fail(Problem.forbiddenModel(consumer.name, request.model, consumer.models))
  const headers = exchange.request.headers as Readonly<Record<string, string | undefined>>
  ask(services, exchange, { request, text, headers, consumer: consumer?.name })
}

const encodingOf = (headers: IncomingHttpHeaders): string | undefined => {
  const encoding = headers["content-encoding"]
  return encoding === undefined || encoding === "identity" ? undefined : encoding
}

/** Answers a request for a completion. */
export const handle = (services: Services, exchange: Exchange): void => {
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
    onText: (text) => onText(services, exchange, consumer, text),
    onTooLarge: (size, stated) => exchange.fail(Problem.tooLarge(services.maxBody, size, stated))
  })
}
