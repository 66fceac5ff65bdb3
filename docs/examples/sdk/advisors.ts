/**
 * What stands between a client and its model: an advisor of one's own, and those that come with the SDK, from the outermost to
 * the innermost.
 */
import {
  Advisor,
  BudgetAdvisor,
  CacheAdvisor,
  ChatClient,
  ChatMemory,
  ChatModel,
  LoggingAdvisor,
  MemoryAdvisor,
  Message,
  RedactionAdvisor
} from "@understudy/chat-model"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import * as Setting from "./Setting.ts"

class Forbidden extends Data.TaggedError("Forbidden")<{ readonly message: string }> {}

const safeguard = Advisor.make("safeguard", (request, next) =>
  request.prompt.messages.some((message) => Message.textOf(message)?.includes("password"))
    ? Stream.fail(new Forbidden({ message: "Passwords are not talked about" }))
    : next(request)
)

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const heard: Array<string> = []
  await using setting = await Setting.open({
    replies: ({ messages }) => {
      heard.push(messages.at(-1)?.text ?? "")
      return { content: `I call ${messages.at(-1)?.text.slice(-9)}` }
    }
  })

  const advisors = [
    safeguard,
    MemoryAdvisor.make(ChatMemory.make()),
    LoggingAdvisor.make(),
    CacheAdvisor.make({ ttl: "1 hour" }),
    BudgetAdvisor.make({ perWindow: { every: "1 hour", tokens: 20 } }),
    RedactionAdvisor.make()
  ]

  const program = Effect.gen(function* () {
    const client = ChatClient.make(yield* ChatModel.ChatModel, { advisors })
    const ask = (text: string) => client.prompt(text).call().response()
    const { text } = yield* ask("Call 13800138000")
    const { metadata } = yield* ask("Call 13800138000")
    const refused = yield* ask("The password is?").pipe(
      Effect.catchTag("Forbidden", ({ message }) => Effect.succeed(message))
    )
    const spent = yield* ask("And now a long story about everything that there is in Hangzhou").pipe(
      Effect.catchReason("BudgetError", "Exhausted", ({ unit }) => Effect.succeed(`no ${unit} left`))
    )
    return [`${text}`, `cached: ${metadata.cached}`, String(refused), String(spent)]
  })
  const logged: Array<string> = []
  const layer = Layer.merge(
    ChatModel.layerUnderstudy(setting.config, { model: "qwen3.8-flash" }),
    Logger.layer([Logger.make(({ message }) => void logged.push(String(message)))])
  )
  const lines = await Effect.runPromise(Effect.provide(program, layer))
  return [`the vendor heard: ${heard.join(", ")}`, ...lines, `the log: ${logged.join(", ")}`]
}
