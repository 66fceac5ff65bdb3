import * as ChatModel from "@understudy/chat-model/ChatModel"
import { outcomeOf, type Trail } from "@understudy/core/failure/Trail"
import * as UnderstudyLanguageModel from "@understudy/effect-ai/UnderstudyLanguageModel"
import * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { type Answer, contract } from "./Contract.ts"

type Part = Response.AllParts<Record<never, never>>

const toAnswer = (parts: ReadonlyArray<Part>): Answer => {
  const texts = parts.map((part) => {
    if (part.type === "text") return part.text
    return part.type === "text-delta" ? part.delta : ""
  })
  const head = parts.find((part) => part.type === "response-metadata")
  const end = parts.find((part) => part.type === "finish")
  const trail = end?.metadata.understudy?.trail ?? []
  return { text: texts.join(""), model: head?.modelId, outcomes: (trail as Trail).map(outcomeOf) }
}

contract("LanguageModel", async (config) => {
  const layer = UnderstudyLanguageModel.layer({ model: "qwen-turbo" }).pipe(
    Layer.provide(ChatModel.layerUnderstudy(config))
  )
  const runtime = ManagedRuntime.make(layer)
  return {
    call: async (prompt) =>
      toAnswer((await runtime.runPromise(LanguageModel.generateText({ prompt }))).content as ReadonlyArray<Part>),
    stream: async (prompt) =>
      toAnswer(
        (await runtime.runPromise(Stream.runCollect(LanguageModel.streamText({ prompt })))) as ReadonlyArray<Part>
      ),
    close: () => runtime.dispose()
  }
})
