/**
 * @understudy/ai-sdk: Understudy as a provider of the AI SDK.
 *
 * **Example** (`understudy.yaml` in the current folder)
 *
 * ```ts
 * import { understudy } from "@understudy/ai-sdk"
 * import { generateText } from "ai"
 *
 * const { text, response, providerMetadata } = await generateText({
 *   model: understudy("qwen-plus"),
 *   prompt: "Tell me a joke"
 * })
 * console.log(text, response.modelId, providerMetadata?.understudy)
 * await understudy.close()
 * ```
 */
export type { UnderstudyMetadata } from "./UnderstudyMetadata.ts"
export {
  createUnderstudy,
  type UnderstudyProvider,
  type UnderstudySettings,
  understudy
} from "./UnderstudyProvider.ts"
