/** Streams that fail before and after their first content, callers who leave, readers who are slow. */
import { request as httpRequest } from "node:http"
import { expect, it } from "vitest"
import { ask, frames, json, start, textOf } from "./support.ts"

it.each([
  "reset.before",
  "close.before",
  "empty.200",
  "error.midstream",
  "edge.html"
] as const)("answers from the fallback when qwen dies before content: %s", async (kind) => {
  const { url, vendors } = await start()
  vendors.addFault({ vendor: "qwen", kind, afterChunks: 0 })
  const response = await ask(url, { stream: true })
  const { chunks, done } = await frames(response)
  expect([response.status, chunks.at(0).model, done]).toEqual([200, "deepseek-chat", true])
})

it.each([
  "reset.midstream",
  "cut.midstream",
  "error.midstream",
  "frame.malformed",
  "finish.missing",
  "eof.noDone"
] as const)("ends with an error event and a cut connection when qwen dies after content: %s", async (kind) => {
  const { url, vendors } = await start()
  vendors.addFault({ vendor: "qwen", kind, afterChunks: 2 })
  const { chunks, cut, done } = await frames(await ask(url, { stream: true }))
  expect([done, cut]).toEqual([false, true])
  expect(textOf(chunks).length).toBeGreaterThan(0)
  expect(chunks.at(-1)).toMatchObject({
    error: { code: "stream_interrupted" },
    understudy: { trail: [{ provider: "qwen" }] }
  })
  expect(vendors.journal.of({ vendor: "deepseek" }).length).toBe(0)
})

it("does not take keep-alives for content", async () => {
  const routes = [
    {
      name: "deepseek",
      match: { model: { prefix: "deepseek-" } },
      targets: [{ provider: "deepseek" }],
      fallback: [{ provider: "qwen", model: "qwen-turbo" }]
    }
  ]
  const { url, vendors } = await start({ routes, deadlines: { firstContent: "150ms" } })
  vendors.addFault({ kind: "overload.queue", vendor: "deepseek", delay: "8s", every: "20ms" })
  const response = await ask(url, { model: "deepseek-chat", stream: true })
  const { chunks, done } = await frames(response)
  expect(response.headers.get("x-understudy-trail")).toMatch(
    /^deepseek\/deepseek-chat#k\w+ TimedOut\(firstContent\) (1[5-9]|2)\d+ms, qwen/
  )
  expect([chunks.at(0).model, done]).toEqual(["qwen-turbo", true])
  const [queued] = vendors.journal.of({ vendor: "deepseek" })
  expect(queued).toMatchObject({ status: 200, end: "client-left", chunks: 0 })
  expect(queued!.bytes).toBeGreaterThan(0)
})

it.each([
  ["JSON", false, "slow.headers"],
  ["a stream before content", true, "slow.firstToken"],
  ["a stream after content", true, "stall.midstream"]
] as const)("closes the vendor's connection within 100 ms when the caller leaves %s", async (_, stream, kind) => {
  const { url, vendors } = await start()
  vendors.addFault({ kind, delay: "8s", afterChunks: 2 })
  const controller = new AbortController()
  const asked = ask(url, { stream }, { signal: controller.signal })
  asked.catch(() => {})
  const entry = await vendors.journal.waitFor(({ chunks }) => kind !== "stall.midstream" || chunks > 0)
  if (kind === "stall.midstream") await asked
  const leftAt = vendors.clock.now()
  controller.abort()
  const { endedAt } = await vendors.journal.waitFor(
    ({ end, ordinal }) => ordinal === entry.ordinal && end === "client-left"
  )
  expect(endedAt! - leftAt).toBeLessThan(100)
  expect(vendors.journal.total).toBe(1)
})

it("delivers everything, once and in order, to a slow reader", async () => {
  const { url, vendors } = await start({ vendors: { replies: () => ({ content: "word ".repeat(20_000) }) } })
  const body = JSON.stringify({ model: "qwen-turbo", stream: true, messages: [{ role: "user", content: "Hi" }] })
  const text = await new Promise<string>((resolve, reject) => {
    const request = httpRequest(`${url}/v1/chat/completions`, { method: "POST" }, (response) => {
      let read = ""
      response.setEncoding("utf8")
      response.on("data", (piece: string) => {
        read += piece
        response.pause()
        setImmediate(() => response.resume())
      })
      response.on("end", () => resolve(read))
    })
    request.on("error", reject)
    request.end(body)
  })
  const { chunks, done } = await frames(new Response(text))
  expect(done).toBe(true)
  expect(textOf(chunks)).toContain("word ".repeat(20_000).trim())
  expect(vendors.journal.total).toBe(1)
})

it("keeps answering while one of two vendors is gone", async () => {
  const { url, vendors } = await start()
  vendors.addFault({ vendor: "qwen", kind: "reset.before" })
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(url).then(json)))
  expect(new Set(answers.map(({ model }) => model))).toEqual(new Set(["deepseek-chat"]))
})
