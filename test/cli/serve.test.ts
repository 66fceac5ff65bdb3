import { writeFileSync } from "node:fs"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it } from "vitest"
import { run, temporaryFolder, understudy } from "./support.ts"

const key = "sk-demo-serve-qwen"

const talker = "sk-demo-serve-talker"

const vendors = Vendors.make({ keys: { [key]: { vendor: "qwen" }, [talker]: { vendor: "qwen" } } })
let server: MockServer.MockServer
beforeAll(async () => {
  server = await MockServer.listen(vendors)
})
afterAll(() => server.close())

const configured = (consumers = ""): string => {
  const folder = temporaryFolder()
  const file = path.join(folder, "understudy.yaml")
  writeFileSync(
    file,
    `version: 1
providers:
  qwen: { type: qwen, baseUrl: "${server.urls.qwen}", keys: ["${key}"] }
routes:
  - { name: aliyun, match: { model: { prefix: qwen- } }, targets: [{ provider: qwen }] }
${consumers}`
  )
  return file
}

const ask = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: "你是谁？" }] })
  })

const listening = /http:\/\/127\.0\.0\.1:\d+\/v1/

it("serves, logs a line per request without secrets, and ends with 0 within two seconds of Ctrl-C", async () => {
  const file = configured(`consumers:\n  - { name: demo, keys: ["demo-consumer-key"] }\n`)
  const gateway = understudy(["serve", "--config", file, "--port", "0"])
  const [url] = await gateway.until(listening)
  await gateway.until(/Ctrl-C stops/)
  expect(gateway.stdout()).toContain("consumers: demo")
  expect(gateway.stdout()).toMatch(/qwen-\* +→ qwen/)
  expect((await ask(url)).status).toBe(401)
  const response = await ask(url, { "x-api-key": "demo-consumer-key" })
  expect(response.status).toBe(200)
  await gateway.until(/200 +\d+ ms +qwen-turbo +→ qwen\/qwen-turbo#k\w+ ok \d+ms/)
  const { code, millis, stderr } = await gateway.interrupt()
  expect(code).toBe(0)
  expect(millis).toBeLessThan(2_000)
  expect(stderr).toContain("Stopped.")
  expect(gateway.stdout() + stderr).not.toMatch(/sk-demo-serve-qwen|demo-consumer-key/)
})

it("logs JSON where a machine reads it, and loses no line to SIGTERM", async () => {
  const gateway = understudy(["serve", "--config", configured(), "--port", "0", "--log", "json"])
  const [url] = await gateway.until(/http:\/\/127\.0\.0\.1:\d+/)
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(`${url}/v1`)))
  await Promise.all(answers.map((answer) => answer.text()))
  gateway.child.kill("SIGTERM")
  const { code, stderr, stdout } = await gateway.ended
  expect(code).toBe(0)
  expect(stderr).toContain("Ctrl-C stops")
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ level: "WARN", message: expect.stringContaining("listening on") })
  expect(lines.slice(1).length).toBe(30)
  expect(lines.at(-1)).toMatchObject({
    status: 200,
    model: "qwen-turbo",
    attempts: 1,
    outputTokens: expect.any(Number)
  })
})

it("waits for a request in flight, and ends at once at the second Ctrl-C", async () => {
  const fault = vendors.addFault({ vendor: "qwen", kind: "stall.before" })
  const gateway = understudy(["serve", "--config", configured(), "--port", "0", "--quiet"])
  const [url] = await gateway.until(listening)
  await gateway.until(/Ctrl-C stops/)
  expect(gateway.stdout()).toContain("open: no consumers are configured")
  const arrived = vendors.journal.waitFor(({ end }) => end === "open")
  const lost = ask(url).catch((error: unknown) => error)
  await arrived
  const stopping = new Promise<void>((resolve) => gateway.child.stderr?.once("data", () => resolve()))
  gateway.child.kill("SIGINT")
  await stopping
  // Presses that follow within a tenth of a second are the same one, as npm delivers it twice.
  const pressing = setInterval(() => gateway.child.kill("SIGINT"), 40)
  const { code } = await gateway.ended
  clearInterval(pressing)
  fault.remove()
  expect(code).toBe(130)
  expect(await lost).toBeInstanceOf(Error)
})

it.concurrent("says who has the port, and what to type instead", async () => {
  const { code, stderr } = await run(["serve", "--config", configured(), "--port", String(server.port)])
  expect(code).toBe(1)
  expect(stderr).toContain(`Cannot listen on 127.0.0.1:${server.port}: the port is taken.`)
  expect(stderr).toContain("Another mock server of Understudy is listening there.")
  expect(stderr).toContain(`serve --port ${server.port + 1}`)
})

it.concurrent("answers one question on standard output, with the trail on standard error", async () => {
  const { code, stderr, stdout } = await run(["chat", "你是谁？", "--config", configured()])
  expect(code).toBe(0)
  expect(stdout).toContain("通义千问")
  expect(stdout).not.toContain("ok")
  expect(stderr).toMatch(/— qwen\/qwen-turbo#k\w+ ok \d+ms {2}answered by a mock of qwen-turbo/)
})

it.concurrent("keeps a conversation's history, and takes commands", async () => {
  const input = "你是谁？\n/trail\n/model qwq-32b\n/model qwen-max\n再说一遍\n/nothing\n/exit\nnever asked\n"
  const { code, stderr, stdout } = await run(
    ["chat", "--base-url", server.urls.qwen, "--api-key", talker, "-m", "qwen-turbo"],
    {
      input
    }
  )
  expect(code).toBe(0)
  expect(stdout.trimEnd().split("\n")).toHaveLength(2)
  expect(stderr).toContain("Model: qwen-max")
  expect(stderr).toContain("There is no /nothing.")
  expect(vendors.journal.of({ key: talker }).map(({ model }) => model)).toEqual(["qwen-turbo", "qwen-max"])
})

it.concurrent("fails with the reason and the trail where nobody answers, without a stack", async () => {
  const { code, stderr, stdout } = await run(["chat", "hi", "--config", configured(), "--model", "gpt-4o"])
  expect(code).toBe(1)
  expect(stdout).toBe("")
  expect(stderr).toContain('No route matches model "gpt-4o"')
  expect(stderr).not.toMatch(/^\s+at /m)
})

it.concurrent("serves the mock vendors and says how to steer them", async () => {
  const mock = understudy(["mock", "serve", "--port", "0", "--keys", "qwen:sk-demo-broke:arrears", "--lang", "zh"])
  await mock.until(/Ctrl-C/)
  const [, line = ""] = /curl -sS (\S+\/_mock\/journal)/.exec(mock.stdout()) ?? []
  expect(((await (await fetch(line)).json()) as { readonly total: number }).total).toBe(0)
  const [url = ""] = /http:\S+\/qwen\/compatible-mode\/v1/.exec(mock.stdout()) ?? []
  expect((await ask(url, { authorization: "Bearer sk-demo-broke" })).status).toBe(400)
  expect((await mock.interrupt()).code).toBe(0)
})
