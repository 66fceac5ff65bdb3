import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { expect, it as plain } from "vitest"
import * as Allowance from "../../src/internal/allowance/Allowance.ts"

const claim = (amount: number, limit = 100, span: Allowance.Span = "minute", counter = "web"): Allowance.Claim => ({
  counter,
  span,
  amount,
  limit
})

const tags = (taken: ReadonlyArray<Allowance.Taken>) => taken.filter(({ _tag }) => _tag === "Granted").length

it.effect("of 10,000 requests at once exactly as many pass as are left", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    const all = yield* Effect.forEach(
      Array.from({ length: 10_000 }),
      () => Effect.andThen(Effect.yieldNow, counters.take([claim(1), claim(1, 50_000, "day")])),
      { concurrency: "unbounded" }
    )
    expect(tags(all)).toBe(100)
    expect(yield* counters.used([claim(0), claim(0, 0, "day")])).toEqual([100, 100])
  })
)

it.effect("takes all claims or none, and says which one there was not enough for", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    const taken = yield* counters.take([claim(1), claim(11, 10, "day")])
    expect(taken).toEqual({
      _tag: "Refused",
      at: 1,
      standings: [
        { remaining: 100, resetIn: 60_000 },
        { remaining: 10, resetIn: 86_400_000 }
      ]
    })
    expect(yield* counters.used([claim(0)])).toEqual([0])
  })
)

it.effect("what a request came to takes the place of what it took, once", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    const taken = yield* counters.take([claim(90), claim(1, 2, "running")])
    if (taken._tag !== "Granted") return expect.unreachable()
    expect(taken.standings).toEqual([
      { remaining: 10, resetIn: 60_000 },
      { remaining: 1, resetIn: 0 }
    ])
    taken.settle([30, 0])
    taken.settle([0, 0])
    expect(yield* counters.used([claim(0), claim(0, 0, "running")])).toEqual([30, 0])
  })
)

it.effect("what came to more than was taken stands above the limit, and nothing passes then", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    const taken = yield* counters.take([claim(10)])
    if (taken._tag === "Granted") taken.settle([150])
    const next = yield* counters.take([claim(0)])
    expect([next._tag, next.standings[0]?.remaining]).toEqual(["Refused", 0])
  })
)

it.effect("is settled in the window that it was taken in", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    const taken = yield* counters.take([claim(80)])
    yield* TestClock.adjust("1 minute")
    yield* counters.take([claim(70)])
    if (taken._tag === "Granted") taken.settle([0])
    expect(yield* counters.used([claim(0)])).toEqual([70])
  })
)

it.effect("a clock that is set back opens no new window, and comes to the later one as it was", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    yield* TestClock.setTime(59_000)
    yield* counters.take([claim(100)])
    yield* TestClock.setTime(60_500)
    yield* counters.take([claim(60)])
    yield* TestClock.setTime(59_500)
    expect((yield* counters.take([claim(1)]))._tag).toBe("Refused")
    yield* TestClock.setTime(61_000)
    expect(yield* counters.used([claim(0)])).toEqual([60])
  })
)

it.effect("refuses what is no amount", () =>
  Effect.gen(function* () {
    const counters = Allowance.local()
    expect((yield* counters.take([claim(Number.NaN)]))._tag).toBe("Refused")
    expect((yield* counters.take([claim(Number.POSITIVE_INFINITY)]))._tag).toBe("Refused")
    expect(yield* counters.used([claim(0)])).toEqual([0])
  })
)

plain.each([
  ["minute", "2026-12-31T23:59:59.999Z", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"],
  ["day", "2026-12-31T23:59:59.999Z", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"],
  ["month", "2026-12-31T23:59:59.999Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ["month", "2028-02-01T00:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"]
] as const)("a %s at %s goes from %s to %s", (span, at, start, end) => {
  expect(Allowance.windowOf(span, Date.parse(at))).toEqual({ start: Date.parse(start), end: Date.parse(end) })
})
