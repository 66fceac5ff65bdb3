/**
 * The mocks inside one process, as a test uses them: requests to the vendors' real hosts never leave, a fault is added, and
 * the journal says what arrived. In vitest `enable` and `disable` go into `beforeAll` and `afterAll`.
 */
import assert from "node:assert/strict"
import { PromiseChatModel } from "@understudy/chat-model/promise"
import * as MockNetwork from "@understudy/mocks/MockNetwork"
import * as Vendors from "@understudy/mocks/Vendors"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
  })
  const network = MockNetwork.make(vendors)
  network.enable()
  const chat = await PromiseChatModel.fromOptions(
    {
      version: 1,
      // No base URLs: the vendors' public ones, which the mocks play.
      providers: {
        qwen: { type: "qwen", keys: ["sk-demo-qwen"], deadlines: { firstContent: "50ms" } },
        deepseek: { type: "deepseek", keys: ["sk-demo-deepseek"] }
      },
      routes: [
        {
          name: "aliyun",
          match: { model: { prefix: "qwen" } },
          targets: [{ provider: "qwen" }],
          fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
        }
      ]
    },
    { model: "qwen3.8-flash" }
  )

  vendors.addFault({ vendor: "qwen", kind: "stall.before" })
  let answeredBy = ""
  for await (const part of chat.stream("你是谁？")) if (part.type === "response-metadata") answeredBy = part.model

  assert.equal(answeredBy, "deepseek-flash")
  const left = await vendors.journal.waitFor((entry) => entry.end === "client-left")
  assert.equal(left.model, "qwen3.8-flash")
  const lines = vendors.journal.entries.map(({ end, model, recipe, vendor }) => `${vendor} ${model} ${recipe}: ${end}`)

  await chat.close()
  network.disable()
  return [`answered by ${answeredBy}`, ...lines]
}
