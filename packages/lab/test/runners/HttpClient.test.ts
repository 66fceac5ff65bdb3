import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { describe, expect, it, onTestFinished } from "vitest"
import { toSeenError } from "../../src/run/Callers.ts"
import type { LabReply, Setting } from "../../src/run/Client.ts"
import * as HttpClient from "../../src/run/HttpClient.ts"
import type { SeenError } from "../../src/run/Run.ts"

type Respond = (response: ServerResponse, request: IncomingMessage, body: string) => void

interface Seen {
  readonly pieces: ReadonlyArray<string>
  readonly reply?: LabReply
  readonly error?: SeenError
}

const serve = async (respond: Respond): Promise<string> => {
  const server = createServer(async (request, response) => {
    let body = ""
    for await (const chunk of request) body += chunk
    respond(response, request, body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Asks a gateway that answers so. */
const ask = async (respond: Respond, stream = true, path = "", leaves?: Promise<void>): Promise<Seen> => {
  const url = `${await serve(respond)}${path}`
  const setting = { fetch: globalThis.fetch } as unknown as Setting
  const session = await HttpClient.make({ url, apiKey: "sk-demo-consumer" }).open(setting)
  const pieces: Array<string> = []
  return new Promise((resolve) => {
    const request = {
      id: "c1",
      model: "qwen-plus",
      messages: [{ role: "user", content: "你好" }],
      text: "你好",
      stream
    } as const
    const leave = session.start(request, {
      content: (piece) => void pieces.push(piece),
      runTool: () => "",
      end: (outcome) =>
        resolve("reply" in outcome ? { pieces, reply: outcome.reply } : { pieces, error: toSeenError(outcome.error) })
    })
    void leaves?.then(leave)
  })
}

const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ model: "qwen-plus", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

const streamed =
  (...parts: ReadonlyArray<string | Uint8Array>): Respond =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    for (const part of parts) response.write(part)
    response.end()
  }

const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Respond =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers })
    response.end(typeof body === "string" ? body : JSON.stringify(body))
  }

const completion = { model: "qwen-plus", choices: [{ message: { content: "Hello" }, finish_reason: "stop" }] }

describe("HttpClient", () => {
  it.each(["", "/", "/v1", "/v1/"])("asks as an OpenAI client would, at a base URL that ends in '%s'", async (path) => {
    let asked: unknown
    const { reply } = await ask(
      (response, { headers: { authorization }, method, url }, body) => {
        asked = [method, url, authorization, JSON.parse(body)]
        json(200, completion)(response, undefined as never, "")
      },
      false,
      path
    )
    const messages = [{ role: "user", content: "你好" }]
    expect(asked).toEqual(["POST", "/v1/chat/completions", "Bearer sk-demo-consumer", { model: "qwen-plus", messages }])
    expect(reply).toEqual({ text: "Hello", toolCalls: [], finish: "stop", model: "qwen-plus" })
  })

  it("reads a stream whatever packets it comes in, reasoning and comments included", async () => {
    const text = `: keep-alive\r\n\r\n${frame({ reasoning_content: "Hm" })}${frame({ content: "你" })}${frame({ content: "好" }, "stop")}data: [DONE]\n\n`
    const bytes = new TextEncoder().encode(text)
    const slices = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
      bytes.slice(index * 7, index * 7 + 7)
    )
    expect(await ask(streamed(...slices))).toEqual({
      pieces: ["", "你", "好"],
      reply: { text: "你好", reasoning: "Hm", toolCalls: [], finish: "stop", model: "qwen-plus" }
    })
  })

  it("puts calls of tools together from their pieces", async () => {
    const piece = (index: number, id: string | undefined, name: string | undefined, written: string) =>
      frame({ tool_calls: [{ index, id, function: { name, arguments: written } }] })
    const first = piece(0, "call_1", "book", '{"a":')
    const { pieces, reply } = await ask(
      streamed(first, piece(1, "call_2", "ring", "{}"), piece(0, undefined, undefined, "1}"), frame({}, "tool_calls"))
    )
    const calls = [
      { id: "call_1", name: "book", arguments: '{"a":1}' },
      { id: "call_2", name: "ring", arguments: "{}" }
    ]
    expect([pieces, reply?.toolCalls]).toEqual([["", "", ""], calls])
    const tool_calls = calls.map(({ id, ...called }) => ({ id, type: "function", function: called }))
    const message = { content: null, tool_calls }
    expect((await ask(json(200, { choices: [{ message }] }), false)).reply?.toolCalls).toEqual(calls)
  })

  it("takes a finish reason for an end, and [DONE] for one", async () => {
    expect((await ask(streamed(frame({ content: "Hi" }, "length")))).reply?.finish).toBe("length")
    expect((await ask(streamed(frame({ content: "Hi" }), "data: [DONE]"))).reply).toMatchObject({ text: "Hi" })
  })

  it.each([
    ["ends without either", streamed(frame({ content: "Hi" })), "ended without a finish reason"],
    ["has nothing in it", streamed(), "ended without a finish reason"],
    ["has a frame that is not JSON", streamed(frame({ content: "Hi" }), "data: {oops\n\n"), "is not JSON: {oops"],
    [
      "has an error in it",
      streamed(frame({ content: "Hi" }), 'data: {"error":{"message":"gone","code":"server_error"}}\n\n'),
      "gone"
    ]
  ])("fails a stream that %s", async (_, respond, message) => {
    expect((await ask(respond)).error?.message).toContain(message)
  })

  it("fails a stream whose connection breaks", async () => {
    const seen = await ask((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" })
      response.write(frame({ content: "Hi" }), () => response.destroy())
    })
    expect(seen).toMatchObject({ pieces: ["Hi"], error: { message: "terminated" } })
  })

  it.each([
    ["a refusal", 429, { error: { message: "slow", code: "limit", type: "rate" } }, "3", { retryAfter: 3_000 }],
    ["a date to wait for", 429, { error: { message: "slow" } }, "Wed, 21 Oct 2026 07:28:00 GMT", {}],
    ["a page", 502, "<html>Bad Gateway</html>", "0", { retryAfter: 0 }]
  ])("shows %s as callers see it", async (_, status, body, retryAfter, waits) => {
    const { error } = await ask(json(status, body, { "retry-after": retryAfter }), false)
    const told = typeof body === "string" ? { message: body } : body.error
    expect(error).toEqual({ status, type: "Error", ...told, ...waits })
  })

  it("fails an answer that is not JSON", async () => {
    expect((await ask(json(200, '{"choices":[{"mess'), false)).error?.message).toContain("is not JSON")
  })

  it("lets go of the connection when its caller leaves", async () => {
    const [arrived, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const respond: Respond = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" })
      response.write(frame({ content: "Hi" }))
      response.on("close", gone.resolve)
      arrived.resolve()
    }
    const seen = await ask(respond, true, "", arrived.promise)
    expect(seen.error?.type).toBe("AbortError")
    await gone.promise
  })
})
