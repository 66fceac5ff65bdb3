/**
 * The endpoints that take JSON and give JSON, a row each: what their requests are counted as, where they go, who of a route may
 * answer, and what an answer has to be. Completions, which stream, are in `Made`.
 */
import * as Route from "../../route/Route.ts"
import type { Operation } from "../../telemetry/Event.ts"
import type { ModelRequest, Said } from "../../wire/ChatCompletion.ts"
import type { EmbeddingResponse } from "../../wire/Embedding.ts"
import * as AnswerReader from "../exchange/AnswerReader.ts"
import * as Inspect from "../wire/Inspect.ts"

/** An endpoint. */
export interface JsonEndpoint<A extends Said> {
  readonly operation: Operation
  /** Below the vendor's base URL. */
  readonly path: string
  /** Those of the targets that may answer. */
  readonly able: typeof Route.forEmbeddings
  /** What the answer to a request has to be. */
  readonly answer: (request: ModelRequest) => AnswerReader.Kind<A>
}

/** Vectors, from those whose vectors compare. */
export const embeddings: JsonEndpoint<EmbeddingResponse> = {
  operation: "embeddings",
  path: "/embeddings",
  able: Route.forEmbeddings,
  answer: ({ input }) => ({
    name: "list of embeddings",
    flawOf: (body) => Inspect.embeddingFlawOf(body, input),
    mend: AnswerReader.asItIs,
    read: (body) => body as EmbeddingResponse
  })
}
