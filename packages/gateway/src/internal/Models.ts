/** `GET …/v1/models`: the models that this caller may ask for, in the shape of OpenAI's list. */
import * as ModelCatalog from "@understudy/core/ModelCatalog"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** Answers a request for the list of models. */
export const handle = (services: Services, exchange: Exchange): void => {
  const headers = exchange.request.headers as Readonly<Record<string, string | undefined>>
  const { consumers, isRouted } = services.compiled()
  const caller = consumers.identify(exchange.request.headers)
  if (caller._tag === "Unknown") return exchange.fail(Problem.unauthorized(caller.sentKey))
  const consumer = caller._tag === "Known" ? caller.consumer : undefined
  exchange.consumer = consumer?.name
  const mayUse = (model: string): boolean =>
    (consumer?.mayUse(model) ?? true) && isRouted({ model, headers, consumer: consumer?.name })
  Work.run(services, exchange, services.understudy.models, (list) => {
    exchange.json(200, ModelCatalog.toBody(list.filter(({ id }) => mayUse(id))))
  })
}
