/**
 * The two twins of the article's Spring controller (`nestjs.ts`, `effect.ts`), asked while DeepSeek is well and while it is
 * down: then QwQ-32B answers, as the article's title promises.
 */
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as effect from "./effect.ts"
import * as nestjs from "./nestjs.ts"

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } },
    replies: (request, vendor) => `${request.model} of ${vendor}`
  })
  const server = await MockServer.listen(vendors)
  const before = { ...process.env }
  Object.assign(process.env, {
    DASHSCOPE_API_KEY: "sk-demo-qwen",
    DEEPSEEK_API_KEY: "sk-demo-deepseek",
    QWEN_BASE_URL: server.urls.qwen,
    DEEPSEEK_BASE_URL: server.urls.deepseek
  })
  const lines: Array<string> = []
  for (const [name, start] of Object.entries({ nestjs: nestjs.start, effect: effect.start })) {
    const service = await start({ port: 0 })
    const ask = async () => (await fetch(`${service.url}/chat?input=你是谁？`)).text()
    const well = await ask()
    const outage = vendors.addFault({ vendor: "deepseek", kind: "server.error" })
    lines.push(`${name}: ${well}, then ${await ask()}`)
    outage.remove()
    await service.close()
  }
  process.env = before
  await server.close()
  return lines
}
