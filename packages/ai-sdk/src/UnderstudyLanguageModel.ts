/**
 * A language model of the AI SDK over a ChatModel: asked for by name, answered by whoever the route finds.
 *
 * **Details**
 *
 * - `providerOptions.understudy` takes `conversationId` (routes with `selection: affinity` keep it on one key), `extraBody`
 *   (a vendor's own fields, as they are) and `strictJsonSchema` (default true).
 * - A schema goes out as the target takes it: as `response_format`, or as an instruction. The trail's `structured` tells.
 * - Where JSON is asked for, a stream's text is the JSON alone, without a fence or prose around it.
 * - `providerMetadata.understudy` holds route, provider and trail; the model that really answered is `response.modelId`.
 * - A refusal arrives as text whose `providerMetadata.understudy.refusal` is true.
 * - What fails is an `APICallError` with a `statusCode`, which the SDK does not retry; its `data` holds `reason`, `kind`,
 *   `isRetryable`, `retryAfter` (milliseconds) and `trail`, its `cause` is the `ChatModelError`.
 *
 * @see createUnderstudy for making one
 */
import type * as Sdk from "@ai-sdk/provider"
import type { PromiseChatModel } from "@understudy/chat-model/PromiseChatModel"
import * as ApiError from "./internal/ApiError.ts"
import * as CallReader from "./internal/CallReader.ts"
import * as PartStream from "./internal/PartStream.ts"
import * as ResponseParts from "./internal/ResponseParts.ts"

/** A language model over a ChatModel that may still have to be opened. */
export class UnderstudyLanguageModel implements Sdk.LanguageModelV4 {
  readonly specificationVersion = "v4"
  readonly provider = "understudy"
  readonly modelId: string
  /** Images at URLs are left to the vendor. */
  readonly supportedUrls = { "image/*": [/^https?:\/\//] }
  readonly #open: () => Promise<PromiseChatModel>

  constructor(modelId: string, open: () => Promise<PromiseChatModel>) {
    this.modelId = modelId
    this.#open = open
  }

  async doGenerate(options: Sdk.LanguageModelV4CallOptions): Promise<Sdk.LanguageModelV4GenerateResult> {
    const { prompt, warnings } = CallReader.read(this.modelId, options)
    const chatModel = await this.#open()
    const response = await chatModel.call(prompt, { signal: options.abortSignal }).catch((error: unknown) => {
      throw ApiError.from(error, this.modelId)
    })
    return ResponseParts.fromResponse(response, options.responseFormat?.type ?? "text", warnings)
  }

  async doStream(options: Sdk.LanguageModelV4CallOptions): Promise<Sdk.LanguageModelV4StreamResult> {
    const { prompt, warnings } = CallReader.read(this.modelId, options)
    const chatModel = await this.#open()
    const parts = chatModel.stream(prompt, { signal: options.abortSignal })
    return { stream: await PartStream.open(parts, { model: this.modelId, format: options.responseFormat, warnings }) }
  }
}
