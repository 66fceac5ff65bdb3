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
import { all, type Event, Listener } from "../src/telemetry/Event.ts"
import * as Metrics from "../src/telemetry/Metrics.ts"
import { attribute, metric } from "../src/telemetry/Names.ts"
import * as Spans from "../src/telemetry/Spans.ts"
import * as Understudy from "../src/Understudy.ts"
import { completion, fakeUpstream, json, makeWorld, options, type Play, request, type Seen, silent } from "./support.ts"

const vendor = (seen: Seen): Play =>
  seen.origin.includes("qwen")
    ? json(401, { error: { message: "bad", code: "invalid_api_key" } })
    : json(200, completion(seen.model), {}, 120)

const observed = (listener: Effect.Effect<Listener>, play: (seen: Seen) => Play = vendor) =>
  Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(options()), Understudy.layer)).pipe(
    Layer.provide(fakeUpstream(makeWorld(), play)),
    Layer.provide(Layer.effect(Listener, listener))
  )

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

  it.effect("tell of a caller who left", () =>
    Effect.gen(function* () {
      const { events, listener } = recording()
      const leaving = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(call)
        yield* Effect.sleep(100)
        yield* Fiber.interrupt(fiber)
      })
      yield* settle(leaving.pipe(Effect.provide(observed(listener, () => silent))))
      expect(events.at(-1)).toMatchObject({ _tag: "CallEnded", outcome: "Cancelled", answer: undefined })
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
        [attribute.inputTokens]: 1
      })
      const attempts = [...named("chat qwen/qwen-turbo"), ...named("chat deepseek/deepseek-chat")]
      expect(attempts.map((span) => [span.attributes.get(attribute.outcome), span.status._tag])).toEqual([
        ["Unauthorized", "Ended"],
        ["Unauthorized", "Ended"],
        ["ok", "Ended"]
      ])
      expect(attempts.every((span) => Option.getOrUndefined(span.parent) === callSpan)).toBe(true)
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
      expect(JSON.stringify(snapshots.map(({ attributes }) => attributes))).not.toContain("sk-demo")
    })
  )
})
