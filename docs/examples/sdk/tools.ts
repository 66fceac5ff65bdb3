/**
 * Tools with schemas of three kinds. Qwen calls one and is gone before it can use the result: DeepSeek answers with it, and the
 * tool has run once.
 */
import { PromiseChatClient, PromiseChatModel, Tool } from "@understudy/chat-model"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { z } from "zod"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  await using setting = await Setting.open()
  const { config, vendors } = setting
  let runs = 0
  const thermometer = Effect.sync(() => {
    runs++
    vendors.addFault({ vendor: "qwen", kind: "overload.fast" })
    return 21
  })

  const weather = Tool.make({
    name: "weather",
    description: "The weather in a city",
    parameters: Schema.Struct({ city: Schema.String }),
    result: Schema.Struct({ celsius: Schema.Finite }),
    handler: () => Effect.map(thermometer, (celsius) => ({ celsius })),
    timeout: "5 seconds"
  })

  const pay = Tool.make({
    name: "payment",
    description: "Pays an amount",
    parameters: z.object({ amount: z.number() }),
    handler: async ({ amount }) => ({ paid: amount }),
    approval: ({ parameters }) => ({ reason: `nobody allowed ${JSON.stringify(parameters)}` })
  })

  const clock = Tool.make({
    name: "clock",
    parameters: { type: "object", properties: { zone: { type: "string" } } },
    handler: ({ zone }) => `noon in ${zone ?? "UTC"}`
  })

  await using chat = await PromiseChatModel.fromOptions(config, { model: "qwen-plus" })
  const client = PromiseChatClient.make(chat, {
    tools: [weather, pay, clock],
    toolLoop: { maxTurns: 5, onTurnLimit: "answer" }
  })

  const { metadata, text } = await client.prompt("How is the weather in Hangzhou?").call().response()
  vendors.clearFaults()

  const lines: Array<string> = []
  for await (const part of client.prompt("Make the payment").stream().parts()) {
    if (part.type === "tool-call") lines.push(`calls ${part.name}`)
    if (part.type === "tool-result") lines.push(part.error?.message ?? JSON.stringify(part.result))
  }

  return [`${metadata.model}: ${text}`, `the tool has run ${runs} time`, ...lines]
}
