/**
 * Conversations: what was said goes out with each question, a turn that fails leaves no trace, and a store keeps them for the
 * next process.
 */
import { ChatMemory, MemoryAdvisor, PromiseChatClient, PromiseChatModel } from "@understudy/chat-model"
import * as KeyValueMemory from "@understudy/chat-model/memory/KeyValueMemory"
import * as Window from "@understudy/chat-model/memory/Window"
import * as Effect from "effect/Effect"
import * as KeyValueStore from "effect/persistence/KeyValueStore"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  await using setting = await Setting.open({ replies: ({ messages }) => ({ content: `heard ${messages.length}` }) })
  const { config, vendors } = setting
  await using chat = await PromiseChatModel.fromOptions(config, { model: "qwen3.8-flash" })

  const memory = ChatMemory.make({ window: Window.tokens(4000) })
  const client = PromiseChatClient.make(chat, { advisors: [MemoryAdvisor.make(memory)] })
  const ann = client.prompt().conversation("ann")

  const first = await ann.user("My name is Ann.").call().content()
  vendors.addFault({ kind: "billing.exhausted" })
  const failed = await ann
    .user("Are you there?")
    .call()
    .content()
    .then(String, () => "no answer")
  vendors.clearFaults()
  const second = await ann.user("What is my name?").call().content()
  const kept = await Effect.runPromise(memory.get("ann"))

  // In an application the store is of files, SQL or Redis.
  const stored = KeyValueMemory.make(
    await Effect.runPromise(Effect.provide(KeyValueStore.KeyValueStore, KeyValueStore.layerMemory))
  )
  const lasting = client.mutate({ advisors: [MemoryAdvisor.make(stored)] })
  const third = await lasting.prompt("Hello").conversation("ann").call().content()

  return [first ?? "", failed, second ?? "", `kept: ${kept.length} messages`, `in the store: ${third}`]
}
