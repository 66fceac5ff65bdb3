/**
 * A request for embeddings, read: the texts and how their vectors are wanted.
 */
import { isFields, parse } from "./ChatRequest.ts"

/** The request. */
export interface EmbeddingRequest {
  readonly model: string
  readonly input: ReadonlyArray<string>
  readonly dimensions: unknown
  /** `float` or `base64`; a vendor may refuse others. */
  readonly encoding: string
}

/** What became of a body. `field` is what a vendor would complain about; nothing when it is not even JSON. */
export type Reading =
  | { readonly _tag: "Request"; readonly request: EmbeddingRequest }
  | { readonly _tag: "Wrong"; readonly field: string; readonly model: string }

/** Reads a request body. */
export const read = (body: string): Reading => {
  const raw = parse(body)
  if (!isFields(raw)) return { _tag: "Wrong", field: "", model: "" }
  const model = typeof raw["model"] === "string" ? raw["model"] : ""
  if (model === "") return { _tag: "Wrong", field: "model", model }
  const input = [raw["input"]].flat()
  if (input.length === 0 || !input.every((text) => typeof text === "string")) {
    return { _tag: "Wrong", field: "input", model }
  }
  const encoding = String(raw["encoding_format"] ?? "float")
  return { _tag: "Request", request: { model, input, dimensions: raw["dimensions"], encoding } }
}
