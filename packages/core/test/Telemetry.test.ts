import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import * as TestClock from "effect/testing/TestClock"
import * as UnderstudyConfig from "../src/config/UnderstudyConfig.ts"
import { Failover } from "../src/failover/Failover.ts"
import type { Ok } from "../src/failure/Trail.ts"
import * as Metrics from "../src/internal/telemetry/Metrics.ts"
import { attribute, metric } from "../src/internal/telemetry/Names.ts"
import * as Spans from "../src/internal/telemetry/Spans.ts"
import { all, type Event, Listener } from "../src/telemetry/Event.ts"
import * as Telemetry from "../src/telemetry/Telemetry.ts"
import * as Understudy from "../src/Understudy.ts"
import {
  broken,
  completion,
  data,
  done,
  end,
  fakeUpstream,
  json,
  makeWorld,
  openStream,
  options,
  type Play,
  request,
  role,
  type Seen,
  silent,
  sse,
  stop,
  text
} from "./support.ts"

const vendor = (seen: Seen): Play =>
  seen.origin.includes("qwen")
    ? json(401, { error: { message: "bad", code: "invalid_api_key" } })
    : json(200, completion(seen.model), {}, 120)

const core = (play: (seen: Seen) => Play, config = options()) =>
  Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(config), Understudy.layer)).pipe(
    Layer.provide(fakeUpstream(makeWorld(), play))
  )

const observed = (listener: Effect.Effect<Listener>, play: (seen: Seen) => Play = vendor, config = options()) =>
  core(play, config).pipe(Layer.provide(Layer.effect(Listener, listener)))

const call = Effect.flatMap(Failover, (failover) => failover.call({ request: request() }))

const settle = <A, E>(program: Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(program)
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(20)
    return yield* Fiber.join(fiber)
  })

const recording = () => {
  const events: Array<Event> = []
  return { events, listener: Effect.succeed<Listener>({ emit: (event) => void events.push(event) }) }
}

