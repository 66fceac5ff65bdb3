/**
 * @understudy/effect-ai: Understudy as Effect's `LanguageModel` and `EmbeddingModel`.
 *
 * **Example** (A program that does not know who answers)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as LanguageModel from "effect/ai/LanguageModel"
 * import { UnderstudyLanguageModel } from "@understudy/effect-ai"
 *
 * const joke = LanguageModel.generateText({ prompt: "Tell me a joke" })
 * const live = UnderstudyLanguageModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * Effect.runPromise(Effect.provide(joke, live)).then(({ text }) => console.log(text))
 * ```
 */
export * as UnderstudyEmbeddingModel from "./UnderstudyEmbeddingModel.ts"
export * as UnderstudyLanguageModel from "./UnderstudyLanguageModel.ts"
export type * as UnderstudyMetadata from "./UnderstudyMetadata.ts"
