/**
 * @understudy/chat-model/promise: the SDK for those who do not use Effect, in one piece that imports in a fraction of the time.
 *
 * As it is published, this entry brings along the little of Effect that it needs, instead of loading the `effect` package: a
 * cold import costs a fifth of the index's and less than that of `openai`. What it exports is what the index exports, but for
 * the services of Effect (`ChatModel`, `ChatClient`, `ChatModels`, `EmbeddingModel`).
 *
 * **Gotchas**
 *
 * - A program takes everything from here or everything from the index: with both it has every class twice. `instanceof
 *   ChatModelError` holds for the errors of either.
 * - Where an Effect, a Layer or an Effect Schema may be handed in, it may be of the program's own `effect` (the same version).
 *
 * **Example** (A call)
 *
 * ```ts
 * import { PromiseChatModel } from "@understudy/chat-model/promise"
 *
 * await using chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * console.log((await chat.call("Tell me a joke")).text)
 * ```
 */

export * as Trail from "@understudy/core/failure/Trail"
export * as Advisor from "./Advisor.ts"
export * as BudgetAdvisor from "./advisor/BudgetAdvisor.ts"
export * as CacheAdvisor from "./advisor/CacheAdvisor.ts"
export * as LoggingAdvisor from "./advisor/LoggingAdvisor.ts"
export * as MemoryAdvisor from "./advisor/MemoryAdvisor.ts"
export * as RedactionAdvisor from "./advisor/RedactionAdvisor.ts"
export * as ChatMemory from "./ChatMemory.ts"
export * as ChatModelError from "./ChatModelError.ts"
export * as ChatOptions from "./ChatOptions.ts"
export * as ChatPart from "./ChatPart.ts"
export * as ChatResponse from "./ChatResponse.ts"
export * as FinishReason from "./FinishReason.ts"
export * as Message from "./Message.ts"
export * as PromiseChatClient from "./PromiseChatClient.ts"
export * as PromiseChatModel from "./PromiseChatModel.ts"
export * as PromiseChatModels from "./PromiseChatModels.ts"
export * as PromiseEmbeddingModel from "./PromiseEmbeddingModel.ts"
export * as PromiseUnderstudy from "./PromiseUnderstudy.ts"
export * as Prompt from "./Prompt.ts"
export * as PromptTemplate from "./PromptTemplate.ts"
export * as Remote from "./Remote.ts"
export * as StructuredOutput from "./StructuredOutput.ts"
export * as StructuredOutputError from "./StructuredOutputError.ts"
export * as TestChatModel from "./TestChatModel.ts"
export * as TestChatModels from "./TestChatModels.ts"
export * as TestEmbeddingModel from "./TestEmbeddingModel.ts"
export * as Tool from "./Tool.ts"
export * as ToolCall from "./ToolCall.ts"
export * as ToolError from "./ToolError.ts"
export * as ToolLoop from "./ToolLoop.ts"
export * as UnderstudyFetch from "./UnderstudyFetch.ts"
export * as Usage from "./Usage.ts"