describe("events", () => {
  it.effect("tell a call from start to end, attempt by attempt, with what was billed", () =>
    Effect.gen(function* () {
      const { events, listener } = recording()
      yield* settle(call.pipe(Effect.provide(observed(listener))))
      const told = events.filter((event) => "call" in event)
      expect(told.map(({ _tag }) => _tag)).toEqual([
        "CallStarted",
        ...Array.from({ length: 3 }, () => ["AttemptStarted", "AttemptEnded"]).flat(),
        "CallEnded"
      ])
      expect(told.at(-1)).toMatchObject({
        outcome: "ok",
        millis: 120,
        firstContent: 120,
        answer: { provider: "deepseek", usage: { total_tokens: 2 } }
      })
    })
  )

  it.effect(
    "tell what an answer says of itself, what it cost, and the request's settings, and nothing that was said",
    () =>
      Effect.gen(function* () {
        const { events, listener } = recording()
        const config = options({ prices: { "deepseek/deepseek-chat": { input: 1, output: 3, currency: "CNY" } } })
        const asked = Effect.flatMap(Failover, (failover) =>
          failover.call({ request: request("qwen-turbo", { temperature: 0.5, max_completion_tokens: 9, n: 1 }) })
        )
        const { trail } = yield* settle(asked.pipe(Effect.provide(observed(listener, vendor, config))))
        const cost = { amount: 4e-6, currency: "CNY" }
        expect(events.filter(({ _tag }) => _tag === "CallStarted")).toMatchObject([
          {
            streamed: false,
            parameters: {
              "gen_ai.request.temperature": 0.5,
              "gen_ai.request.max_tokens": 9,
              "gen_ai.request.choice.count": 1
            }
          }
        ])
        expect(events.filter(({ _tag }) => _tag === "AttemptEnded").at(-1)).toMatchObject({
          attempt: { cost },
          response: { id: "1", model: "deepseek-chat", finishReasons: ["stop"] }
        })
        expect(events.filter(({ _tag }) => _tag === "CallEnded")).toMatchObject([{ operation: "chat", cost }])
        expect(trail.map((record) => record.cost)).toEqual([undefined, undefined, cost])
        expect(JSON.stringify(events)).not.toMatch(/你是谁|sk-demo/)
      })
  )

  it.effect("tell what a stream took that its caller left, that broke, and that was empty", () =>
    Effect.gen(function* () {
      const used = `data: ${JSON.stringify({ id: "s-1", model: "qwen-2026", choices: [], usage: { prompt_tokens: 7 } })}\n\n`
      const plays: ReadonlyArray<Play> = [
        [...sse(role, text("a"), used).slice(0, -1)],
        [...sse(role, text("a"), used).slice(0, -1), [0, broken()]],
        sse(role, used, stop, done)
      ]
      for (const [index, play] of plays.entries()) {
        const { events, listener } = recording()
        const sink = { begin: () => {}, write: () => {} }
        const streamed = Effect.gen(function* () {
          const failover = yield* Failover
          const fiber = yield* Effect.forkChild(
            failover.stream({ request: request("qwen-turbo", { stream: true }) }, sink)
          )
          yield* Effect.sleep(100)
          yield* Fiber.interrupt(fiber)
        })
        yield* settle(streamed.pipe(Effect.provide(observed(listener, () => play))))
        const [first] = events.filter(({ _tag }) => _tag === "AttemptEnded")
        expect(first).toMatchObject({
          attempt: {
            ...[
              { _tag: "Cancelled", afterContent: true },
              { _tag: "Failed", reason: { _tag: "Interrupted" }, afterContent: true },
              { _tag: "Failed", reason: { _tag: "EmptyResponse" }, afterContent: false }
            ][index],
            usage: { prompt_tokens: 7 }
          },
          response: { id: "1" }
        })
        expect(events.at(-1)).toMatchObject({ _tag: "CallEnded", streamed: true })
      }
    })
  )

  it.effect("of calls are not made for a listener that wants none", () =>
    Effect.gen(function* () {
      const heard: Array<string> = []
      const listener: Listener = { emit: ({ _tag }) => void heard.push(_tag), wantsCalls: false }
      yield* settle(call.pipe(Effect.provide(observed(Effect.succeed(listener)))))
      expect([...new Set(heard)]).toEqual(["KeyRemoved"])
    })
  )

  it.effect("tell of a caller who left", () =>
    Effect.gen(function* () {
      const { events, listener } = recording()
      const leaving = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(call)
        yield* Effect.sleep(100)
        yield* Fiber.interrupt(fiber)
      })
      yield* settle(leaving.pipe(Effect.provide(observed(listener, () => silent))))
      expect(events.slice(-2)).toMatchObject([
        { _tag: "AttemptEnded", attempt: { _tag: "Cancelled", next: { _tag: "CallerLeft" } }, response: undefined },
        { _tag: "CallEnded", outcome: "Cancelled", answer: undefined }
      ])
    })
  )

  it("reach every listener, and calls only where one wants them", () => {
    const heard: Array<string> = []
    const keysOnly: Listener = { emit: (event) => void heard.push(`keys ${event._tag}`), wantsCalls: false }
    const everything: Listener = { emit: (event) => void heard.push(`all ${event._tag}`) }
    all(keysOnly, everything).emit({ _tag: "KeyRestored", provider: "p", key: "k" })
    expect(heard).toEqual(["keys KeyRestored", "all KeyRestored"])
    expect([all(keysOnly).wantsCalls, all(keysOnly, everything).wantsCalls]).toEqual([false, true])
  })
})

