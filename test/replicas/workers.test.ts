/** `serve --workers 2` as its users run it: two processes that answer calls, and one that an operator deals with. */

import { once } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import { Agent, createServer, request } from "node:http"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { temporaryFolder, understudy } from "../cli/support.ts"

// Each gateway is three processes to start.
vi.setConfig({ testTimeout: 90_000 })

const [first, second] = ["sk-demo-workers-1", "sk-demo-workers-2"]
const well = (name: string) => ({ vendor: "qwen", name }) as const
const vendors = Vendors.make({ keys: { [first]: well(first), [second]: well(second) } })
let mocks: MockServer.MockServer
beforeAll(async () => {
  mocks = await MockServer.listen(vendors)
})
afterAll(() => mocks.close())

const configured = (serverSettings = ""): string => {
  const file = path.join(temporaryFolder(), "understudy.yaml")
  writeFileSync(
    file,
    `version: 1
${serverSettings}
providers:
  qwen:
    type: qwen
    baseUrl: "${mocks.urls.qwen}"
    keys: ["${first}", "${second}"]
    keyFailover: { healthCheckInterval: 1s }
routes:
  - { name: qwen, match: { model: { exact: old-name } }, targets: [{ provider: qwen, model: qwen-turbo }] }
`
  )
  return file
}

const start = async (file: string, ...more: ReadonlyArray<string>) => {
  const gateway = understudy(["serve", "--config", file, "--port", "0", "--workers", "2", ...more])
  const [url] = await gateway.until(/http:\/\/127\.0\.0\.1:\d+\/v1/)
  await gateway.until(/Ctrl-C stops/)
  return { ...gateway, url }
}

/** A call over a connection of its own, which goes to whose turn it is. */
const ask = (url: string, model = "old-name"): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" }
    const asking = request(`${url}/chat/completions`, { method: "POST", headers, agent: new Agent() }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0))
    })
    asking.once("error", reject)
    asking.end(JSON.stringify({ model, messages: [{ role: "user", content: "你是谁？" }] }))
  })

/** The processes that a process has started. */
const childrenOf = (pid: number | undefined): ReadonlyArray<number> =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number)

const asked = (key: string) => vendors.journal.entries.filter(({ keyName }) => keyName === key)

it("takes a key out on both when one has found it revoked, and probes it once at a time", async () => {
  const gateway = await start(configured())
  vendors.setKey(first, { ...well(first), state: "invalid" })
  while (!/key qwen#\w+ is out: Unauthorized/.test(gateway.stdout())) expect(await ask(gateway.url)).toBe(200)
  for (let nth = 0; nth < 20; nth++) expect(await ask(gateway.url)).toBe(200)
  const calls = asked(first).filter((entry) => entry.path.endsWith("/chat/completions"))
  expect(calls).toHaveLength(1)
  await vi.waitFor(() => expect(asked(first).length).toBeGreaterThanOrEqual(3), { timeout: 8_000, interval: 20 })
  expect(asked(first)).toHaveLength(3)
  vendors.setKey(first, well(first))
  await gateway.until(/key qwen#\w+ is back/)
  expect((await gateway.interrupt()).code).toBe(0)
})

it("starts another process for one that was killed, says so, and fails no call meanwhile", async () => {
  const gateway = await start(configured())
  const [victim] = childrenOf(gateway.child.pid)
  process.kill(victim ?? 0, "SIGKILL")
  await gateway.until(/a worker process has ended \(SIGKILL\); another one takes its place/)
  for (let nth = 0; nth < 10; nth++) expect(await ask(gateway.url)).toBe(200)
  await vi.waitFor(() => expect(childrenOf(gateway.child.pid)).toHaveLength(2), { timeout: 8_000, interval: 20 })
  expect(childrenOf(gateway.child.pid)).not.toContain(victim)
  expect((await gateway.interrupt()).code).toBe(0)
})

it("takes a change of the file on both, shows an operator all calls, and leaves no process behind", async () => {
  const file = configured("server: { admin: { port: 0 }, log: text }")
  const gateway = await start(file)
  const workers = childrenOf(gateway.child.pid)
  expect(workers).toHaveLength(2)
  for (let nth = 0; nth < 4; nth++) expect(await ask(gateway.url)).toBe(200)
  writeFileSync(file, readFileSync(file, "utf8").replace("old-name", "new-name"))
  gateway.child.kill("SIGHUP")
  await gateway.until(/understudy\.yaml has changed, and is in force/)
  await vi.waitFor(async () => {
    for (let nth = 0; nth < 4; nth++) expect(await ask(gateway.url, "new-name")).toBe(200)
  }, 8_000)
  const [admin] = /http:\/\/127\.0\.0\.1:\d+(?=\/docs)/.exec(gateway.stdout()) ?? []
  await vi.waitFor(async () => {
    const metrics = await (await fetch(`${admin}/metrics`)).text()
    const counts = [...metrics.matchAll(/^understudy_calls\{.*understudy_outcome="ok".*\} (\d+)/gm)]
    expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBeGreaterThanOrEqual(8)
  }, 8_000)
  await gateway.until(/200 .*ms {2}new-name/)
  expect((await gateway.interrupt()).code).toBe(0)
  for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow("ESRCH")
})

it("says which port is taken, and ends", async () => {
  const holder = createServer().listen(0, "127.0.0.1")
  await once(holder, "listening")
  const { port } = holder.address() as AddressInfo
  const { code, stderr } = await understudy([
    "serve",
    "--config",
    configured(),
    "--port",
    String(port),
    "--workers",
    "2"
  ]).ended
  holder.close()
  expect(code).toBe(1)
  expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: the port is taken`)
})
