/**
 * A client with defaults: templates whose values the compiler demands, whole answers and streams, and another client made of it;
 * the same with Effect.
 */
import { ChatClient, ChatModel, PromiseChatClient, PromiseChatModel } from "@understudy/chat-model"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  // The mock says what was said to it.
  const replies = ({ messages }: { readonly messages: ReadonlyArray<{ readonly text: string }> }) => ({
    content: messages.map(({ text }) => text).join(" | ")
  })
  await using setting = await Setting.open({ replies })
  const { config, vendors } = setting

  await using chat = await PromiseChatModel.fromOptions(config, { model: "qwen3.8-flash" })
  const comedian = PromiseChatClient.make(chat, { system: "You are a comedian.", options: { temperature: 1 } })

  const joke = comedian.prompt().user("Tell me a {adjective} joke about {topic}", { adjective: "short", topic: "cats" })
  const text = await joke.call().content()
  const { metadata } = await joke.call().response()
  let streamed = ""
  for await (const delta of joke.stream().content()) streamed += delta

  const brief = comedian.mutate({ system: "You are brief.", options: { maxTokens: 50 } })
  const another = await brief.prompt("Another one").call().content()

  const program = Effect.gen(function* () {
    const client = yield* ChatClient.ChatClient
    return yield* client.prompt("Tell me a joke").call().content()
  })
  const layer = ChatClient.layer({ system: "You are a comedian." }).pipe(
    Layer.provide(ChatModel.layerUnderstudy(config, { model: "qwen3.8-flash" }))
  )
  const withEffect = await Effect.runPromise(Effect.provide(program, layer))

  return [
    `${metadata.model}: ${text}`,
    `streamed the same: ${streamed === text}`,
    `brief: ${another} (at most ${vendors.journal.entries[3]?.maxTokens} tokens)`,
    `with effect: ${withEffect}`
  ]
}
