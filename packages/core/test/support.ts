/**
 * A scripted `Upstream` on the test's clock, and the smallest configuration around it. A vendor is a function from the
 * request to a play: what is sent, after how many virtual milliseconds.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import * as UnderstudyConfig from "../src/config/UnderstudyConfig.ts"
import { type CallEvent, type Event, isCallEvent, Listener } from "../src/telemetry/Event.ts"
import * as Understudy from "../src/Understudy.ts"
import { Upstream, type UpstreamHandler, type UpstreamRequest } from "../src/upstream/Upstream.ts"
import type { ChatCompletionRequest } from "../src/wire/ChatCompletion.ts"

export interface Seen {
  readonly headers: Readonly<Record<string, string>>
  readonly origin: string
  readonly path: string
  readonly key: string
  readonly model: string
  readonly body: Record<string, unknown>
  /** The body as it was sent. */
  readonly text: string
  readonly at: number
  aborted: boolean
}

type Step = (handler: UpstreamHandler) => void
export type Play = ReadonlyArray<readonly [after: number, step: Step]>

const headersStep =
  (status: number, headers: Record<string, string>): Step =>
  (handler) =>
    handler.onHeaders(status, headers)

export const data =
  (text: string): Step =>
  (handler) =>
    handler.onData(Buffer.from(text))

export const end: Step = (handler) => handler.onEnd()

export const broken =
  (code = "ECONNRESET"): Step =>
  (handler) =>
    handler.onError({ code, message: `read ${code}` })

export const connected: Step = (handler) => handler.onConnected()

export const json = (status: number, body: unknown, headers: Record<string, string> = {}, after = 0): Play => [
  [0, connected],
  [after, headersStep(status, { "content-type": "application/json", ...headers })],
  [0, data(typeof body === "string" ? body : JSON.stringify(body))],
  [0, end]
]

/** A key that the vendor does not know. */
export const unauthorized = json(401, {
  error: { message: "Incorrect API key provided.", type: "invalid_request_error", code: "invalid_api_key" }
})
/** A vendor with too much to do. */
export const overloaded = json(503, { error: { message: "busy" } })
/** A vendor that broke. */
export const failed = json(500, { error: { message: "oops", code: "internal_error" } })

export const completion = (model: string, content = "ok") => ({
  id: "1",
  object: "chat.completion",
  created: 1,
  model,
  choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
})

export const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "1", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

export const role = frame({ role: "assistant", content: "" })
export const text = (content: string): string => frame({ content })
export const stop = frame({}, "stop")
export const done = "data: [DONE]\n\n"

export const openStream: ReadonlyArray<readonly [number, Step]> = [
  [0, connected],
  [0, headersStep(200, { "content-type": "text/event-stream" })]
]

export const sse = (...pieces: ReadonlyArray<string>): Play => [
  ...openStream,
  ...pieces.map((piece) => [0, data(piece)] as const),
  [0, end]
]

export const silent: Play = [[0, connected]]
export const refused: Play = [[0, broken("ECONNREFUSED")]]

export interface World {
  readonly seen: Array<Seen>
  readonly events: Array<Event>
  readonly calls: Array<CallEvent>
}

export const fakeUpstream = (world: World, vendor: (seen: Seen, nth: number) => Play): Layer.Layer<Upstream> =>
  Layer.effect(
    Upstream,
    Effect.gen(function* () {
      const context = yield* Effect.context<never>()
      const clock = yield* Clock.Clock
      return Upstream.of({
        send: (request: UpstreamRequest, handler: UpstreamHandler) => {
          const body = JSON.parse(request.body ?? "{}") as Record<string, unknown>
          const key = request.headers["authorization"]?.slice("Bearer ".length) ?? ""
          const { origin, path } = request
          const seen = {
            origin,
            path,
            key,
            headers: request.headers,
            model: String(body["model"]),
            body,
            text: request.body ?? "",
            at: clock.currentTimeMillisUnsafe(),
            aborted: false
          }
          world.seen.push(seen)
          const play = vendor(seen, world.seen.length)
          const run = Effect.gen(function* () {
            for (const [after, step] of play) {
              if (after > 0) yield* Effect.sleep(Duration.millis(after))
              if (!seen.aborted) step(handler)
            }
          })
          const fiber = Effect.runForkWith(context)(run)
          return {
            abort: () => {
              seen.aborted = true
              fiber.interruptUnsafe()
            },
            pause: () => {},
            resume: () => {}
          }
        }
      })
    })
  )

export const options = (more: Partial<UnderstudyOptions> = {}): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: "http://qwen.test/v1", keys: ["sk-demo-q1", "sk-demo-q2"] },
    deepseek: { type: "deepseek", baseUrl: "http://deepseek.test", keys: ["sk-demo-d1"] }
  },
  routes: [
    {
      name: "aliyun",
      match: { model: { prefix: "qwen-" } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
    },
    { name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }
  ],
  ...more
})

export const request = (model = "qwen-turbo", more: object = {}): ChatCompletionRequest => ({
  model,
  messages: [{ role: "user", content: "你是谁？" }],
  ...more
})

export const makeWorld = (): World => ({ seen: [], events: [], calls: [] })

/** The core over scripted vendors, on the clock of the test. */
export const understudy = (
  world: World,
  vendor: (seen: Seen, nth: number) => Play,
  config: UnderstudyOptions = options()
) =>
  Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(config), Understudy.layer)).pipe(
    Layer.provide(fakeUpstream(world, vendor)),
    Layer.provide(
      Layer.succeed(Listener, {
        emit: (event) => void (isCallEvent(event) ? world.calls.push(event) : world.events.push(event))
      })
    )
  )

/** `seen` as `host/model#key`, for short assertions. */
export const path = (world: World): ReadonlyArray<string> =>
  world.seen.map(
    ({ key, model, origin }) => `${new URL(origin).hostname.split(".")[0]}/${model}#${key.slice("sk-demo-".length)}`
  )
