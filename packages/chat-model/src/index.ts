/**
 * @understudy/chat-model: a Spring-AI-style ChatModel on a failover core, for programs on Effect.
 *
 * It has everything for plain TypeScript, too; a program that does not use Effect takes it from
 * `@understudy/chat-model/promise`, which does not load Effect.
 *
 * **Example** (With Effect)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModel } from "@understudy/chat-model"
 *
 * const program = Effect.map(ChatModel.call("Tell me a joke"), ({ text }) => console.log(text))
 * const layer = ChatModel.layerYaml("understudy.yaml", { model: "qwen-turbo" })
 * Effect.runPromise(Effect.provide(program, layer))
 * ```
 */
export * as Advisor from "./Advisor.ts"
export * as BudgetAdvisor from "./advisor/BudgetAdvisor.ts"
export * as CacheAdvisor from "./advisor/CacheAdvisor.ts"
export * as LoggingAdvisor from "./advisor/LoggingAdvisor.ts"
export * as MemoryAdvisor from "./advisor/MemoryAdvisor.ts"
export * as RedactionAdvisor from "./advisor/RedactionAdvisor.ts"
export * as ChatClient from "./ChatClient.ts"
export * as ChatMemory from "./ChatMemory.ts"
export * as ChatModel from "./ChatModel.ts"
export * as ChatModelError from "./ChatModelError.ts"
export * as ChatModels from "./ChatModels.ts"
export * as ChatOptions from "./ChatOptions.ts"
export * as ChatPart from "./ChatPart.ts"
export * as ChatResponse from "./ChatResponse.ts"
export * as EmbeddingModel from "./EmbeddingModel.ts"
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
export * as Tool from "./Tool.ts"
export * as ToolCall from "./ToolCall.ts"
export * as ToolError from "./ToolError.ts"
export * as ToolLoop from "./ToolLoop.ts"
export * as UnderstudyFetch from "./UnderstudyFetch.ts"
export * as Usage from "./Usage.ts"
