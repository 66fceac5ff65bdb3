/** A vendor in memory: plays answers in order and records what it was sent. No network, no time. */
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import { Upstream, type UpstreamHandler, type UpstreamRequest } from "@understudy/core/upstream/Upstream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChatModel from "../../src/ChatModel.ts"
import type { ChatOptions } from "../../src/ChatOptions.ts"

/** What is answered to one request. A stream that does not end stays open until it is driven or aborted. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** Frames of a stream: values are written as JSON, texts as they are. */
  readonly frames?: ReadonlyArray<unknown>
  readonly end?: "done" | "eof" | "cut" | "open"
}

/** A request that arrived. */
export class Exchange {
  readonly request: UpstreamRequest
  readonly #handler: UpstreamHandler
  aborted = false
  paused = 0
  resumed = 0

  constructor(request: UpstreamRequest, handler: UpstreamHandler) {
    this.request = request
    this.#handler = handler
  }

  get body(): Record<string, any> {
    return JSON.parse(this.request.body ?? "{}")
  }

  frame(value: unknown): void {
    this.frames([value])
  }

  /** Several frames that come in one read. */
  frames(values: ReadonlyArray<unknown>): void {
    if (this.aborted) return
    const texts = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
    this.#handler.onData(Buffer.from(texts.map((text) => `data: ${text}\n\n`).join("")))
  }

  end(how: Answer["end"] = "done"): void {
    if (this.aborted || how === "open") return
    if (how === "cut") return this.#handler.onError({ code: "ECONNRESET", message: "read ECONNRESET" })
    if (how === "done") this.frame("[DONE]")
    this.#handler.onEnd()
  }

  play({ end, frames, headers = {}, json, status = 200 }: Answer): void {
    if (this.aborted) return
    this.#handler.onConnected()
    const type = frames === undefined ? "application/json" : "text/event-stream"
    this.#handler.onHeaders(status, { "content-type": type, ...headers })
    if (frames === undefined) {
      this.#handler.onData(Buffer.from(JSON.stringify(json)))
      return this.#handler.onEnd()
    }
    for (const frame of frames) this.frame(frame)
    this.end(end)
  }
}

/** The vendor, and a ChatModel in front of it. */
export interface Scripted {
  readonly exchanges: ReadonlyArray<Exchange>
  readonly layer: Layer.Layer<ChatModel.ChatModel>
  /** The next request that arrives, or the first that has not been handed out. */
  readonly arrival: () => Promise<Exchange>
}

const config = UnderstudyConfig.fromOptions({
  version: 1,
  providers: {
    first: { type: "openai-compatible", baseUrl: "http://first.test/v1", keys: ["sk-demo-1"] },
    second: { type: "openai-compatible", baseUrl: "http://second.test/v1", keys: ["sk-demo-2"] }
  },
  routes: [
    { name: "alone", match: { model: { exact: "alone" } }, targets: [{ provider: "first" }] },
    {
      name: "chain",
      match: { model: { prefix: "chat" } },
      targets: [{ provider: "first" }],
      fallback: [{ provider: "second", model: "other" }]
    }
  ]
})

/** A ChatModel whose vendor gives these answers, one a request; the last one again and again. */
export const make = (answers: Answer | ReadonlyArray<Answer>, options: ChatOptions = { model: "chat" }): Scripted => {
  const script = Array.isArray(answers) ? (answers as ReadonlyArray<Answer>) : [answers as Answer]
  const exchanges: Array<Exchange> = []
  const waiting: Array<(exchange: Exchange) => void> = []
  let handed = 0
  const upstream = Upstream.of({
    send: (request, handler) => {
      const exchange = new Exchange(request, handler)
      const answer = script[Math.min(exchanges.length, script.length - 1)]
      exchanges.push(exchange)
      queueMicrotask(() => {
        if (answer !== undefined) exchange.play(answer)
        const next = waiting.shift()
        if (next === undefined) return
        handed++
        next(exchange)
      })
      return {
        abort: () => {
          exchange.aborted = true
        },
        pause: () => {
          exchange.paused++
        },
        resume: () => {
          exchange.resumed++
        }
      }
    }
  })
  const engine = Layer.unwrap(Effect.map(Effect.orDie(config), Understudy.layer)).pipe(Layer.orDie)
  return {
    exchanges,
    layer: ChatModel.layer(options).pipe(Layer.provide(engine), Layer.provide(Layer.succeed(Upstream, upstream))),
    arrival: () => {
      const there = exchanges[handed]
      if (there !== undefined) {
        handed++
        return Promise.resolve(there)
      }
      return new Promise((resolve) => waiting.push(resolve))
    }
  }
}

/** Runs an effect that needs the ChatModel. */
export const run = <A, E>(scripted: Scripted, effect: Effect.Effect<A, E, ChatModel.ChatModel>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, scripted.layer))

/** A whole completion. */
export const completion = (message: unknown, rest: object = {}): unknown => ({
  id: "answer-1",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "chat-2026",
  choices: [{ index: 0, message, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
  ...rest
})

/** A chunk of the same answer. */
export const chunk = (delta: unknown, rest: object = {}): unknown => ({
  id: "answer-1",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "chat-2026",
  choices: [{ index: 0, delta, finish_reason: null }],
  ...rest
})

/** The chunk that finishes. */
export const finish = (reason = "stop", rest: object = {}): unknown =>
  chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: reason }], ...rest })

/** The chunk that holds usage only, as Qwen sends it. */
export const usage = {
  ...(chunk({}) as object),
  choices: [],
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 }
}
