/** Whose spans are made, what they add up to, and how a trace goes on to whoever is asked. */
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import * as UnderstudyConfig from "../src/config/UnderstudyConfig.ts"
import { type Call, Failover } from "../src/failover/Failover.ts"
import { attribute } from "../src/internal/telemetry/Names.ts"
import * as TraceContext from "../src/internal/telemetry/TraceContext.ts"
import * as Telemetry from "../src/telemetry/Telemetry.ts"
import * as Understudy from "../src/Understudy.ts"
import {
  completion,
  done,
  fakeUpstream,
  json,
  makeWorld,
  options,
  type Play,
  request,
  role,
  type Seen,
  sse,
  stop,
  text
} from "./support.ts"

const recording = () => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (given) => {
      const span = new Tracer.NativeSpan(given)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

const answering = (seen: Seen): Play => json(200, completion(seen.model))

const make = (play: (seen: Seen) => Play = answering, config = options()) => {
  const world = makeWorld()
  const layer = Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(config), Understudy.layer)).pipe(
    Layer.provide(fakeUpstream(world, play))
  )
  return { world, layer }
}

const ask = (more: Partial<Call> = {}) =>
  Effect.flatMap(Failover, (failover) => failover.call({ request: request("qwen-turbo"), ...more }))

const stream = Effect.flatMap(Failover, (failover) =>
  failover.stream({ request: request("qwen-turbo", { stream: true }) }, { begin: () => {}, write: () => {} })
)

const names = (spans: ReadonlyArray<Tracer.Span>) => spans.map(({ name }) => name)
const both = ["chat qwen-turbo", "chat qwen/qwen-turbo"]

describe("spans", () => {
  it.effect("go to the tracer of the fiber that calls, whatever was in force where the engine was made", () =>
    Effect.gen(function* () {
      const [built, caller] = [recording(), recording()]
      const services = yield* Layer.build(make().layer).pipe(Effect.withTracer(built.tracer))
      yield* ask().pipe(Effect.provide(services), Effect.withSpan("request"), Effect.withTracer(caller.tracer))
      expect(names(caller.spans)).toEqual(["request", ...both])
      expect(caller.spans[1]!.parent).toMatchObject({ value: { name: "request" } })
      expect(built.spans).toEqual([])
    })
  )

  it.effect("go to the tracer of Telemetry.layer for a caller who has none, and to the caller's own before it", () =>
    Effect.gen(function* () {
      const [built, caller] = [recording(), recording()]
      const observed = make().layer.pipe(Layer.provide(Telemetry.layer))
      const services = yield* Layer.build(observed).pipe(Effect.withTracer(built.tracer))
      yield* ask().pipe(Effect.provide(services))
      expect(names(built.spans)).toEqual(both)
      yield* ask().pipe(Effect.provide(services), Effect.withTracer(caller.tracer))
      expect([names(built.spans), names(caller.spans)]).toEqual([both, both])
    })
  )

  it.effect("are not made where nobody traces, or where tracing is off", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const { layer, world } = make()
      yield* ask().pipe(Effect.provide(layer))
      const off = Effect.provideService(ask(), References.TracerEnabled, false)
      yield* off.pipe(Effect.provide(layer), Effect.withTracer(tracer))
      expect(spans).toEqual([])
      expect(world.seen.map(({ headers }) => headers["traceparent"])).toEqual([undefined, undefined])
    })
  )

  it("go to the tracer of a runtime that runs the calls", async () => {
    const { spans, tracer } = recording()
    const runtime = ManagedRuntime.make(Layer.merge(make().layer, Layer.succeed(Tracer.Tracer, tracer)))
    await runtime.runPromise(ask())
    await runtime.dispose()
    expect(names(spans)).toEqual(both)
  })

  it.effect("add up to the tokens and the cost that were billed, those of failed attempts among them", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const used = (output: number) =>
        `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 10, completion_tokens: output } })}\n\n`
      const play = (seen: Seen): Play =>
        seen.origin.includes("qwen") ? sse(role, used(7), stop, done) : sse(role, text("a"), stop, used(44), done)
      const prices = {
        "qwen-turbo": { input: 0, output: 1, currency: "CNY" },
        "deepseek-chat": { input: 0, output: 2, currency: "CNY" }
      }
      const config = options({ prices, routes: [{ ...options().routes[0]!, on: { EmptyResponse: { again: false } } }] })
      yield* stream.pipe(Effect.provide(make(play, config).layer), Effect.withTracer(tracer))
      const sum = (name: string) => spans.reduce((total, span) => total + Number(span.attributes.get(name) ?? 0), 0)
      expect(names(spans)).toEqual([...both, "chat deepseek/deepseek-chat"])
      expect([sum(attribute.inputTokens), sum(attribute.outputTokens)]).toEqual([20, 51])
      expect(spans[0]!.attributes.get(attribute.outputTokens)).toBe(44)
      const billed = (7 * 1 + 44 * 2) / 1e6
      expect(sum(attribute.cost)).toBeCloseTo(billed, 12)
      expect(sum(attribute.attemptCost)).toBeCloseTo(billed, 12)
    })
  )
})

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736"
const spanId = "00f067aa0ba902b7"
const traceparent = `00-${traceId}-${spanId}-01`

