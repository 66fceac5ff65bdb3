/**
 * The endpoints that take JSON and give JSON: the same way as chat, whole.
 *
 * @see face/Face in the core for which there are
 */
import type { Endpoint } from "@understudy/core/face/Face"
import type { Exchange } from "./Exchange.ts"
import * as Inbound from "./Inbound.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

/** Makes the handler of an endpoint. */
export const handle = ({ ask, parse }: Endpoint.JsonEndpoint) => {
  const asking: Inbound.Asking<Parameters<typeof ask>[1]["request"]> = {
    parse,
    ask: (services, exchange, call, onFailure) =>
      Work.run(
        services,
        exchange,
        ask(services.understudy.failover, call),
        (answer) => exchange.answer(answer),
        onFailure
      )
  }
  return (services: Services, exchange: Exchange, named: string | undefined): void =>
    Inbound.take(asking, services, exchange, named)
}
