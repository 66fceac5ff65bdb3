/**
 * An existing program on the `openai` client, unchanged but for one line: its client is made by an engine in this process,
 * which answers from DeepSeek while Qwen's account is in arrears. No gateway, no other port.
 */
import { PromiseUnderstudy } from "@understudy/chat-model/promise"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import OpenAI from "openai"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen", state: "arrears" }, "sk-demo-deepseek": { vendor: "deepseek" } }
  })
  const server = await MockServer.listen(vendors)
  const understudy = await PromiseUnderstudy.fromOptions({
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
      }
    ]
  })

  // Before: const client = new OpenAI({ apiKey: process.env.DASHSCOPE_API_KEY, baseURL: "https://dashscope..." })
  const client = understudy.openai(OpenAI)
  const request = { model: "qwen3.8-flash", messages: [{ role: "user" as const, content: "你是谁？" }] }
  const { data, response } = await client.chat.completions.create(request).withResponse()
  let streamed = ""
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    streamed += chunk.choices[0]?.delta.content ?? ""
  }
  const refused = await client.chat.completions
    .create({ ...request, model: "gpt-5" })
    .catch((error: unknown) =>
      error instanceof OpenAI.NotFoundError ? `${error.status} ${error.code}` : String(error)
    )

  await understudy.close()
  await server.close()
  return [
    `${data.model}: ${data.choices[0]?.message.content}`,
    `streamed: ${streamed}`,
    // The milliseconds differ from run to run.
    `x-understudy-trail: ${response.headers.get("x-understudy-trail")?.replace(/\d+ms/g, "…ms")}`,
    `gpt-5: ${refused}`
  ]
}
