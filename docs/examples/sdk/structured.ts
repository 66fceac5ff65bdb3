/**
 * Answers as values of a schema, of Effect's and of zod's: kept to by the vendor where it can, by instruction elsewhere; shown
 * while they are written; asked for again when they do not fit.
 */
import { PromiseChatClient, PromiseChatModel } from "@understudy/chat-model"
import * as Schema from "effect/Schema"
import { z } from "zod"
import * as Setting from "./Setting.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const written = ['{"name":"杭州","inhabitants":12}', "Which city?", '```json\n{"name":"宁波","inhabitants":9}\n```']
  let asked = 0
  await using setting = await Setting.open({ replies: () => ({ content: written[asked++] ?? written[0] ?? "" }) })
  await using chat = await PromiseChatModel.fromOptions(setting.config, { model: "qwen-plus" })
  const client = PromiseChatClient.make(chat)

  const City = Schema.Struct({ name: Schema.String, inhabitants: Schema.Int })
  const { name, inhabitants } = await client.prompt("The largest city of Zhejiang?").call().entity(City)

  // DeepSeek takes no schema: it is told in words. What does not fit is asked for again.
  const Port = z.object({ name: z.string(), inhabitants: z.int() })
  const port = client.prompt("Its largest port?").options({ model: "deepseek-flash" })
  const { repairs, value, way } = await port.call().responseEntity(Port, { repairs: 1 })

  let steps = 0
  for await (const city of client.prompt("Once more?").stream().partials(City)) if (city.name !== undefined) steps++

  return [
    `${name} has ${inhabitants} million`,
    `${value.name}, ${way}, asked again ${repairs} time`,
    `seen while it was written: ${steps > 1}`
  ]
}
