/**
 * `POST …/v1/chat/completions`: one fiber of the engine, whose answer goes out as the bytes that it came in.
 */
import * as ChatRequest from "@understudy/core/face/ChatRequest"
import { StreamEnding } from "@understudy/core/face/StreamEnding"
import type { Report, Sink } from "@understudy/core/failover/Failover"
import type { ChatCompletionRequest } from "@understudy/core/wire/ChatCompletion"
import type { Exchange } from "./Exchange.ts"
import * as Inbound from "./Inbound.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

const endpoint: Inbound.Asking<ChatCompletionRequest> = {
  parse: ChatRequest.parse,
  ask: (services, exchange, call, onFailure) => {
    const { failover } = services.understudy
    if (call.request.stream !== true) {
      return Work.run(services, exchange, failover.call(call), (answer) => exchange.answer(answer), onFailure)
    }
    const ending = new StreamEnding(call.request)
    const sink: Sink = {
      begin: (head, flow) => exchange.begin(head, flow),
      write: (batch) => exchange.write(ending.take(batch))
    }
    const onWhole = ({ usage }: Report): void => exchange.done(ending.end(usage))
    Work.run(services, exchange, failover.stream(call, sink), onWhole, onFailure)
  }
}

/** Answers a request for a completion. */
export const handle = (services: Services, exchange: Exchange, named: string | undefined): void =>
  Inbound.take(endpoint, services, exchange, named)
