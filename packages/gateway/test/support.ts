import { request as httpRequest, type IncomingMessage } from "node:http"
import { connect, type Socket } from "node:net"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import { Upstream, type UpstreamHandler, type UpstreamRequest } from "@understudy/core/upstream/Upstream"
import * as AccessLog from "@understudy/gateway/AccessLog"
import * as EventLog from "@understudy/gateway/EventLog"
import * as Gateway from "@understudy/gateway/Gateway"
import * as LineLogger from "@understudy/gateway/LineLogger"
import type { Options } from "@understudy/gateway/Options"
import { RequestId } from "@understudy/gateway/RequestId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as TestClock from "effect/testing/TestClock"
import { onTestFinished } from "vitest"

/** An upstream request that a test answers by hand. */
export interface Sent {
  readonly request: UpstreamRequest
  readonly handler: UpstreamHandler
  readonly seen: Array<"abort" | "pause" | "resume">
}

/** An upstream whose answers are scripted, and which remembers what was done to its requests. */
export const fakeUpstream = (answer: (sent: Sent) => void) => {
  const sent: Array<Sent> = []
  const waiting: Array<() => void> = []
  const notify = (): void => {
    for (const wake of waiting.splice(0)) wake()
  }
  const layer = Layer.succeed(Upstream, {
    send: (request, handler) => {
      const one: Sent = { request, handler, seen: [] }
      const note = (what: Sent["seen"][number]) => () => {
        one.seen.push(what)
        notify()
      }
      sent.push(one)
      queueMicrotask(() => {
        handler.onConnected()
        answer(one)
        notify()
      })
      return { abort: note("abort"), pause: note("pause"), resume: note("resume") }
    }
  })
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return { layer, sent, until }
}

export const completion = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "vendor-model",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  vendor_field: { kept: true }
}

/** Answers with a JSON body. */
export const answerJson =
  (body: unknown = completion, status = 200) =>
  ({ handler }: Sent): void => {
    handler.onHeaders(status, { "content-type": "application/json" })
    handler.onData(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)))
    handler.onEnd()
  }

export const frame = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "c1", model: "vendor-model", choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`

/** Begins a stream with some frames and leaves it open. */
export const openStream =
  (...frames: ReadonlyArray<string>) =>
  ({ handler }: Sent): void => {
    handler.onHeaders(200, { "content-type": "text/event-stream" })
    for (const text of frames) handler.onData(Buffer.from(text))
  }

/** Never answers. */
export const silent = (): void => {}

export const config: UnderstudyOptions = {
  version: 1,
  providers: { vendor: { type: "openai-compatible", baseUrl: "http://vendor.test/v1", keys: ["sk-demo-upstream"] } },
  routes: [{ name: "all", match: { model: { prefix: "m" } }, targets: [{ provider: "vendor" }] }]
}

/** A gateway over a scripted upstream, stopped when the test ends. */
export const serve = async (
  answer: (sent: Sent) => void,
  options: Options & {
    readonly config?: UnderstudyOptions
    readonly clock?: "real" | "virtual"
    /** Takes the records of requests instead of the log. */
    readonly record?: AccessLog.Sink
  } = {}
) => {
  const upstream = fakeUpstream(answer)
  const lines: Array<string> = []
  let ids = 0
  const { clock, config: chosen = config, record, ...rest } = options
  const core = Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(chosen), Understudy.layer))
  const runtime = ManagedRuntime.make(
    Gateway.layer({ port: 0, grace: 0, ...rest }).pipe(
      Layer.provideMerge(core),
      Layer.provide(upstream.layer),
      Layer.provide(record === undefined ? Layer.empty : Layer.succeed(AccessLog.AccessLog, record)),
      Layer.provide(EventLog.layer),
      Layer.provide(LineLogger.layer({ write: (text) => lines.push(...text.trimEnd().split("\n")), window: 0 })),
      Layer.provide(Layer.succeed(RequestId, { next: () => `req_${++ids}` })),
      Layer.provideMerge(clock === "virtual" ? TestClock.layer() : Layer.empty)
    )
  )
  const gateway = await runtime.runPromise(Gateway.Gateway)
  const close = () => runtime.dispose()
  onTestFinished(close)
  const reload = (next: UnderstudyOptions) =>
    runtime.runPromise(
      Effect.gen(function* () {
        const { reload } = yield* Understudy.Understudy
        yield* reload(yield* UnderstudyConfig.fromOptions(next))
      })
    )
  const advance = (millis: number) => runtime.runPromise(TestClock.adjust(millis))
  return { ...gateway, advance, close, reload, lines, upstream, stop: () => runtime.runPromise(gateway.close) }
}

export const chatBody = (extra: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ model: "m1", messages: [{ role: "user", content: "Hi" }], ...extra })

/** Asks for a completion. */
export const chat = (url: string, extra: Readonly<Record<string, unknown>> = {}, init: RequestInit = {}) =>
  fetch(`${url}/v1/chat/completions`, { method: "POST", body: chatBody(extra), ...init })

/** The parsed body of an answer, for loose assertions. */
export const json = async (response: Response): Promise<any> => response.json()

/** Sends bytes as they are and reads until the other side closes. */
export const raw = (port: number, ...texts: ReadonlyArray<string>): Promise<string> =>
  new Promise((resolve, reject) => {
    let read = ""
    const socket = connect(port, "127.0.0.1", () => {
      for (const text of texts) socket.write(text)
    })
    socket.setEncoding("utf8")
    socket.on("data", (text: string) => {
      read += text
    })
    socket.on("error", reject)
    socket.on("close", () => resolve(read))
  })

/** A request whose response is not read until the test says so. */
export const unread = (
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<{ response: IncomingMessage; socket: Socket }> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/v1/chat/completions`, { method: "POST", agent: false, headers }, (response) => {
      response.pause()
      resolve({ response, socket: response.socket })
    })
    request.on("error", reject)
    request.end(body)
  })

/** What arrives of a streamed answer, and whether its connection was cut before its end. */
export const readStream = async (response: Response): Promise<{ text: string; cut: boolean }> => {
  const decoder = new TextDecoder()
  let text = ""
  try {
    for await (const piece of response.body!) text += decoder.decode(piece, { stream: true })
  } catch {
    return { text, cut: true }
  }
  return { text, cut: false }
}
