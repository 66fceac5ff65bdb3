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

it.each([false, true])("answers text completions too, streamed: %j", (stream) =>
  withFetch(async (fetch, vendor) => {
    const body = JSON.stringify({ model: "m", prompt: "def f(", stream })
    const asked = fetch("https://api.openai.com/v1/completions", { method: "POST", body })
    await sent(vendor)
    expect([vendor.request?.path, vendor.request?.body]).toEqual(["/v1/completions", body])
    const answer = '{"choices":[{"index":0,"text":"x)","finish_reason":"stop"}]}'
    vendor.handler?.onHeaders(200, { "content-type": stream ? "text/event-stream" : "application/json" })
    vendor.handler?.onData(Buffer.from(stream ? `data: ${answer}\n\ndata: [DONE]\n\n` : answer))
    vendor.handler?.onEnd()
    const text = await (await asked).text()
    expect(text).toContain('"text":"x)"')
    expect(text.endsWith("data: [DONE]\n\n")).toBe(stream)
  }))

it("puts usage that stands beside the finish behind it, where it was asked for", () =>
  withFetch(async (fetch, vendor) => {
    const asked = post(fetch, streamed.replace("}]", '}],"stream_options":{"include_usage":true}'))
    await sent(vendor)
    const finish = { id: "c1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
    vendor.handler?.onHeaders(200, { "content-type": "text/event-stream" })
    vendor.handler?.onData(
      Buffer.from(`${frame("Hi")}data: ${JSON.stringify({ ...finish, usage })}\n\ndata: [DONE]\n\n`)
    )
    vendor.handler?.onEnd()
    const events = (await (await asked).text()).trimEnd().split("\n\n")
    expect(JSON.parse(events.at(-3)!.slice(6))).toEqual({ ...finish, usage: null })
    expect(JSON.parse(events.at(-2)!.slice(6))).toEqual({ id: "c1", choices: [], usage })
    expect(events.at(-1)).toBe("data: [DONE]")
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

/** A stream of two frames that breaks off. */
const breakOff = async (fetch: UnderstudyFetch.Fetch, vendor: Vendor): Promise<Response> => {
  const asked = post(fetch, streamed)
  await sent(vendor)
  vendor.handler?.onHeaders(200, { "content-type": "text/event-stream" })
  vendor.handler?.onData(Buffer.from(frame("Hi") + frame(".")))
  vendor.handler?.onEnd()
  return asked
}

const textUntilError = async (body: AsyncIterable<Uint8Array>): Promise<{ text: string; error: unknown }> => {
  const decoder = new TextDecoder()
  let text = ""
  try {
    for await (const piece of body) text += decoder.decode(piece, { stream: true })
    return { text, error: undefined }
  } catch (error) {
    return { text, error }
  }
}

it("breaks the body of a stream that breaks after content, behind the event that says why", () =>
  withFetch(async (fetch, vendor) => {
    const response = await breakOff(fetch, vendor)
    const { error, text } = await textUntilError(response.body!)
    expect(text.startsWith(frame("Hi") + frame("."))).toBe(true)
    expect(text).toContain('"code":"stream_interrupted"')
    expect(text).not.toContain("[DONE]")
    expect(error).toMatchObject({ _tag: "FailoverError", message: expect.stringContaining("broke off") })
  }))

it("keeps the event of a broken body for a reader who takes his time", () =>
  withFetch(async (fetch, vendor) => {
    const reader = (await breakOff(fetch, vendor)).body!.getReader()
    const decoder = new TextDecoder()
    let text = ""
    const read = async (): Promise<void> => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        text += decoder.decode(next.value)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    await expect(read()).rejects.toMatchObject({ _tag: "FailoverError" })
    expect(text).toContain('"code":"stream_interrupted"')
  }))

it("lets whatever is piped behind a broken body see the event before the error", () =>
  withFetch(async (fetch, vendor) => {
    const response = await breakOff(fetch, vendor)
    const piped = response.body!.pipeThrough(new TransformStream<Uint8Array, Uint8Array>())
    const { error, text } = await textUntilError(piped)
    expect(text).toContain('"code":"stream_interrupted"')
    expect(error).toMatchObject({ _tag: "FailoverError" })
  }))

it("fails whoever wants the whole text of a broken body", () =>
  withFetch(async (fetch, vendor) => {
    await expect((await breakOff(fetch, vendor)).text()).rejects.toMatchObject({ _tag: "FailoverError" })
  }))

it("breaks a body that is read by several reads at once", () =>
  withFetch(async (fetch, vendor) => {
    const reader = (await breakOff(fetch, vendor)).body!.getReader()
    const reads = await Promise.allSettled([reader.read(), reader.read(), reader.read(), reader.read()])
    expect(reads.at(-1)).toMatchObject({ status: "rejected", reason: { _tag: "FailoverError" } })
  }))
