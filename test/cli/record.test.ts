import { existsSync, readFileSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Running, run, temporaryFolder, understudy } from "./support.ts"

const key = "sk-demo-cli-record-7b3f"

let real: MockServer.MockServer
beforeAll(async () => {
  real = await MockServer.listen(Vendors.make({ keys: { [key]: { vendor: "qwen" } }, seed: 7 }))
})
afterAll(() => real.close())

const ask = async (baseUrl: string, stream: boolean, authorization = `Bearer ${key}`) => {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { authorization },
    body: JSON.stringify({
      model: "qwen-plus",
      stream,
      messages: [{ role: "user", content: "Who are you, 13 Elm Street?" }]
    })
  })
  return { status: response.status, text: await response.text() }
}

const qwenUrl = async (server: Running): Promise<string> =>
  (await server.until(/(http:\S+\/qwen\/compatible-mode\/v1)/))[1] ?? ""

const record = (out: string, ...more: ReadonlyArray<string>) =>
  understudy(["lab", "record", "--port", "0", "--qwen", real.urls.qwen, "--out", out, ...more])

it.concurrent("records until Ctrl-C, plays the cassette, and finds no drift in it", async () => {
  const out = path.join(temporaryFolder(), "cassette.json")
  const recorder = record(out)
  const url = await qwenUrl(recorder)
  const [streamed] = [await ask(url, true), await ask(url, false), await ask(url, false, "Bearer sk-demo-stranger-91")]
  await recorder.until(/401 +\d+ ms +qwen qwen-plus +1 frame/)
  const { code, stdout } = await recorder.interrupt()
  expect(code).toBe(0)
  expect(stdout).toMatch(/200 +\d+ ms +qwen qwen-plus stream +\d+ frames$/m)
  expect(stdout).toContain(`3 exchanges in ${out}`)
  const text = readFileSync(out, "utf8")
  expect(stdout + text).not.toMatch(/sk-demo|Elm|7b3f|nger-91/)
  const drift = await run(["lab", "drift", out])
  expect(drift).toMatchObject({ code: 0, stdout: expect.stringContaining("3 compared, nothing drifted") })
  const mock = understudy(["mock", "serve", "--port", "0", "--accept-any-key", "--recordings", out])
  const played = await ask(await qwenUrl(mock), true)
  expect(mock.stdout()).toContain(out)
  expect(played.text.length).toBeGreaterThan(0)
  expect(played.text.split("\n\n").length).toBe(streamed?.text.split("\n\n").length)
  await mock.interrupt()
})

it.concurrent("exits with 1 where something drifted, and tells people and machines what", async () => {
  const out = path.join(temporaryFolder(), "cassette.json")
  const recorder = record(out, "--keep-text")
  await ask(await qwenUrl(recorder), false)
  await recorder.until(/1 frame/)
  await recorder.interrupt()
  writeFileSync(out, readFileSync(out, "utf8").replace("istio-envoy", "other"))
  const report = await run(["lab", "drift", out, "--lang", "zh"])
  expect(report.code).toBe(1)
  expect(report.stdout).toContain(
    "Qwen 与模拟厂商不同\n  header server  #1\n      真实: other\n      模拟: istio-envoy"
  )
  expect(JSON.parse((await run(["lab", "drift", out, "--json"])).stdout)).toMatchObject({
    compared: 1,
    differences: [{ place: "header server", real: "other", mock: "istio-envoy", exchanges: [1] }]
  })
})

it.concurrent("asks the table of rules with the keys of the environment, ends by itself, and says which rules do not hold", async () => {
  const out = path.join(temporaryFolder(), "rules.json")
  const env = {
    DEEPSEEK_API_KEY: "",
    DASHSCOPE_API_KEY: `${key},sk-demo-other`,
    MOONSHOT_API_KEY: "",
    ZHIPU_API_KEY: ""
  }
  const args = ["lab", "record", "--rules", "--port", "0", "--qwen", real.urls.qwen, "--out", out]
  const { code, stdout } = await run(args, { env })
  expect(code).toBe(0)
  expect(stdout).toContain("Asking Qwen what the table of rules says of them")
  expect(readFileSync(out, "utf8")).not.toMatch(/sk-demo|7b3f/)
  const drift = await run(["lab", "drift", out])
  expect(drift).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing drifted") })
  const none = await run(args, { env: { ...env, DASHSCOPE_API_KEY: "" } })
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("DASHSCOPE_API_KEY")])
})

it.concurrent("leaves a whole file when it is killed, and none when nothing was recorded", async () => {
  const out = path.join(temporaryFolder(), "cassette.json")
  const killed = record(out)
  await ask(await qwenUrl(killed), true)
  await killed.until(/frames/)
  killed.child.kill("SIGKILL")
  await killed.ended
  expect((await run(["lab", "drift", out])).code).toBe(0)
  const empty = path.join(temporaryFolder(), "empty.json")
  const idle = record(empty)
  await idle.until(/Ctrl-C/)
  expect((await idle.interrupt()).stdout).toContain("Nothing was recorded")
  expect(existsSync(empty)).toBe(false)
})

it.concurrent("refuses files that exist, files that are no cassettes, and base URLs that are none", async () => {
  const file = path.join(temporaryFolder(), "other.json")
  writeFileSync(file, "{}")
  expect(await run(["lab", "record", "--port", "0", "--out", file])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`${file} exists already`)
  })
  for (const args of [
    ["lab", "drift", file],
    ["mock", "serve", "--port", "0", "--recordings", file]
  ]) {
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining("is JSON, but no cassette") })
  }
  const wrong = await run(["lab", "record", "--port", "0", "--qwen", "nowhere", "--out", `${file}.2`])
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("the base URL of qwen must be http://") })
  expect(existsSync(`${file}.2`)).toBe(false)
})
