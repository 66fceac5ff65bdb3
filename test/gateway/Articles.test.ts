/** What the two articles show, as they show it. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { ask, consumerKey, frames, json, qwenBad, qwenGood, start, textOf } from "./support.ts"

const run = promisify(execFile)

const curl = (url: string, model: string, ...more: ReadonlyArray<string>) =>
  run("curl", [
    "-sS",
    url,
    "-H",
    "Content-Type: application/json",
    ...more,
    "-d",
    `{"model": "${model}", "messages": [{"role": "user", "content": "你是谁？"}]}`
  ]).then(({ stdout }) => JSON.parse(stdout))

it.each(["/v1/chat/completions", "/v1/v1/chat/completions"])("answers the articles' curls on %s", async (path) => {
  const { url, vendors } = await start()
  expect(await curl(url + path, "deepseek-chat")).toMatchObject({ model: "deepseek-chat", object: "chat.completion" })
  expect(await curl(url + path, "qwen-turbo")).toMatchObject({ model: "qwen-turbo", object: "chat.completion" })
  expect(vendors.journal.entries.map(({ model, vendor }) => `${vendor}/${model}`)).toEqual([
    "deepseek/deepseek-chat",
    "qwen/qwen-turbo"
  ])
})

it("asks for a consumer's key once consumers are configured", async () => {
  const { url, vendors } = await start({ consumers: [{ name: "demo", keys: [consumerKey], models: ["qwen-*"] }] })
  const path = `${url}/v1/chat/completions`
  expect(await curl(path, "qwen-turbo")).toMatchObject({ error: { code: "invalid_api_key" } })
  expect(await curl(path, "qwen-turbo", "-H", `Authorization: Bearer ${consumerKey}`)).toMatchObject({
    model: "qwen-turbo"
  })
  expect(await curl(path, "deepseek-chat", "-H", `x-api-key: ${consumerKey}`)).toMatchObject({
    error: { code: "model_not_allowed" }
  })
  expect(vendors.journal.total).toBe(1)
})

it("falls back to deepseek-chat when the key of qwen is wrong, and says so", async () => {
  const { url } = await start({ qwenKeys: [qwenBad] })
  const response = await ask(url)
  expect(response.headers.get("x-understudy-trail")).toMatch(
    /^qwen\/qwen-turbo#k[0-9a-f]{3} Unauthorized \d+ms, deepseek\/deepseek-chat#k[0-9a-f]{3} ok \d+ms$/
  )
  expect(response.headers.get("x-understudy-attempts")).toBe("2")
  expect([response.status, (await json(response)).model]).toEqual([200, "deepseek-chat"])
})

it("falls back in a stream", async () => {
  const { url } = await start({ qwenKeys: [qwenBad] })
  const response = await ask(url, { stream: true })
  const { chunks, done } = await frames(response)
  expect(response.headers.get("x-understudy-trail")).toMatch(/Unauthorized .*deepseek\/deepseek-chat#k\w+ ok/)
  expect([...new Set(chunks.map(({ model }) => model))]).toEqual(["deepseek-chat"])
  expect([textOf(chunks).length > 0, done]).toEqual([true, true])
})

it("tries the other keys of qwen before another model", async () => {
  const keys = ["sk-demo-qwen-bad-1", "sk-demo-qwen-bad-2", "sk-demo-qwen-bad-3"]
  const { url, vendors } = await start({ qwenKeys: keys })
  const response = await ask(url)
  expect((await json(response)).model).toBe("deepseek-chat")
  expect(response.headers.get("x-understudy-trail")).toMatch(
    /^(qwen\/qwen-turbo#k\w+ Unauthorized \d+ms, ){3}deepseek\/deepseek-chat#k\w+ ok \d+ms$/
  )
  expect(new Set(vendors.journal.of({ vendor: "qwen" }).map(({ keyId }) => keyId)).size).toBe(3)
})

const oneGoodOneBad = {
  qwenKeys: [qwenGood, qwenBad],
  // Another model than the callers', so that the journal tells probes from traffic.
  keyFailover: { healthCheckModel: "qwen-plus", healthCheckInterval: "50ms" }
}

it("always succeeds with one good and one bad key, however often it is asked", async () => {
  const { url, vendors } = await start(oneGoodOneBad)
  const answered = new Map<string, number>()
  let left = 1_000
  const caller = async () => {
    while (left-- > 0) {
      const response = await ask(url)
      const outcome = `${response.status} ${(await json(response)).model}`
      answered.set(outcome, (answered.get(outcome) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 20 }, caller))
  expect([...answered]).toEqual([["200 qwen-turbo", 1_000]])
  expect(vendors.journal.of({ vendor: "deepseek" }).length).toBe(0)
  const traffic = vendors.journal.of({ key: qwenBad, model: "qwen-turbo" }).length
  expect(traffic).toBeGreaterThan(0)
  expect(traffic).toBeLessThanOrEqual(20)
}, 30_000)

it("uses a bad key again once a probe has found it well, and not before", async () => {
  const { logged, url, vendors } = await start(oneGoodOneBad)
  const traffic = () => vendors.journal.of({ key: qwenBad, model: "qwen-turbo" }).length
  while (traffic() === 0) expect((await ask(url)).status).toBe(200)
  for (let i = 0; i < 20; i++) await ask(url)
  expect(traffic()).toBe(1)
  vendors.setKey(qwenBad, { vendor: "qwen", name: "bad" })
  await logged("key restored")
  while (traffic() === 1) expect((await ask(url)).status).toBe(200)
  expect(vendors.journal.of({ key: qwenBad, model: "qwen-plus" }).at(-1)).toMatchObject({ status: 200 })
})

it("lists the models of both vendors", async () => {
  const { url } = await start()
  const ids = (await json(await fetch(`${url}/v1/models`))).data.map(({ id }: { id: string }) => id)
  expect(ids).toEqual(expect.arrayContaining(["deepseek-flash", "qwen-turbo"]))
})
