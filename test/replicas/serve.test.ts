/** Two gateways as processes, a real Valkey or Redis between them, and a vendor that revokes a key. */
import { writeFileSync } from "node:fs"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { temporaryFolder, understudy } from "../cli/support.ts"
import { missing, Server } from "./server.ts"

// Two gateways to start, on a machine that may be a busy one.
vi.setConfig({ testTimeout: 90_000 })

const [first, second, third] = ["sk-demo-replicas-1", "sk-demo-replicas-2", "sk-demo-replicas-3"]
const well = (name: string) => ({ vendor: "qwen", name }) as const
const vendors = Vendors.make({ keys: { [first]: well(first), [second]: well(second), [third]: well(third) } })
let mocks: MockServer.MockServer
let server: Server

const configured = (): string => {
  const file = path.join(temporaryFolder(), "understudy.yaml")
  writeFileSync(
    file,
    `version: 1
server: { replicas: { url: "${server.url}" } }
providers:
  qwen:
    type: qwen
    baseUrl: "${mocks.urls.qwen}"
    keys: ["${first}", "${second}", "${third}"]
    keyFailover: { healthCheckInterval: 1s }
routes:
  - { name: qwen, match: { model: { prefix: "" } }, targets: [{ provider: qwen, model: qwen-turbo }] }
`
  )
  return file
}

const start = async (file: string) => {
  const gateway = understudy(["serve", "--config", file, "--port", "0"])
  const [url] = await gateway.until(/http:\/\/127\.0\.0\.1:\d+\/v1/)
  await gateway.until(/Ctrl-C stops/)
  return { ...gateway, url }
}

const ask = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: "你是谁？" }] })
  })
  await response.text()
  return response.status
}

/** Requests with a key that reached the vendor: calls, and probes of the key. */
const asked = (key: string) => {
  const paths = vendors.journal.entries.filter(({ keyName }) => keyName === key).map((entry) => entry.path)
  const calls = paths.filter((each) => each.endsWith("/chat/completions")).length
  return { calls, probes: paths.length - calls }
}

describe.skipIf(missing)("two gateways", () => {
  beforeAll(async () => {
    mocks = await MockServer.listen(vendors)
    server = await Server.start()
  })
  afterAll(async () => {
    await server.stop()
    await mocks.close()
  })

  it("have a revoked key out within a second, one of them probes it, and a server that is gone meanwhile loses nothing", async () => {
    const file = configured()
    const [one, other] = [await start(file), await start(file)]
    vendors.setKey(first, { ...well(first), state: "invalid" })
    while (!/key qwen#\w+ is out/.test(one.stdout())) expect(await ask(one.url)).toBe(200)
    const out = performance.now()
    await other.until(/key qwen#\w+ is out: Unauthorized/)
    expect(performance.now() - out).toBeLessThan(1_000)
    expect(asked(first).calls).toBe(1)
    for (let nth = 0; nth < 10; nth++) expect(await ask(other.url)).toBe(200)
    expect(asked(first).calls).toBe(1)
    // At 1 s, and about 2 s later: one probe each, of both gateways together.
    await vi.waitFor(() => expect(asked(first).probes).toBe(2), { timeout: 8_000, interval: 20 })
    expect(asked(first).probes).toBe(2)

    await server.stop()
    await one.until(/the other gateways are out of reach/)
    vendors.setKey(second, { ...well(second), state: "invalid" })
    while (!/is out[\s\S]+is out/.test(one.stdout())) expect(await ask(one.url)).toBe(200)
    await server.start()
    await one.until(/within reach again/)
    await other.until(/is out[\s\S]+is out/)
    const { calls } = asked(second)
    for (let nth = 0; nth < 10; nth++) expect(await ask(other.url)).toBe(200)
    expect(asked(second).calls).toBe(calls)
    expect((await Promise.all([one.interrupt(), other.interrupt()])).map(({ code }) => code)).toEqual([0, 0])
  })
})
