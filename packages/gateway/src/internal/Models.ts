/** `GET …/v1/models`: the models that this caller may ask for, in the shape of OpenAI's list. */
import * as Matcher from "@understudy/core/route/Matcher"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** Answers a request for the list of models. */
export const handle = (services: Services, exchange: Exchange): void => {
  const headers = exchange.request.headers as Readonly<Record<string, string | undefined>>
  const caller = services.consumers.identify(exchange.request.headers)
  if (caller._tag === "Unknown") return exchange.fail(Problem.unauthorized(caller.sentKey))
  const consumer = caller._tag === "Known" ? caller.consumer : undefined
  exchange.consumer = consumer?.name
  const { config, models } = services.understudy
  const mayUse = (model: string): boolean =>
    (consumer?.mayUse(model) ?? true) &&
    config.routes.some(
      (route) => Matcher.mismatch(route.match, { model, headers, consumer: consumer?.name }) === undefined
    )
  Work.run(services, exchange, models, (list) => {
    const data = list
      .filter(({ id }) => mayUse(id))
      // Vendors' lists have no dates that could be relied on.
      .map(({ id, provider }) => ({ id, object: "model", created: 0, owned_by: provider }))
    exchange.json(200, JSON.stringify({ object: "list", data }))
  })
}
