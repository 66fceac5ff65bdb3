/** What has to be provided before a program runs; `tsc` checks the lines that expect an error. */
// The compiler that knows Effect would say a second time what a line expects.
// @effect-diagnostics missingEffectContext:off
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { it } from "vitest"
import * as MemoryAdvisor from "../../src/advisor/MemoryAdvisor.ts"
import * as ChatClient from "../../src/ChatClient.ts"
import * as ChatMemory from "../../src/ChatMemory.ts"
import * as ChatModel from "../../src/ChatModel.ts"
import * as ChatModels from "../../src/ChatModels.ts"
import * as ChatResponse from "../../src/ChatResponse.ts"
import * as EmbeddingModel from "../../src/EmbeddingModel.ts"
import * as KeyValueMemory from "../../src/memory/KeyValueMemory.ts"
import * as TestChatModel from "../../src/TestChatModel.ts"

const asked = ChatModel.call("hi")
const remembered = Effect.map(ChatMemory.ChatMemory, (memory) => MemoryAdvisor.make(memory))
const test = TestChatModel.layer(["Hello"])

it("is what the program asks for", () => () => [
  Effect.runPromise(Effect.provide(asked, test)),
  // @ts-expect-error the ChatModel is missing
  Effect.runPromise(asked),
  // @ts-expect-error the ChatModel of a stream is missing
  Effect.runPromise(ChatResponse.fromStream(ChatModel.stream("hi"))),
  // @ts-expect-error an EmbeddingModel is no ChatModel
  Effect.runPromise(Effect.provide(EmbeddingModel.embed("hi"), test)),
  // @ts-expect-error the memory is missing
  Effect.runPromise(Effect.provide(remembered, test)),
  // @ts-expect-error the scripted model is missing
  Effect.runPromise(TestChatModel.prompts)
])

it("is what layers stand on", () => () => [
  // @ts-expect-error the engine is missing
  Effect.runPromise(Effect.provide(asked, ChatModel.layer({ model: "qwen-turbo" }))),
  // @ts-expect-error the named models are missing
  Effect.runPromise(Effect.provide(asked, ChatModels.layer("worker"))),
  // @ts-expect-error the ChatModel below the client is missing
  Effect.runPromise(Layer.build(ChatClient.layer()).pipe(Effect.scoped)),
  // @ts-expect-error the store is missing
  Effect.runPromise(Effect.provide(remembered, KeyValueMemory.layer()))
])
