/** What an operator does to a gateway that runs: changes its file, sends it SIGHUP, logs in to its admin side. */
import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it } from "vitest"
import { temporaryFolder, understudy } from "./support.ts"

const key = "sk-demo-operate-qwen"
const vendors = Vendors.make({ keys: { [key]: { vendor: "qwen" } } })
let server: MockServer.MockServer
beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterAll(() => server.close())

const configured = (serverSettings = ""): string => {
  const file = path.join(temporaryFolder(), "understudy.yaml")
  writeFileSync(
    file,
    `version: 1
${serverSettings}
providers:
  qwen: { type: qwen, baseUrl: "${server.urls.qwen}", keys: ["${key}"] }
routes:
  - { name: aliyun, match: { model: { exact: old-name } }, targets: [{ provider: qwen, model: qwen-turbo }] }
`
  )
  return file
}

const ask = async (url: string, model: string): Promise<number> => {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "你是谁？" }] })
  })
  await response.text()
  return response.status
}

const rename = (file: string): void => writeFileSync(file, readFileSync(file, "utf8").replace("old-name", "new-name"))

const listening = /http:\/\/127\.0\.0\.1:\d+\/v1/

it("takes a change of its file by itself, and a broken one not at all, in the words of its reader", async () => {
  const file = configured()
  const gateway = understudy(["serve", "--config", file, "--port", "0", "--lang", "zh"])
  const [url] = await gateway.until(listening)
  await gateway.until(/按 Ctrl-C/)
  expect([await ask(url, "old-name"), await ask(url, "new-name")]).toEqual([200, 404])
  rename(file)
  await gateway.until(/understudy\.yaml 有改动，已生效/)
  expect([await ask(url, "old-name"), await ask(url, "new-name")]).toEqual([404, 200])
  writeFileSync(file, readFileSync(file, "utf8").replace("provider: qwen,", "provider: qwne,"))
  await gateway.until(/沿用当前生效的配置：/)
  await gateway.until(/understudy\.yaml:6:\d+ {2}routes\[0\]\.targets\[0\]\.provider/)
  expect(await ask(url, "new-name")).toBe(200)
  expect((await gateway.interrupt()).code).toBe(0)
})

it("goes on at SIGHUP, with the file as it stands then", async () => {
  const file = configured()
  const gateway = understudy(["serve", "--config", file, "--port", "0"])
  const [url] = await gateway.until(listening)
  await gateway.until(/Ctrl-C stops/)
  rename(file)
  gateway.child.kill("SIGHUP")
  await gateway.until(/understudy\.yaml has changed, and is in force/)
  expect(await ask(url, "new-name")).toBe(200)
  expect((await gateway.interrupt()).code).toBe(0)
})

it("has an admin side where it is configured, whose set-up token works once, also after a restart", async () => {
  const file = configured("server: { admin: { port: 0 } }")
  const start = async () => {
    const gateway = understudy(["serve", "--config", file, "--port", "0"])
    const [admin] = await gateway.until(/http:\/\/127\.0\.0\.1:\d+(?=\/docs)/)
    await gateway.until(/Ctrl-C stops/)
    return { admin, gateway }
  }
  const first = await start()
  const [, token] = /set-up token: (\S+)/.exec(first.gateway.stdout()) ?? []
  const password = "correct horse battery"
  const post = (url: string, body: unknown) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  const setUp = await post(`${first.admin}/api/v1/setup`, { token, password })
  expect(setUp.status).toBe(200)
  const cookie = setUp.headers.getSetCookie()[0]?.split(";")[0] ?? ""
  const config = await (await fetch(`${first.admin}/api/v1/config`, { headers: { cookie } })).text()
  expect(config).toContain("masked:")
  expect(config).not.toContain(key)
  const [url] = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(first.gateway.stdout()) ?? []
  expect(await ask(url ?? "", "old-name")).toBe(200)
  expect((await fetch(`${first.admin}/api/v1/stats`, { headers: { cookie } }).then((r) => r.json())).totals.calls).toBe(
    1
  )
  expect((await first.gateway.interrupt()).code).toBe(0)
  expect(readFileSync(path.join(path.dirname(file), ".understudy", ".gitignore"), "utf8")).toBe("*\n")

  const second = await start()
  expect(second.gateway.stdout()).not.toContain("set-up token")
  const loggedIn = await post(`${second.admin}/api/v1/session`, { name: "admin", password })
  expect(loggedIn.status).toBe(200)
  const again = loggedIn.headers.getSetCookie()[0]?.split(";")[0] ?? ""
  const { requests } = await fetch(`${second.admin}/api/v1/requests`, { headers: { cookie: again } }).then((r) =>
    r.json()
  )
  expect(requests).toMatchObject([{ model: "old-name", answeredBy: "qwen-turbo", status: 200 }])
  expect((await second.gateway.interrupt()).code).toBe(0)
  expect(first.gateway.stdout() + second.gateway.stdout()).not.toContain(key)
})

it("tells a collector that OpenTelemetry's variables name, to the last span before it stops", async () => {
  const heard: Array<{ readonly path: string | undefined; readonly body: string; readonly key: string | undefined }> =
    []
  const collector = createServer((request, response) => {
    let body = ""
    request.on("data", (chunk) => {
      body += chunk
    })
    request.on("end", () => {
      heard.push({ path: request.url, body, key: request.headers["x-key"]?.toString() })
      response.end("{}")
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve))
  const { port } = collector.address() as AddressInfo
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_HEADERS: "x-key=demo",
    OTEL_SERVICE_NAME: "tickets"
  }
  const gateway = understudy(["serve", "--config", configured(), "--port", "0"], { env })
  const [url] = await gateway.until(listening)
  await gateway.until(/Ctrl-C stops/)
  expect(await ask(url, "old-name")).toBe(200)
  expect((await gateway.interrupt()).code).toBe(0)
  collector.close()
  const of = (path: string) => heard.filter((each) => each.path === path).map(({ body }) => body)
  expect(of("/v1/traces").join()).toContain("gen_ai.request.model")
  expect(of("/v1/metrics").join()).toContain("understudy.calls")
  expect(of("/v1/traces").join()).toContain("tickets")
  expect(heard.every(({ key: sent }) => sent === "demo")).toBe(true)
  expect(heard.map(({ body }) => body).join()).not.toContain(key)
})
