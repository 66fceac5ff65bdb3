/** What goes through the engine's `fetch` untouched, and how fast: a vendor in memory, driven by hand. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import { Upstream, type UpstreamHandler, type UpstreamRequest } from "@understudy/core/upstream/Upstream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { expect, it } from "vitest"
import * as UnderstudyFetch from "../src/UnderstudyFetch.ts"

const config = UnderstudyConfig.fromOptions({
  version: 1,
  providers: { local: { type: "openai-compatible", baseUrl: "http://local.test/v1", keys: ["sk-demo-1"] } },
  routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "local" }] }]
})

/** What happened at the vendor, in order. */
class Vendor {
  readonly happened: Array<string> = []
  request: UpstreamRequest | undefined
  handler: UpstreamHandler | undefined
  readonly layer = Layer.succeed(
    Upstream,
    Upstream.of({
      send: (request, handler) => {
        this.request = request
        this.handler = handler
        queueMicrotask(() => {
          handler.onConnected()
          this.happened.push("sent")
        })
        const note = (what: string) => () => void this.happened.push(what)
        return { abort: note("aborted"), pause: note("paused"), resume: note("resumed") }
      }
    })
  )
}

const withFetch = (use: (fetch: UnderstudyFetch.Fetch, vendor: Vendor) => Promise<void>): Promise<void> => {
  const vendor = new Vendor()
  const engine = Layer.unwrap(Effect.map(config, Understudy.layer)).pipe(Layer.provide(vendor.layer))
  return Effect.runPromise(
    UnderstudyFetch.make.pipe(
      Effect.flatMap((fetch) => Effect.promise(() => use(fetch, vendor))),
      Effect.scoped,
      Effect.provide(engine)
    )
  )
}

const url = "https://api.openai.com/v1/chat/completions"
const post = (fetch: UnderstudyFetch.Fetch, body: string) => fetch(url, { method: "POST", body })
const sent = (vendor: Vendor) => expect.poll(() => vendor.happened).toContain("sent")

it("hands over the request and the answer byte by byte", () =>
  withFetch(async (fetch, vendor) => {
    const body = '{ "model":"m",  "messages":[{"role":"user","content":"hi","x":1}], "tomorrow": {"a":[1.50]} }'
    const asked = post(fetch, body)
    await sent(vendor)
    expect(vendor.request?.body).toBe(body)
    const answer = '{ "choices":[{"index":0,"message":{"content":"Hi."},"finish_reason":"stop"}],  "unheard": 1.50 }'
    vendor.handler?.onHeaders(200, { "content-type": "application/json" })
    vendor.handler?.onData(Buffer.from(answer))
    vendor.handler?.onEnd()
    const response = await asked
    expect(response.headers.get("content-type")).toBe("application/json")
    expect(await response.text()).toBe(answer)
  }))

const frame = (content: string) => `data: {"x":1.50, "choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`
const streamed = '{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}'

it("hands over frames byte by byte", () =>
  withFetch(async (fetch, vendor) => {
    const asked = post(fetch, streamed)
    await sent(vendor)
    const last = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    vendor.handler?.onHeaders(200, { "content-type": "text/event-stream" })
    for (const text of [frame("Hi"), frame("."), last, "data: [DONE]\n\n"]) vendor.handler?.onData(Buffer.from(text))
    vendor.handler?.onEnd()
    const response = await asked
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8")
    expect(await response.text()).toBe(`${frame("Hi")}${frame(".")}${last}data: [DONE]\n\n`)
  }))

it("stops a vendor whose reader is slow, and lets it go on when he reads", () =>
  withFetch(async (fetch, vendor) => {
    const asked = post(fetch, streamed)
    await sent(vendor)
    vendor.handler?.onHeaders(200, { "content-type": "text/event-stream" })
    vendor.handler?.onData(Buffer.from(frame("first")))
    const reader = (await asked).body?.getReader()
    expect(vendor.happened).not.toContain("paused")
    vendor.handler?.onData(Buffer.from(frame("x".repeat(20_000))))
    expect(vendor.happened.at(-1)).toBe("paused")
    await reader?.read()
    await reader?.read()
    await expect.poll(() => vendor.happened.at(-1)).toBe("resumed")
    await reader?.cancel()
    await expect.poll(() => vendor.happened.at(-1)).toBe("aborted")
  }))
