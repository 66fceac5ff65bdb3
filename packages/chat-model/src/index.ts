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
 * const layer = ChatModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * Effect.runPromise(Effect.provide(program, layer))
 * ```
 */

export * as Trail from "@understudy/core/failure/Trail"
export * as ChatClient from "./ChatClient.ts"
export * as ChatModel from "./ChatModel.ts"
export * as ChatModels from "./ChatModels.ts"
export * as EmbeddingModel from "./EmbeddingModel.ts"
export * from "./promise.ts"
