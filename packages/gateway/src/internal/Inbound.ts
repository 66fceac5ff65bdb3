/**
 * What every request for a model goes through: who calls, what is wanted, may they have it. Then the endpoint asks the engine.
 */
import type { IncomingHttpHeaders } from "node:http"
import { BodyText, Endpoint, type RequestBody } from "@understudy/core/face/Face"
import type { Call } from "@understudy/core/failover/Failover"
import type { ModelRequest } from "@understudy/core/wire/ChatCompletion"
import * as Body from "./Body.ts"
import * as Consumers from "./Consumers.ts"
import * as Door from "./Door.ts"
import type { Exchange } from "./Exchange.ts"
import * as Meter from "./Meter.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** An endpoint that asks a model. */
export interface Asking<R extends ModelRequest> {
  readonly parse: (text: string) => RequestBody.Parsed<R>
  /** Runs the call; `onFailure` is to run before a failure is told. */
  readonly ask: (services: Services, exchange: Exchange, call: Call<R>, onFailure: () => void) => void
}

const onText = <R extends ModelRequest>(
  endpoint: Asking<R>,
  services: Services,
  exchange: Exchange,
  consumer: Consumers.Consumer | undefined,
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
  const route = services.compiled().routeOf({ model, headers, consumer: call.consumer })
  if (consumer !== undefined && route !== undefined && !Consumers.mayTake(consumer, route.name))
    return exchange.fail(Problem.forbiddenRoute(consumer.name, model, route.name))
  const ask = (): void =>
    endpoint.ask(services, exchange, call, () => {
      exchange.route ??= route?.name
    })
  if (consumer === undefined) return ask()
  Meter.take(services, exchange, consumer, request, route, ask)
}

const encodingOf = (headers: IncomingHttpHeaders): string | undefined => {
  const encoding = headers["content-encoding"]?.trim()
  return encoding === undefined || /^(identity)?$/i.test(encoding) ? undefined : encoding
}

/** Takes a request in and hands it to its endpoint; `named` is the model that its path names. */
export const take = <R extends ModelRequest>(
  endpoint: Asking<R>,
  services: Services,
  exchange: Exchange,
  named: string | undefined
): void => {
  const caller = Door.enter(services, exchange)
  if (caller === undefined) return
  const encoding = encodingOf(exchange.request.headers)
  if (encoding !== undefined) return exchange.fail(Problem.unknownEncoding(encoding))
  Body.read(exchange.request, services.maxBody, {
    onBytes: (bytes) =>
      Work.guarded(services, exchange, () => {
        const { problem, text } = BodyText.decode(bytes)
        if (problem !== undefined) return exchange.fail(problem)
        const whole = named === undefined ? text : Endpoint.withModel(text, named)
        onText(endpoint, services, exchange, caller.consumer, whole)
      }),
    onTooLarge: (size, stated) => exchange.fail(Problem.tooLarge(services.maxBody, size, stated))
  })
}
