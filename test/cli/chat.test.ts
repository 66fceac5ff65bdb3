import { writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it } from "vitest"
import { run, temporaryFolder } from "./support.ts"

let mock: MockServer.MockServer
let guarded: Server
let address = ""
beforeAll(async () => {
  mock = await MockServer.listen(Vendors.make({ keys: { "sk-demo-chat": { vendor: "deepseek" } } }))
  guarded = createServer((_, response) => {
    response.writeHead(401, { "content-type": "application/json" })
    response.end('{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}')
  })
  await new Promise<void>((resolve) => guarded.listen(0, "127.0.0.1", resolve))
  address = `http://127.0.0.1:${(guarded.address() as AddressInfo).port}/v1`
})
afterAll(async () => {
  await mock.close()
  guarded.close()
})

it.concurrent("says of a mock's answer that it is a mock's, and leaves the pipe with the answer alone", async () => {
  const folder = temporaryFolder()
  writeFileSync(
    path.join(folder, "understudy.yaml"),
    `version: 1
providers: { deepseek: { type: deepseek, baseUrl: "${mock.urls.deepseek}", keys: [sk-demo-chat] } }
routes: [{ name: a, match: { model: { prefix: deepseek- } }, targets: [{ provider: deepseek }] }]
`
  )
  const { code, stderr, stdout } = await run(["chat", "Who are you?"], { cwd: folder })
  expect(code).toBe(0)
  expect(stderr).toContain("answered by a mock of deepseek-flash")
  expect(stdout).toMatch(/^Hello! I am DeepSeek/)
  expect(stderr).not.toContain("asking ")
})

it.concurrent.each([
  ["no key", {}, [], "wants a key: put it into UNDERSTUDY_API_KEY"],
  ["a wrong key", { UNDERSTUDY_API_KEY: "sk-demo-wrong" }, [], "refuses the key that was sent"],
  ["no key and a model", {}, ["--model", "qwen-plus"], "wants a key: put it into UNDERSTUDY_API_KEY"]
] as const)("tells who asks a guarded address with %s what to do", async (_, env, more, says) => {
  const { code, stderr } = await run(["chat", "--base-url", address, ...more, "hi"], { env })
  expect(code).toBe(1)
  expect(stderr).toContain(`${address} ${says}`)
  expect(stderr).not.toContain("sk-demo-wrong")
})
