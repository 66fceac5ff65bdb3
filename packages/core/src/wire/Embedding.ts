/**
 * Embeddings as OpenAI spells them: texts in, vectors out. As with chat completions only what the core reads is named, and
 * everything else passes through.
 */
import type { ModelAnswer, ModelRequest } from "./ChatCompletion.ts"

/** The body of `POST /embeddings`. */
export interface EmbeddingRequest extends ModelRequest {
  /** A text, a list of texts, or either as token numbers. */
  readonly input: unknown
}

/** The vector of one text. */
export interface EmbeddingData {
  /** Which text, counted from 0. */
  readonly index?: number
  /** Numbers, or base64 where `encoding_format` asked for that. */
  readonly embedding: ReadonlyArray<number> | string
  readonly [field: string]: unknown
}

/** The answer. */
export interface EmbeddingResponse extends ModelAnswer {
  readonly data: ReadonlyArray<EmbeddingData>
}
