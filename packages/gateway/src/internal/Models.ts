/**
 * `GET …/v1/models` and `GET …/v1/models/ID`: the models that this caller may ask for, in the shape of OpenAI's list.
 *
 * **Gotchas**
 *
 * A name that no vendor lists may still be one that is answered: a target renames it, or its vendor has no list. Such a name is
 * found by itself, though it is not in the list.
 */
import * as ModelCatalog from "@understudy/core/ModelCatalog"
import type { Understudy } from "@understudy/core/Understudy"
import * as Consumers from "./Consumers.ts"
import * as Door from "./Door.ts"
import type { Exchange } from "./Exchange.ts"
import * as Problem from "./Problem.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

type MayUse = (model: string) => boolean

/** Lets a caller in and runs what it asks of the catalogue. */
const withCatalogue = (
  services: Services,
  exchange: Exchange,
  catalogue: Understudy["Service"]["models"],
  answer: (models: ReadonlyArray<ModelCatalog.Model>, mayUse: MayUse) => void
): void => {
  const caller = Door.enter(services, exchange)
  if (caller === undefined) return
  const { consumer } = caller
  const headers = exchange.request.headers as Readonly<Record<string, string | undefined>>
  const { routeOf } = services.compiled()
  const mayUse: MayUse = (model) => {
    const route = routeOf({ model, headers, consumer: consumer?.name })
    if (route === undefined) return false
    return consumer === undefined || (consumer.mayUse(model) && Consumers.mayTake(consumer, route.name))
  }
  Work.run(services, exchange, catalogue, (models) => answer(models, mayUse))
}

/** Answers a request for the list of models. */
export const list = (services: Services, exchange: Exchange): void =>
  withCatalogue(services, exchange, services.understudy.models, (models, mayUse) =>
    exchange.json(200, ModelCatalog.toBody(models.filter(({ id }) => mayUse(id))))
  )

/** Answers a request for one model. */
export const retrieve = (services: Services, exchange: Exchange, id: string): void =>
  withCatalogue(services, exchange, ModelCatalog.orNone(services.understudy.models), (models, mayUse) => {
    const model = mayUse(id) ? ModelCatalog.find(models, services.understudy.config.routes, id) : undefined
    if (model === undefined) exchange.fail(Problem.noSuchModel(id))
    else exchange.json(200, ModelCatalog.toOne(model))
  })
