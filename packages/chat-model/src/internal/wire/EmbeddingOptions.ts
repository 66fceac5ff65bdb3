/**
 * How texts are embedded: the options, and what makes no sense in them or in the texts before anything is sent.
 */
import { type ChatModelError, invalidPrompt } from "../../ChatModelError.ts"

/** How texts are embedded. Given with a call, a value replaces the model's; `undefined` inherits it. */
export interface EmbeddingOptions {
  /** The model to ask for; the route that matches the name decides who answers. */
  readonly model?: string | undefined
  /** Length of the vectors, where the model can choose; left out leaves it to the vendor. */
  readonly dimensions?: number | undefined
  /** Most texts in one request; default 10. */
  readonly batchSize?: number | undefined
  /** Most requests at a time; default 4. */
  readonly concurrency?: number | undefined
}

/** A call's options over a model's. */
export const withDefaults = (defaults: EmbeddingOptions, options: EmbeddingOptions = {}): EmbeddingOptions => ({
  model: options.model ?? defaults.model,
  dimensions: options.dimensions ?? defaults.dimensions,
  batchSize: options.batchSize ?? defaults.batchSize,
  concurrency: options.concurrency ?? defaults.concurrency
})

/** What is wrong with texts or options, or undefined. */
export const flawOf = (texts: ReadonlyArray<string>, options: EmbeddingOptions): ChatModelError | undefined => {
  const { model, ...counts } = options
  if (model === undefined || model === "") {
    return invalidPrompt("options.model", "nothing", "set, with the call or in the EmbeddingModel's defaults")
  }
  for (const [name, value] of Object.entries(counts)) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue
    return invalidPrompt(`options.${name}`, String(value), "an integer >= 1")
  }
  const at = texts.findIndex((text) => typeof text !== "string" || text === "")
  if (at === -1) return undefined
  return invalidPrompt(
    `texts[${at}]`,
    texts[at] === "" ? "an empty text" : String(texts[at]),
    "a text that is not empty"
  )
}
