/**
 * The core's front door: answers a call, whole or as a stream, from whichever target of its route can.
 *
 * The service alone: who asks an engine that somebody else makes does not load it.
 *
 * @see Engine for what stands behind it
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { FailoverError } from "../failure/FailoverError.ts"
import type { Head, Sink } from "../internal/exchange/Sink.ts"
import type { StreamEnd } from "../internal/exchange/StreamReader.ts"
import type { TextCompletion, TextCompletionRequest } from "../internal/wire/TextCompletion.ts"
import type { ChatCompletion, ChatCompletionRequest, ModelRequest } from "../wire/ChatCompletion.ts"
import type { EmbeddingRequest, EmbeddingResponse } from "../wire/Embedding.ts"

export type { Batch, Flow, Head, Sink } from "../internal/exchange/Sink.ts"

/** One call of a caller's. */
export interface Call<R extends ModelRequest = ChatCompletionRequest> {
  readonly request: R
  /** The request as text, where it is at hand: forwarded as it is when nothing has to change. */
  readonly text?: string | undefined
  /** Headers and consumer that routes may match on. Header names in lower case. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  readonly consumer?: string | undefined
  /** What `selection: affinity` keeps together: a conversation or a consumer. Default: the consumer. */
  readonly affinity?: string | undefined
}

/** A whole answer. */
export interface Answer extends Head {
  readonly completion: ChatCompletion
  /** The answer as it came, or as it was folded. */
  readonly bytes: Buffer
}

/** A whole text completion. */
export interface TextAnswer extends Head {
  readonly completion: TextCompletion
  /** The answer as it came, or as it was folded. */
  readonly bytes: Buffer
}

/** The vectors of some texts. */
export interface Embeddings extends Head {
  readonly response: EmbeddingResponse
  /** The answer as it came. */
  readonly bytes: Buffer
}

/** A streamed answer that was delivered whole. */
export interface Report extends Head, StreamEnd {}

/** Answers calls. */
export class Failover extends Context.Service<
  Failover,
  {
    /** Answers with the whole completion. */
    readonly call: (call: Call) => Effect.Effect<Answer, FailoverError>
    /**
     * Answers into a sink, frame by frame; ends when the answer is complete. A failure before `begin` means that nothing
     * was delivered; after it, that what was delivered is not whole.
     */
    readonly stream: (call: Call, sink: Sink) => Effect.Effect<Report, FailoverError>
    /** Answers with the whole text completion, from those targets that have them. */
    readonly complete: (call: Call<TextCompletionRequest>) => Effect.Effect<TextAnswer, FailoverError>
    /** The same into a sink; its chunks have `text`. */
    readonly streamText: (call: Call<TextCompletionRequest>, sink: Sink) => Effect.Effect<Report, FailoverError>
    /** Turns texts into vectors. */
    readonly embed: (call: Call<EmbeddingRequest>) => Effect.Effect<Embeddings, FailoverError>
  }
>()("understudy/core/Failover") {}