describe("Spans", () => {
  it.effect("are one a call below the caller's own, and one an attempt below that, under OpenTelemetry's names", () =>
    Effect.gen(function* () {
      const spans: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (given) => {
          const span = new Tracer.NativeSpan(given)
          spans.push(span)
          return span
        }
      })
      const program = call.pipe(
        Effect.provide(observed(Spans.make)),
        Effect.withSpan("request"),
        Effect.withTracer(tracer)
      )
      yield* settle(program)
      const named = (name: string) => spans.filter((span) => span.name === name)
      const [callSpan] = named("chat qwen-turbo")
      expect(Option.getOrThrow(callSpan!.parent)).toMatchObject({ name: "request" })
      expect(Object.fromEntries(callSpan!.attributes)).toMatchObject({
        [attribute.operation]: "chat",
        [attribute.requestModel]: "qwen-turbo",
        [attribute.responseModel]: "deepseek-chat",
        [attribute.provider]: "deepseek",
        [attribute.route]: "aliyun",
        [attribute.inputTokens]: 1,
        [attribute.responseId]: "1",
        [attribute.finishReasons]: ["stop"],
        [attribute.attempts]: 3
      })
      const attempts = [...named("chat qwen/qwen-turbo"), ...named("chat deepseek/deepseek-chat")]
      expect(attempts.map((span) => [span.attributes.get(attribute.outcome), span.status._tag])).toEqual([
        ["Unauthorized", "Ended"],
        ["Unauthorized", "Ended"],
        ["ok", "Ended"]
      ])
      expect(attempts.every((span) => Option.getOrUndefined(span.parent) === callSpan)).toBe(true)
      const [first] = attempts
      expect(Object.fromEntries(first!.attributes)).toMatchObject({
        [attribute.errorType]: "Unauthorized",
        [attribute.status]: 401,
        [attribute.address]: "qwen.test",
        [attribute.port]: 80,
        [attribute.next]: "another key"
      })
    })
  )

  it.effect("of a stream tell the time to its first content, cached and thinking tokens, and the cost", () =>
    Effect.gen(function* () {
      const spans: Array<Tracer.Span> = []
      const tracer = Tracer.make({
        span: (given) => {
          const span = new Tracer.NativeSpan(given)
          spans.push(span)
          return span
        }
      })
      const usage = {
        prompt_tokens: 10,
        completion_tokens: 5,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 3 }
      }
      const used = `data: ${JSON.stringify({ choices: [], usage })}\n\n`
      const play: Play = [...openStream, [250, data(text("a"))], [0, data(stop + used + done)], [0, end]]
      const prices = { "qwen-turbo": { input: 2, output: 10, cachedInput: 0.5, currency: "CNY" } }
      const streamed = Effect.flatMap(Failover, (failover) =>
        failover.stream({ request: request("qwen-turbo", { stream: true }) }, { begin: () => {}, write: () => {} })
      )
      const layer = observed(Spans.make, () => play, options({ prices }))
      yield* settle(streamed.pipe(Effect.provide(layer), Effect.withTracer(tracer)))
      expect(spans.map(({ name }) => name)).toEqual(["chat qwen-turbo", "chat qwen/qwen-turbo"])
      expect(Object.fromEntries(spans[0]!.attributes)).toMatchObject({
        [attribute.stream]: true,
        [attribute.firstChunk]: 0.25,
        [attribute.cacheRead]: 4,
        [attribute.reasoning]: 3,
        [attribute.cost]: (6 * 2 + 4 * 0.5 + 5 * 10) / 1e6,
        [attribute.currency]: "CNY"
      })
    })
  )
})

