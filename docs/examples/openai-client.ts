/**
 * An existing program on the `openai` client, unchanged but for its base URL: the gateway answers. The trail is in the
 * response's headers.
 */
import * as Gateway from "@understudy/gateway/Gateway"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import OpenAI from "openai"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen", state: "arrears" }, "sk-demo-deepseek": { vendor: "deepseek" } }
  })
  const server = await MockServer.listen(vendors)
  const gateway = await Gateway.start({
    port: 0,
    log: false,
    config: {
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
      ],
      consumers: [{ name: "demo", keys: ["sk-demo-consumer"], models: ["qwen*"] }]
    }
  })

  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "sk-demo-consumer" })
  const { data, response } = await client.chat.completions
    .create({ model: "qwen3.8-flash", messages: [{ role: "user", content: "你是谁？" }] })
    .withResponse()
  const refused = await client.chat.completions
    .create({ model: "deepseek-flash", messages: [{ role: "user", content: "你是谁？" }] })
    .catch((error: unknown) => (error instanceof OpenAI.APIError ? `${error.status} ${error.code}` : String(error)))

  await gateway.close()
  await server.close()
  return [
    `${data.model}: ${data.choices[0]?.message.content}`,
    `x-understudy-attempts: ${response.headers.get("x-understudy-attempts")}`,
    // The milliseconds differ from run to run.
    `x-understudy-trail: ${response.headers.get("x-understudy-trail")?.replace(/\d+ms/g, "…ms")}`,
    `deepseek-flash: ${refused}`
  ]
}
