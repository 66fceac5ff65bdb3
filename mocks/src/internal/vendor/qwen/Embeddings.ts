/**
 * Qwen's text embeddings: the models' limits, and vectors of unit length that depend on the seed, the model and the text alone.
 *
 * **Gotchas**
 *
 * - The wording for wrong dimensions and encodings is a guess in the style of the others; that for batches is the vendor's.
 */

import type { Step } from "../../../Plan.ts"
import * as Random from "../../plan/Random.ts"
import * as Token from "../../plan/Token.ts"
import type { EmbeddingRequest } from "../EmbeddingRequest.ts"
import type { Refusal, Scene } from "../Personality.ts"
import * as Models from "./Models.ts"

const batch = 10
const usual = 1024

const refusal = (recipe: Refusal["recipe"], why: string): Refusal => ({ recipe, details: { why } })

/** The first rule that the request breaks. */
export const check = ({ model, input, dimensions, encoding }: EmbeddingRequest): Refusal | undefined => {
  const lengths = Models.embeddings[model]
  if (lengths === undefined) return { recipe: "model.gone", details: {} }
  if (input.length > batch)
    return refusal("request.embedding", `batch size is invalid, it should not be larger than ${batch}.: input.contents`)
  if (dimensions !== undefined && !lengths.includes(dimensions as number))
    return refusal(
      "request.embedding",
      `dimension is invalid, it should be one of ${lengths.join(", ")}.: parameters.dimension`
    )
  if (encoding !== "float" && encoding !== "base64")
    return refusal(
      "request.embedding",
      "encoding format is invalid, it should be float or base64.: parameters.encoding_format"
    )
  return undefined
}

const vectorOf = (text: string, model: string, length: number, seed: number): ReadonlyArray<number> => {
  const random = Random.make(seed, "embedding", model, text)
  const values = Array.from({ length }, () => random.next() * 2 - 1)
  const norm = Math.hypot(...values)
  return values.map((value) => Math.fround(value / norm))
}

const encode = (vector: ReadonlyArray<number>, encoding: string): unknown =>
  encoding === "base64" ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector

/** The body of the answer. */
export const render = (request: EmbeddingRequest, scene: Scene, seed: number): Step => {
  const { dimensions = usual, encoding, input, model } = request
  const tokens = input.reduce((sum, text) => sum + Token.count(text), 0)
  const data = input.map((text, index) => ({
    embedding: encode(vectorOf(text, model, dimensions as number, seed), encoding),
    index,
    object: "embedding"
  }))
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  const body = JSON.stringify({ data, model, object: "list", usage, id: scene.id })
  return { after: 0, data: body, chunks: 1, part: "body", totalTokens: tokens }
}
