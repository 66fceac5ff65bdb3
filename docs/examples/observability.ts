/**
 * Spans and metrics over OTLP: Qwen refuses its key, DeepSeek answers, and a collector hears what happened and what it cost.
 * The collector here is a few lines of `node:http`; the prices are made up.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { ChatModel } from "@understudy/chat-model"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as Telemetry from "@understudy/core/telemetry/Telemetry"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Otlp from "effect/observability/Otlp"

const observed = (config: UnderstudyOptions, collector: string) => {
  const exporter = Otlp.layerJson({ baseUrl: collector, resource: { serviceName: "travel-guide" } })
  return ChatModel.layerUnderstudy(config, { model: "qwen3.8-flash", temperature: 0.5 }).pipe(
    Layer.provide(Telemetry.layer),
    Layer.provideMerge(exporter),
    Layer.provide(FetchHttpClient.layer)
  )
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface Span {
  readonly name: string
  readonly attributes: ReadonlyArray<Attribute>
}

interface Exported {
  readonly resourceSpans?: ReadonlyArray<{
    readonly scopeSpans: ReadonlyArray<{ readonly spans: ReadonlyArray<Span> }>
  }>
  readonly resourceMetrics?: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{ readonly metrics: ReadonlyArray<{ readonly name: string }> }>
  }>
}

const listen = async () => {
  const exported: Array<Exported> = []
  const server = createServer(async (request, response) => {
    exported.push(JSON.parse(Buffer.concat(await request.toArray()).toString("utf8")))
    response.end("{}")
  })
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise((resolve) => void server.close(resolve))
  return { exported, url: `http://127.0.0.1:${port}`, close }
}

const shown = ["gen_ai.response.model", "understudy.attempts", "understudy.cost", "error.type", "understudy.next"]

const toLine = ({ attributes, name }: Span): string => {
  const values = new Map(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
  const known = shown.flatMap((key) => (values.has(key) ? [`${key}=${values.get(key)}`] : []))
  return `${name}: ${known.join(" ")}`
}

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const vendors = Vendors.make({ keys: { "sk-demo-deepseek": { vendor: "deepseek" } } })
  const server = await MockServer.listen(vendors)
  const collector = await listen()
  const config: UnderstudyOptions = {
    version: 1,
    providers: {
      qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-wrong"] },
      deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
    },
    routes: [
      {
        name: "aliyun",
        match: { model: { prefix: "qwen" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
      }
    ],
    prices: { "deepseek-flash": { input: 1000, output: 2000, currency: "CNY" } }
  }

  const program = Effect.gen(function* () {
    const chatModel = yield* ChatModel.ChatModel
    const { metadata } = yield* chatModel.call("你是谁？")
    return `the answer cost ${metadata.cost?.amount} ${metadata.cost?.currency}`
  })
  const answered = await Effect.runPromise(Effect.provide(program, observed(config, collector.url)))

  await collector.close()
  await server.close()
  const spans = collector.exported.flatMap(({ resourceSpans = [] }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  )
  const metrics = collector.exported.flatMap(({ resourceMetrics = [] }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  )
  const names = new Set(metrics.map(({ name }) => name))
  return [answered, ...spans.map(toLine), [...names].sort().join(" ")]
}
