import { expect, it } from "vitest"
import {
  answerJson,
  chat,
  completion,
  frame,
  json,
  openStream,
  readStream,
  type Sent,
  serve,
  silent
} from "./support.ts"

it("finishes what is in flight, takes nothing new, and closes connections as it answers", async () => {
  const { stop, upstream, url } = await serve(silent, { grace: 5_000 })
  const asked = chat(url)
  await upstream.until(() => upstream.sent.length === 1)
  const stopped = stop()
  await new Promise((resolve) => setImmediate(resolve))
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  answerJson()(upstream.sent[0]!)
  const response = await asked
  expect([response.status, response.headers.get("connection")]).toEqual([200, "close"])
  expect(await response.json()).toEqual(completion)
  await stopped
})

it("lets a stream that has begun come to its end", async () => {
  const { stop, upstream, url } = await serve(openStream(frame("Hel")), { grace: 5_000 })
  const response = await chat(url, { stream: true })
  const stopped = stop()
  await new Promise((resolve) => setImmediate(resolve))
  upstream.sent[0]!.handler.onData(Buffer.from(frame("lo", "stop")))
  upstream.sent[0]!.handler.onEnd()
  expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/)
  await stopped
})

it("gives up what outlasts the grace, and says so", async () => {
  const answer = ({ handler, request, seen }: Sent): void => {
    if (request.body?.includes('"stream":true')) openStream(frame("Hel"))({ handler, request, seen })
  }
  const { advance, stop, upstream, url } = await serve(answer, { grace: 10_000, clock: "virtual" })
  const [whole, streamed] = [chat(url), chat(url, { stream: true })]
  await upstream.until(() => upstream.sent.length === 2)
  const reading = readStream(await streamed)
  const stopped = stop()
  await advance(9_999)
  expect(upstream.sent.map(({ seen }) => seen)).toEqual([[], []])
  await advance(1)
  await stopped
  const response = await whole
  expect([response.status, (await json(response)).error.code]).toEqual([503, "shutting_down"])
  const { cut, text } = await reading
  expect(cut).toBe(true)
  expect(text).toContain('"code":"shutting_down"')
  expect(text).not.toContain("[DONE]")
  expect(upstream.sent.map(({ seen }) => seen)).toEqual([["abort"], ["abort"]])
})

it("is not ready while it drains, and serves on until load balancers have noticed", async () => {
  const { advance, stop, url } = await serve(answerJson(), { drainDelay: 5_000, clock: "virtual" })
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const stopped = stop()
  const ready = await fetch(`${url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: "draining" }])
  expect((await chat(url)).status).toBe(200)
  await advance(5_000)
  await stopped
  await expect(fetch(`${url}/readyz`)).rejects.toThrow()
})
