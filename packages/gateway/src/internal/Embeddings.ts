/**
 * `POST …/v1/embeddings`: the same way as chat, whole.
 */
import { EmbeddingRequest } from "@understudy/core/face/Face"
import type { EmbeddingRequest as Request } from "@understudy/core/wire/Embedding"
import type { Exchange } from "./Exchange.ts"
import * as Inbound from "./Inbound.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

const endpoint: Inbound.Asking<Request> = {
  parse: EmbeddingRequest.parse,
  ask: (services, exchange, call, onFailure) =>
    Work.run(
      services,
      exchange,
      services.understudy.failover.embed(call),
      (embeddings) => exchange.answer(embeddings),
      onFailure
    )
}

/** Answers a request for embeddings. */
export const handle = (services: Services, exchange: Exchange, named: string | undefined): void =>
  Inbound.take(endpoint, services, exchange, named)