describe("a trace", () => {
  it.effect("goes out with each attempt, under the attempt's own span", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const { layer, world } = make((seen) =>
        seen.origin.includes("qwen") ? json(401, { error: { message: "bad" } }) : answering(seen)
      )
      yield* ask().pipe(Effect.provide(layer), Effect.withTracer(tracer))
      const attempts = spans.slice(1)
      expect(attempts).toHaveLength(3)
      expect(world.seen.map(({ headers }) => headers["traceparent"])).toEqual(
        attempts.map((span) => `00-${spans[0]!.traceId}-${span.spanId}-01`)
      )
    })
  )

  it.effect("goes out with a stream and with embeddings, beside the headers that are there", () =>
    Effect.gen(function* () {
      const { layer, world } = make((seen) =>
        seen.path.endsWith("/embeddings")
          ? json(200, { object: "list", model: "m", data: [{ index: 0, embedding: [1] }] })
          : sse(role, text("a"), stop, done)
      )
      const embed = Effect.flatMap(Failover, (failover) =>
        failover.embed({ request: { model: "qwen-embed", input: "a" } })
      )
      const both = Effect.andThen(stream, embed)
      yield* both.pipe(Effect.provide(layer), Effect.withTracer(recording().tracer))
      for (const { headers } of world.seen) {
        expect(headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
        expect(headers["authorization"]).toMatch(/^Bearer /)
      }
      expect(world.seen).toHaveLength(2)
    })
  )

  it.effect(
    "that came in with a request goes on through a process without a tracer, its state and its flag with it",
    () =>
      Effect.gen(function* () {
        const { layer, world } = make()
        const unsampled = `00-${traceId}-${spanId}-00`
        yield* ask({ headers: { traceparent: unsampled, tracestate: "vendor=1" } }).pipe(Effect.provide(layer))
        expect(world.seen[0]!.headers).toMatchObject({ traceparent: unsampled, tracestate: "vendor=1" })
      })
  )

  it.effect("that came in is what the call's span belongs under, unless the caller's span is of that trace", () =>
    Effect.gen(function* () {
      const { spans, tracer } = recording()
      const { layer, world } = make()
      const asked = ask({ headers: { traceparent, tracestate: "vendor=1" } })
      yield* asked.pipe(Effect.withSpan("starts the server"), Effect.provide(layer), Effect.withTracer(tracer))
      const [, chat, attempt] = spans
      expect(chat).toMatchObject({ traceId, parent: { value: { spanId } } })
      expect(world.seen[0]!.headers).toMatchObject({
        traceparent: `00-${traceId}-${attempt!.spanId}-01`,
        tracestate: "vendor=1"
      })
      const parent = Tracer.externalSpan({ traceId, spanId: "b7ad6b7169203331" })
      yield* asked.pipe(Effect.withParentSpan(parent), Effect.provide(layer), Effect.withTracer(tracer))
      expect(spans[3]!.parent).toMatchObject({ value: { spanId: "b7ad6b7169203331" } })
    })
  )

  it.effect("stays in where its span says so, or has ids that others do not understand", () =>
    Effect.gen(function* () {
      const { layer, world } = make()
      const kept = Tracer.externalSpan({
        traceId,
        spanId,
        annotations: Context.make(Tracer.DisablePropagation, true)
      })
      const strange = Tracer.externalSpan({ traceId: "trace", spanId: "span" })
      for (const parent of [kept, strange]) yield* ask().pipe(Effect.withParentSpan(parent), Effect.provide(layer))
      expect(world.seen.map(({ headers }) => headers["traceparent"])).toEqual([undefined, undefined])
    })
  )

  it.each([
    [traceparent, true],
    [` ${traceparent} `, true],
    [`01-${traceId}-${spanId}-01-more`, true],
    [`00-${traceId}-${spanId}-01-more`, false],
    [`ff-${traceId}-${spanId}-01`, false],
    [`00-${"0".repeat(32)}-${spanId}-01`, false],
    [`00-${traceId}-${"0".repeat(16)}-01`, false],
    [`00-${traceId.toUpperCase()}-${spanId}-01`, false],
    [`00-${traceId.slice(1)}-${spanId}-01`, false],
    [`${traceparent}, ${traceparent}`, false],
    ["", false]
  ])("is read from %j: %s", (given, valid) => {
    const span = TraceContext.fromHeaders({ traceparent: given, tracestate: "a=1" })
    expect(span?.traceId).toBe(valid ? traceId : undefined)
    if (span !== undefined) expect(TraceContext.toHeaders(span)).toEqual({ traceparent, tracestate: "a=1" })
  })

  it("loses a state that no header can hold", () => {
    const span = TraceContext.fromHeaders({ traceparent, tracestate: "a=1\r\nx: y" })
    expect(span && TraceContext.toHeaders(span)).toEqual({ traceparent })
  })
})
