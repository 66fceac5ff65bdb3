/**
 * `POST …/v1/chat/completions` and `POST …/v1/completions`: one fiber of the engine, whose answer goes out as the bytes that
 * it came in.
 */
import { ChatRequest, StreamEnding, TextCompletionRequest, Watchdog } from "@understudy/core/face/Face"
import type { Call, Failover, Head, Report, Sink } from "@understudy/core/failover/Failover"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import type { ChatCompletionRequest, ModelRequest } from "@understudy/core/wire/ChatCompletion"
import type { TextCompletion } from "@understudy/core/wire/Wire"
import type * as Effect from "effect/Effect"
import type { Exchange } from "./Exchange.ts"
import * as Inbound from "./Inbound.ts"
import type { Services } from "./Services.ts"
import * as Work from "./Work.ts"

type Answering = Head & { readonly bytes: Buffer }

interface Kind<R extends ModelRequest> {
  readonly parse: Inbound.Asking<R>["parse"]
  readonly whole: (failover: Failover["Service"], call: Call<R>) => Effect.Effect<Answering, FailoverError>
  readonly stream: (failover: Failover["Service"], call: Call<R>, sink: Sink) => Effect.Effect<Report, FailoverError>
}

const asking = <R extends ChatCompletionRequest | TextCompletion.TextCompletionRequest>({
  parse,
  stream,
  whole
}: Kind<R>): Inbound.Asking<R> => ({
  parse,
  ask: (services, exchange, call, onFailure) => {
    const { failover } = services.understudy
    if (call.request.stream !== true) {
      return Work.run(services, exchange, whole(failover, call), (answer) => exchange.answer(answer), onFailure)
    }
    exchange.awaitStream()
    const ending = new StreamEnding(call.request)
    const sink: Sink = {
      begin: (head, flow) => {
        exchange.firstAt = Watchdog.now(services.clock)
        exchange.begin(head, flow)
      },
      write: (batch) => exchange.write(ending.take(batch))
    }
    const onWhole = ({ trail, usage }: Report): void => exchange.done(ending.end(usage), trail)
    Work.run(services, exchange, stream(failover, call, sink), onWhole, onFailure)
  }
})

const chat = asking({
  parse: ChatRequest.parse,
  whole: (failover, call) => failover.call(call),
  stream: (failover, call, sink) => failover.stream(call, sink)
})

const text = asking({
  parse: TextCompletionRequest.parse,
  whole: (failover, call) => failover.complete(call),
  stream: (failover, call, sink) => failover.streamText(call, sink)
})

/** Answers a request for a completion. */
export const handle = (services: Services, exchange: Exchange, named: string | undefined): void =>
  Inbound.take(chat, services, exchange, named)

/** Answers a request for a text completion. */
export const handleText = (services: Services, exchange: Exchange, named: string | undefined): void =>
  Inbound.take(text, services, exchange, named)
