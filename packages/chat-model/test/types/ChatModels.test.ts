/** What the types of named models promise: the compiler's run over this file is the test. */
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { ModelOptions } from "@understudy/core/config/Options"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { expectTypeOf, it } from "vitest"
import type * as ChatModel from "../../src/ChatModel.ts"
import * as ChatModels from "../../src/ChatModels.ts"
import type { ChatOptions } from "../../src/ChatOptions.ts"
import type * as PromiseChatModels from "../../src/PromiseChatModels.ts"

const models = ChatModels.fromOptions({
  version: 1,
  providers: { qwen: { type: "qwen", keys: ["sk-demo-1"] } },
  routes: [{ name: "aliyun", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] }],
  models: { planner: { model: "qwen-plus" }, critic: { model: "qwq-32b", options: { temperature: 0 } } }
})

it("knows the names of a configuration that is an object, and cannot fail on them", () => {
  expectTypeOf(models).toEqualTypeOf<ChatModels.Models<"planner" | "critic">>()
  expectTypeOf(models.get("planner")).toEqualTypeOf<
    Effect.Effect<ChatModel.ChatModel["Service"], never, ChatModels.ChatModels>
  >()
  expectTypeOf(models.layer("critic")).toEqualTypeOf<Layer.Layer<ChatModel.ChatModel, never, ChatModels.ChatModels>>()
  return [
    // @ts-expect-error there is no worker
    models.get("worker"),
    // @ts-expect-error there is no worker
    models.layer("worker")
  ]
})

it("says that a name of a file may not be there", () => {
  expectTypeOf(ChatModels.get("anything")).toEqualTypeOf<
    Effect.Effect<ChatModel.ChatModel["Service"], ConfigError, ChatModels.ChatModels>
  >()
})

it("knows the names for promises too", () => {
  type Named = PromiseChatModels.PromiseChatModels<"planner" | "critic">
  expectTypeOf<Parameters<Named["get"]>>().toEqualTypeOf<["planner" | "critic"]>()
  expectTypeOf<ReturnType<typeof PromiseChatModels.fromOptions<"planner">>>().resolves.toEqualTypeOf<
    PromiseChatModels.PromiseChatModels<"planner">
  >()
})

it("takes for a name's options what a prompt takes", () => {
  expectTypeOf<NonNullable<ModelOptions["options"]>>().toExtend<ChatOptions>()
})

it("refuses models without a name, and options that do not exist", () => {
  const base = { version: 1, providers: {}, routes: [] } as const
  return () => {
    // @ts-expect-error no models
    ChatModels.fromOptions(base)
    // @ts-expect-error no such option
    ChatModels.fromOptions({ ...base, models: { planner: { model: "qwen-plus", options: { temprature: 0 } } } })
  }
})
