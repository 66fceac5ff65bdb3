/** What options do not compile, wherever they are taken; `tsc` checks the lines that expect an error. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { expectTypeOf, it } from "vitest"
import * as ChatModel from "../../src/ChatModel.ts"
import * as ChatOptions from "../../src/ChatOptions.ts"
import * as EmbeddingModel from "../../src/EmbeddingModel.ts"
import * as PromiseChatModel from "../../src/PromiseChatModel.ts"
import * as PromiseUnderstudy from "../../src/PromiseUnderstudy.ts"
import * as Prompt from "../../src/Prompt.ts"

const config: UnderstudyOptions = { version: 1, providers: {}, routes: [] }

it("are those that exist, with a prompt and with every model", () => {
  // @ts-expect-error no such option
  Prompt.make("hi", { temprature: 1 })
  // @ts-expect-error no such option
  ChatOptions.merge({ temprature: 1 })
  // @ts-expect-error no such option
  ChatModel.layerUnderstudy(config, { temprature: 1 })
  // @ts-expect-error no such option
  ChatModel.layerRemote({ baseUrl: "http://127.0.0.1:8080/v1", options: { temprature: 1 } })
  // @ts-expect-error no such option
  EmbeddingModel.layerUnderstudy(config, { dimension: 256 })
  return () => [
    // @ts-expect-error no such option
    PromiseChatModel.fromOptions(config, { temprature: 1 }),
    // @ts-expect-error no such option
    PromiseUnderstudy.fromOptions(config, { temprature: 1 }),
    // @ts-expect-error a provider has a type
    PromiseChatModel.fromOptions({ ...config, providers: { qwen: { keys: ["sk-demo-1"] } } })
  ]
})

it("have values of their own kind", () => {
  // @ts-expect-error a number
  Prompt.make("hi", { temperature: "warm" })
  // @ts-expect-error a list
  Prompt.make("hi", { stopSequences: "END" })
  // @ts-expect-error a tool by its name
  Prompt.make("hi", { toolChoice: { name: "weather" } })
  // @ts-expect-error of a bag single fields are removed
  Prompt.make("hi", { extraBody: ChatOptions.unset })
  // @ts-expect-error of a bag single fields are removed
  Prompt.make("hi", { vendor: ChatOptions.unset })
  expectTypeOf<"low">().toExtend<ChatOptions.ChatOptions["reasoningEffort"]>()
})

it("of a vendor are that vendor's", () => {
  Prompt.make("hi", {
    vendor: { qwen: { enableThinking: true, thinkingBudget: ChatOptions.unset }, deepseek: { thinking: "disabled" } }
  })
  // @ts-expect-error no such vendor
  Prompt.make("hi", { vendor: { acme: {} } })
  // @ts-expect-error DeepSeek has no budget
  Prompt.make("hi", { vendor: { deepseek: { thinkingBudget: 100 } } })
  // @ts-expect-error one of two words
  Prompt.make("hi", { vendor: { deepseek: { thinking: true } } })
  // @ts-expect-error the wire's name is for extraBody
  Prompt.make("hi", { vendor: { qwen: { enable_thinking: true } } })
})
