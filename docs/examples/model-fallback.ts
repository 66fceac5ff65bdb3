/**
 * Model fallback: the key of Qwen is wrong, so DeepSeek answers a request for `qwen-turbo`.
 */
import { PromiseChatModel, Trail } from "@understudy/chat-model/promise"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({ keys: { "sk-demo-deepseek": { vendor: "deepseek" } } })
  const server = await MockServer.listen(vendors)
  const chat = await PromiseChatModel.fromOptions({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-wrong"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen-" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
      }
    ]
  })

  const { metadata, text } = await chat.call({
    messages: [{ role: "user", content: "你是谁？" }],
    options: { model: "qwen-turbo" }
  })

  await chat.close()
  await server.close()
  return [
    `${metadata.model}: ${text}`,
    ...metadata.trail.map(
      (attempt) => `${attempt.provider}/${attempt.model} ${Trail.outcomeOf(attempt)}, then: ${Trail.nextOf(attempt)}`
    )
  ]
}
