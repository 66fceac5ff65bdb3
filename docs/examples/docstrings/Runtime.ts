/** What the programs of examples import beside what they show. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { ChatClient, ChatMemory, ChatModel, EmbeddingModel } from "@understudy/chat-model"
import { Understudy } from "@understudy/core"
import { UnderstudyLanguageModel } from "@understudy/effect-ai"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { expect } from "vitest"

/** Checks a value, and gives it back. */
export const is = <A>(value: A, expected: unknown): A => {
  expect(value).toEqual(expected)
  return value
}

/** What an application provides: an engine from `understudy.yaml`, and everything over it. */
const services = UnderstudyLanguageModel.layer().pipe(
  Layer.provideMerge(ChatClient.layer()),
  Layer.provideMerge(ChatModel.layer({ model: "qwen-plus" })),
  Layer.merge(EmbeddingModel.layer({ model: "text-embedding-v4" })),
  Layer.provideMerge(Understudy.layerYaml()),
  Layer.merge(ChatMemory.layer()),
  Layer.merge(NodeServices.layer)
)

const toEffect = (value: unknown): Effect.Effect<unknown, unknown, never> | undefined => {
  const any = value as never
  if (Effect.isEffect(value)) return any
  if (Stream.isStream(value)) return Stream.runDrain(any)
  return Layer.isLayer(value) ? Effect.scoped(Layer.build(any)) : undefined
}

/** Runs the Effects, Streams and Layers among some values. */
export const run = async (values: ReadonlyArray<unknown>): Promise<void> => {
  for (const value of values) {
    const effect = toEffect(value)
    if (effect !== undefined) await Effect.runPromise(Effect.provide(Effect.scoped(effect), services))
  }
}
