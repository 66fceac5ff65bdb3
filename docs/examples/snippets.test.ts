/** The programs of `snippets/`, run as a reader of the README runs them: from a folder with an `understudy.yaml`. */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { promisify } from "node:util"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"

const vendors = Vendors.make({
  keys: { "sk-demo-qwen": { vendor: "qwen" }, "sk-demo-deepseek": { vendor: "deepseek" } }
})
const folder = mkdtempSync(path.join(tmpdir(), "understudy-snippets-"))
let server: MockServer.MockServer

const yaml = (mock: MockServer.MockServer): string => `
version: 1
providers:
  qwen: { type: qwen, baseUrl: "${mock.urls.qwen}", keys: [sk-demo-qwen] }
  deepseek: { type: deepseek, baseUrl: "${mock.urls.deepseek}", keys: [sk-demo-deepseek] }
routes:
  - name: aliyun
    match: { model: { prefix: qwen } }
    targets: [{ provider: qwen }]
    fallback: [{ provider: deepseek, model: deepseek-flash }]
`

const argumentsOf = (name: string): ReadonlyArray<string> => [
  "--conditions=source",
  path.join(import.meta.dirname, "snippets", name)
]

const run = (name: string) => promisify(execFile)(process.execPath, argumentsOf(name), { cwd: folder })

beforeAll(async () => {
  server = await MockServer.listen(vendors)
  writeFileSync(path.join(folder, "understudy.yaml"), yaml(server))
})
beforeEach(() => vendors.reset())
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

it("promise.ts prints the answer, who gave it, and a stream", async () => {
  const answer = "我是阿里云开发的一款超大规模语言模型，我叫通义千问。"
  expect((await run("promise.ts")).stdout).toBe(`${answer} qwen3.8-flash 1\n${answer}`)
})

it("effect.ts prints who answered and what", async () => {
  expect((await run("effect.ts")).stdout).toBe("qwen3.8-flash: 我是阿里云开发的一款超大规模语言模型，我叫通义千问。\n")
})

it("errors.ts prints the reason and the trail", async () => {
  vendors.addFault({ kind: "billing.exhausted" })
  expect((await run("errors.ts")).stderr.split("\n")).toEqual([
    "UpstreamFailed false undefined",
    "qwen qwen3.8-flash BalanceExhausted next target",
    "deepseek deepseek-flash BalanceExhausted fail",
    ""
  ])
})
