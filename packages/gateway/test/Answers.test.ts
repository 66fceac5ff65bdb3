import * as Gateway from "@understudy/gateway/Gateway"
import { GatewayError } from "@understudy/gateway/GatewayError"
import { expect, it } from "vitest"
import {
  answerJson,
  chat,
  chatBody,
  completion,
  config,
  frame,
  json,
  openStream,
  type Sent,
  serve,
  silent
} from "./support.ts"

// Nothing that a vendor states is worth waiting for.
const hasty = { ...config, routes: [{ ...config.routes[0]!, deadlines: { total: "500ms" } }] }

const streamOf =
  (...frames: ReadonlyArray<string>) =>
  (sent: Sent): void => {
    openStream(...frames)(sent)
    sent.handler.onEnd()
  }

it("forwards request and answer as they came, and says who answered", async () => {
  const { upstream, url } = await serve(answerJson())
  const response = await chat(url, { unknown_field: [1.0, "x"] }, { headers: { authorization: "Bearer callers-own" } })
  expect(await response.text()).toBe(JSON.stringify(completion))
  expect(upstream.sent[0]?.request).toMatchObject({
    body: chatBody({ unknown_field: [1.0, "x"] }),
    path: "/v1/chat/completions",
    headers: { authorization: "Bearer sk-demo-upstream" }
  })
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/json",
    "x-request-id": "req_1",
    "x-understudy-route": "all",
    "x-understudy-provider": "vendor",
    "x-understudy-model": "m1",
    "x-understudy-attempts": "1",
    "x-understudy-trail": expect.stringMatching(/^vendor\/m1#k[0-9a-f]{3} ok \d+ms$/)
  })
})

it("forwards the frames of a stream as they came and ends it with [DONE]", async () => {
  const frames = [frame("Hel"), ": keep-alive\n\n", frame("lo"), frame("", "stop")]
  const { url } = await serve(streamOf(...frames, "data: [DONE]\n\n"))
  const response = await chat(url, { stream: true })
  expect(await response.text()).toBe(`${frames.join("")}data: [DONE]\n\n`)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",
    "x-understudy-attempts": "1"
  })
})

it("answers a stream that fails before content with a status", async () => {
  const { url } = await serve(streamOf(": keep-alive\n\n"))
  const response = await chat(url, { stream: true })
  expect([response.status, (await json(response)).error.code]).toEqual([502, "upstream_failed"])
  expect(response.headers.get("x-understudy-route")).toBe("all")
  expect(response.headers.get("x-understudy-attempts")).toBe("2")
  // What has been tried here is not to be tried again by the client's own retries.
  expect(response.headers.get("x-should-retry")).toBe("false")
})

it.each([
  ["a vendor's 401 as 502", 401, { error: { message: "Incorrect API key" } }, 502, "upstream_failed"],
  ["a vendor's 429 as 429", 429, { error: { message: "slow down" } }, 429, "rate_limit_exceeded"],
  [
    "the caller's own fault with the vendor's status and words",
    422,
    { error: { message: "n must be 1", type: "invalid", code: "bad_n", param: "n" } },
    422,
    "bad_n"
  ]
])("answers %s", async (_, status, body, expected, code) => {
  const { url } = await serve(answerJson(body, status), {
    config: hasty
  })
  const response = await chat(url)
  expect(response.status).toBe(expected)
  expect((await json(response)).error.code).toBe(code)
})

it("tells when to come back", async () => {
  const answer = ({ handler }: Sent): void => {
    handler.onHeaders(429, { "retry-after": "30" })
    handler.onEnd()
  }
  const { url } = await serve(answer, { config: hasty })
  const response = await chat(url)
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "30"])
})

it("answers 504 when the call's time is up", async () => {
  const { upstream, url } = await serve(silent, {
    config: { ...config, routes: [{ ...config.routes[0]!, deadlines: { total: "20ms" } }] }
  })
  const response = await chat(url)
  expect([response.status, (await json(response)).error.code]).toEqual([504, "deadline_exceeded"])
  expect(upstream.sent[0]?.seen).toEqual(["abort"])
})

it("answers 500 for a defect, tells the log and not the caller, and goes on", async () => {
  let calls = 0
  const { lines, url, upstream } = await serve(answerJson())
  const send = upstream.sent.push.bind(upstream.sent)
  upstream.sent.push = (...items) => {
    if (++calls === 1) throw new Error("a bug in the transport")
    return send(...items)
  }
  const response = await chat(url)
  expect(response.status).toBe(500)
  expect(await json(response)).toMatchObject({
    error: { code: "internal_error", type: "server_error", message: expect.stringContaining("req_1") }
  })
  expect((await chat(url)).status).toBe(200)
  expect(lines.find((line) => line.includes("the gateway failed"))).toMatch(
    /ERROR the gateway failed requestId=req_1 .*a bug in the transport/
  )
})

it("keeps the caller's request id where it is sane", async () => {
  const { url } = await serve(answerJson())
  const ids = ["trace-42", "x".repeat(129), "has space", "ümlaut"]
  const answered = await Promise.all(
    ids.map((id) =>
      chat(url, {}, { headers: { "x-request-id": id } }).then(({ headers }) => headers.get("x-request-id"))
    )
  )
  expect(answered[0]).toBe("trace-42")
  for (const id of answered.slice(1)) expect(id).toMatch(/^req_\d+$/)
})

it("names host and port and the way out when the port is taken", async () => {
  const { port } = await serve(silent)
  const error = await Gateway.start({ config, port, log: false }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(GatewayError)
  expect(String(error)).toContain(`Cannot listen on 127.0.0.1:${port}: the port is taken.`)
})

it("refuses settings that make no sense", async () => {
  await expect(Gateway.start({ config, port: 0, maxBody: 0, log: false })).rejects.toThrow(
    "maxBody must be a whole number >= 1, got 0"
  )
})

it("takes a trace in and passes it on to whoever is asked", async () => {
  const { upstream, url } = await serve(answerJson())
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  await chat(url, {}, { headers: { traceparent, tracestate: "vendor=1" } })
  await chat(url, {}, { headers: { traceparent: "00-none", tracestate: "vendor=1" } })
  const [traced, untraced] = upstream.sent.map(({ request }) => request.headers)
  expect(traced).toMatchObject({ traceparent, tracestate: "vendor=1" })
  expect([untraced?.["traceparent"], untraced?.["tracestate"]]).toEqual([undefined, undefined])
})