describe("Metrics", () => {
  it.effect("count calls, attempts, tokens and what happens to keys, under OpenTelemetry's names", () =>
    Effect.gen(function* () {
      const registry = new Map()
      const called = Effect.andThen(call, Effect.sleep("20 seconds")).pipe(Effect.provide(observed(Metrics.make)))
      const program = Effect.andThen(called, Metric.snapshot)
      const snapshots = yield* settle(program.pipe(Effect.provideService(Metric.MetricRegistry, registry)))
      const of = (id: string) => snapshots.filter((snapshot) => snapshot.id === id)
      expect(of(metric.calls).map(({ attributes }) => attributes)).toMatchObject([
        { [attribute.outcome]: "ok", [attribute.route]: "aliyun" }
      ])
      expect(
        of(metric.attempts)
          .map(({ attributes }) => attributes?.[attribute.outcome])
          .sort()
      ).toEqual(["Unauthorized", "ok"])
      expect(
        of(metric.tokens)
          .map(({ attributes }) => attributes?.[attribute.tokenType])
          .sort()
      ).toEqual(["input", "output"])
      expect(of(metric.keys)).toHaveLength(2)
      // 5 s after the removal, and 10 s after that: two keys, two probes each.
      expect(of(metric.probes).map(({ state }) => state)).toMatchObject([{ count: 2 }, { count: 2 }])
      expect(of(metric.duration)[0]?.state).toMatchObject({ count: 1, sum: 0.12 })
      expect(of(metric.firstChunk)).toEqual([])
      expect(of(metric.failovers).map(({ attributes }) => attributes)).toMatchObject([
        { [attribute.provider]: "qwen", [attribute.outcome]: "Unauthorized" }
      ])
      expect(of(metric.removedKeys).map(({ state }) => state)).toEqual([{ value: 1 }, { value: 1 }])
      expect(JSON.stringify(snapshots.map(({ attributes }) => attributes))).not.toContain("sk-demo")
    })
  )

  it.effect("tell costs, times to first content of streams, and which keys and circuits are out now", () =>
    Effect.gen(function* () {
      const registry = new Map()
      const listener = yield* Effect.provideService(Metrics.make, Metric.MetricRegistry, registry)
      const attempt: Ok = {
        _tag: "Ok",
        provider: "qwen",
        model: "qwen-plus",
        key: "k1",
        millis: 5,
        next: { _tag: "Answer" },
        cost: { amount: 0.25, currency: "CNY" }
      }
      const about = { call: 1, operation: "embeddings", route: "aliyun", model: "qwen-plus", streamed: true } as const
      const circuit = { _tag: "CircuitChanged", provider: "qwen", model: "qwen-plus", openFor: 1 } as const
      const events: ReadonlyArray<Event> = [
        { _tag: "CallStarted", ...about, parameters: {}, parent: undefined },
        { _tag: "AttemptEnded", call: 1, attempt, response: undefined },
        { _tag: "AttemptEnded", call: 1, attempt, response: undefined },
        { _tag: "CallEnded", ...about, outcome: "ok", millis: 9, firstContent: 4, answer: attempt, cost: undefined },
        { _tag: "KeyRemoved", provider: "qwen", key: "k1", reason: "Unauthorized", nextProbeIn: 1 },
        { _tag: "KeyRestored", provider: "qwen", key: "k1" },
        { ...circuit, from: "Closed", to: "Open" }
      ]
      for (const event of events) listener.emit(event)
      const snapshots = yield* Metric.snapshot.pipe(Effect.provideService(Metric.MetricRegistry, registry))
      const of = (id: string) => snapshots.find((snapshot) => snapshot.id === id)
      expect(of(metric.cost)).toMatchObject({
        attributes: { [attribute.currency]: "CNY", [attribute.operation]: "embeddings" },
        state: { count: 0.5 }
      })
      expect(of(metric.firstChunk)?.state).toMatchObject({ count: 1, sum: 0.004 })
      expect(of(metric.removedKeys)?.state).toEqual({ value: 0 })
      expect(of(metric.openCircuits)?.state).toEqual({ value: 1 })
    })
  )
})

describe("Telemetry.layer", () => {
  it.effect("gives spans and metrics, and leaves a listener that is there what it hears", () =>
    Effect.gen(function* () {
      const { events, listener } = recording()
      const names: Array<string> = []
      const tracer = Tracer.make({
        span: (given) => {
          names.push(given.name)
          return new Tracer.NativeSpan(given)
        }
      })
      const registry = new Map()
      const layer = core(vendor).pipe(Layer.provide(Telemetry.layer), Layer.provide(Layer.effect(Listener, listener)))
      const program = Effect.andThen(call.pipe(Effect.provide(layer)), Metric.snapshot)
      const traced = program.pipe(Effect.withTracer(tracer), Effect.provideService(Metric.MetricRegistry, registry))
      const snapshots = yield* settle(traced)
      expect(names).toContain("chat qwen-turbo")
      expect(snapshots.map(({ id }) => id)).toContain(metric.calls)
      expect(events.map(({ _tag }) => _tag)).toContain("CallEnded")
    })
  )
})
