/** The contract through the ChatModel itself: with Effect, with promises, from a ChatClient, and with a gateway between. */
import * as ChatClient from "@understudy/chat-model/ChatClient"
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as ChatResponse from "@understudy/chat-model/ChatResponse"
import * as PromiseChatModel from "@understudy/chat-model/PromiseChatModel"
import type { ConfigError } from "@understudy/core/config/ConfigError"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { outcomeOf } from "@understudy/core/failure/Trail"
import * as Gateway from "@understudy/gateway/Gateway"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { type Answer, contract, type Face } from "./Contract.ts"

const toAnswer = ({ metadata, text }: ChatResponse.ChatResponse): Answer => ({
  text: text ?? "",
  model: metadata.model,
  outcomes: metadata.trail.map(outcomeOf)
})

const options = { model: "qwen-turbo" }

const ofModel = (chat: PromiseChatModel.PromiseChatModel): Face => ({
  call: async (question) => toAnswer(await chat.call(question)),
  stream: async (question) => {
    const parts = []
    for await (const part of chat.stream(question)) parts.push(part)
    return toAnswer(ChatResponse.fromParts(parts))
  },
  close: () => chat.close()
})

contract("ChatModel", async (config) => {
  const runtime = ManagedRuntime.make(ChatModel.layerUnderstudy(config, options))
  return {
    call: (question) => runtime.runPromise(Effect.map(ChatModel.call(question), toAnswer)),
    stream: (question) => runtime.runPromise(Effect.map(ChatResponse.fromStream(ChatModel.stream(question)), toAnswer)),
    close: () => runtime.dispose()
  }
})

contract("PromiseChatModel", async (config) => ofModel(await PromiseChatModel.fromOptions(config, options)))

contract("ChatClient", async (config) => {
  const layer = Layer.provide(ChatClient.layer(), ChatModel.layerUnderstudy(config, options))
  const runtime = ManagedRuntime.make<ChatClient.ChatClient, ConfigError>(layer)
  const prompt = (question: string) => ChatClient.ChatClient.useSync((client) => client.prompt().user(question))
  return {
    call: (question) =>
      runtime.runPromise(
        prompt(question).pipe(
          Effect.flatMap((spec) => spec.call().response()),
          Effect.map(toAnswer)
        )
      ),
    stream: (question) =>
      runtime.runPromise(
        prompt(question).pipe(
          Effect.flatMap((spec) => ChatResponse.fromStream(spec.stream().parts())),
          Effect.map(toAnswer)
        )
      ),
    close: () => runtime.dispose()
  }
})

/** The attempts behind the gateway, which its trail header tells. */
const behind = ({ metadata, text }: ChatResponse.ChatResponse): Answer => ({
  text: text ?? "",
  model: metadata.model,
  outcomes: (metadata.trail.at(-1)?.via ?? "").split(", ").map((attempt) => attempt.split(" ")[1] ?? "")
})

contract("ChatModel over the gateway", async (config: UnderstudyOptions) => {
  const gateway = await Gateway.start({ config, port: 0, grace: 0, log: { window: 0, write: () => undefined } })
  const chat = await PromiseChatModel.remote({ baseUrl: `${gateway.url}/v1`, model: "qwen-turbo" })
  return {
    call: async (question) => behind(await chat.call(question)),
    stream: async (question) => {
      const parts = []
      for await (const part of chat.stream(question)) parts.push(part)
      return behind(ChatResponse.fromParts(parts))
    },
    close: async () => {
      await chat.close()
      await gateway.close()
    }
  }
})
