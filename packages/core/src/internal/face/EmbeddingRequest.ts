/**
 * Reads the body of `POST …/embeddings`: a model, and something to embed. What of it a vendor takes is the vendor's to say.
 */
import type { EmbeddingRequest } from "../../wire/Embedding.ts"
import type * as Problem from "./Problem.ts"
import { type Fields, missing, type Parsed, parse as parseBody, wrongType } from "./RequestBody.ts"

const flawOf = ({ input }: Fields): Problem.Problem | undefined => {
  if (input === undefined) return missing("input", "send a text or a list of texts.")
  return typeof input === "string" || Array.isArray(input)
    ? undefined
    : wrongType("input", "a string or an array", input)
}

/** Parses and checks a body. */
export const parse = (text: string): Parsed<EmbeddingRequest> => parseBody(text, "input", flawOf)
