/**
 * A task that several models work on together. Qwen goes down when the plan is made: the agents that are Qwen's are answered
 * by DeepSeek, and the task is finished. Once with Effect (`effect.ts`), once without (`promise.ts`).
 */
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as effect from "./effect.ts"
import * as promise from "./promise.ts"
import { toLine } from "./Said.ts"

const task = "Plan a day in Hangzhou: sights, food, walks."

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({
    keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
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
  for (const [name, run] of Object.entries({ effect: effect.run, promise: promise.run })) {
    const outage = vendors.addFault({ vendor: "qwen", kind: "server.error", skip: 1 })
    const said = await run(task, server)
    lines.push(`with ${name}:`, ...said.map(toLine))
    outage.remove()
  }

  process.env = before
  await server.close()
  return lines
}
