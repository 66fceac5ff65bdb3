/**
 * The three chat services (`chat-service-plain`, `chat-service-effect`, `chat-service-gateway`), started one by one against the
 * mocks and asked one question each. They read where the vendors are from the environment, as they do in production.
 */
import * as Gateway from "@understudy/gateway/Gateway"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as effect from "./chat-service-effect/main.ts"
import * as behindGateway from "./chat-service-gateway/main.ts"
import * as plain from "./chat-service-plain/main.ts"

const startGateway = (server: MockServer.MockServer): Promise<Gateway.Running> =>
  Gateway.start({
    port: 0,
    log: false,
    config: {
      version: 1,
      providers: { deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] } },
      routes: [{ name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }]
    }
  })

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
  })
  const server = await MockServer.listen(vendors)
  const gateway = await startGateway(server)
  const before = { ...process.env }
  Object.assign(process.env, {
    DASHSCOPE_API_KEY: "sk-demo-qwen",
    DEEPSEEK_API_KEY: "sk-demo-deepseek",
    QWEN_BASE_URL: server.urls.qwen,
    DEEPSEEK_BASE_URL: server.urls.deepseek,
    UNDERSTUDY_BASE_URL: `${gateway.url}/v1`
  })
  const lines: Array<string> = []
  for (const [name, start] of Object.entries({
    plain: plain.start,
    effect: effect.start,
    gateway: behindGateway.start
  })) {
    const service = await start({ port: 0 })
    lines.push(`${name}: ${await (await fetch(`${service.url}/chat?input=你是谁？`)).text()}`)
    await service.close()
  }
  process.env = before
  await gateway.close()
  await server.close()
  return lines
}
