/**
 * One error with a closed reason: with Effect a reason is caught by its name, and the compiler knows what is left.
 */
import { ChatModel } from "@understudy/chat-model"
import * as Effect from "effect/Effect"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  await using setting = await Setting.open({ faults: [{ kind: "content.input" }] })
  const { config } = setting

  const answer = ChatModel.call("Tell me a joke").pipe(
    Effect.map(({ text }) => text),
    Effect.catchReasons("ChatModelError", {
      Rejected: ({ detail, kind }) => Effect.succeed(`refused as ${kind}: ${detail}`),
      Limited: ({ retryAfter }) => Effect.succeed(`again in ${retryAfter} ms`)
    }),
    Effect.catchTag("ChatModelError", ({ message, trail }) =>
      Effect.succeed(`${message}, after ${trail.length} attempts`)
    )
  )

  const layer = ChatModel.layerUnderstudy(config, { model: "qwen3.8-flash" })
  return [String(await Effect.runPromise(Effect.provide(answer, layer)))]
}
