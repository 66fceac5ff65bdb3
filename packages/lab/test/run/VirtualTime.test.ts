import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { VirtualTime } from "../../src/run/VirtualTime.ts"
import * as Prng from "../../src/traffic/Prng.ts"

const fork = <A, E>(time: VirtualTime, effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> =>
  Effect.runForkWith(time.context)(effect)

describe("VirtualTime", () => {
  it("wakes sleepers at their times, in the order in which they fell asleep", () => {
    const time = new VirtualTime()
    const woken: Array<string> = []
    const sleeper = (name: string, millis: number) =>
      Effect.andThen(
        Effect.sleep(Duration.millis(millis)),
        Effect.sync(() => void woken.push(`${name}@${time.now}`))
      )
    for (const [name, millis] of [
      ["late", 3_000],
      ["first", 10],
      ["a", 500],
      ["b", 500]
    ] as const) {
      fork(time, sleeper(name, millis))
    }
    time.run(2_000)
    expect(woken).toEqual(["first@10", "a@500", "b@500"])
    expect([time.now, time.pending]).toEqual([2_000, 1])
    time.run(Number.POSITIVE_INFINITY)
    expect(woken.at(-1)).toBe("late@3000")
  })

  it("runs everything that can run before it moves on, over any number of yields and forks", () => {
    const time = new VirtualTime()
    const seen: Array<number> = []
    const deep = (depth: number): Effect.Effect<void> =>
      depth === 0
        ? Effect.sync(() => void seen.push(time.now))
        : Effect.flatMap(Effect.forkChild(Effect.andThen(Effect.yieldNow, deep(depth - 1))), Fiber.join)
    fork(
      time,
      Effect.andThen(
        deep(20),
        Effect.andThen(
          Effect.sleep(1),
          Effect.sync(() => void seen.push(time.now))
        )
      )
    )
    time.after(1, () => void seen.push(-1))
    time.run(1)
    expect(seen).toEqual([0, -1, 1])
  })

  it("tells one time to every reader", () => {
    const time = new VirtualTime(1_000_000)
    const read = Clock.clockWith((clock) =>
      Effect.sync(() => [clock.currentTimeMillisUnsafe(), Number(clock.monotonicTimeNanosUnsafe()) / 1e6])
    )
    time.run(250)
    const fiber = fork(time, read)
    time.drain()
    expect(fiber.pollUnsafe()).toMatchObject({ value: [1_000_250, 250] })
  })

  it("forgets the sleep of a fiber that is interrupted", () => {
    const time = new VirtualTime()
    const fiber = fork(time, Effect.sleep(Duration.hours(1)))
    time.drain()
    expect(time.pending).toBe(1)
    fiber.interruptUnsafe()
    time.drain()
    expect(time.pending).toBe(0)
  })

  it("keeps the order of thousands of timers, most of which are cancelled", () => {
    const time = new VirtualTime()
    const luck = Prng.stream(1, "timers")
    const fired: Array<number> = []
    const timers = Array.from({ length: 5_000 }, () => {
      const at = luck.int(0, 1_000)
      return { at, timer: time.at(at, () => void fired.push(at)) }
    })
    const kept = timers.filter(({ timer }) => {
      if (luck.chance(0.1)) return true
      time.cancel(timer)
      return false
    })
    time.run(Number.POSITIVE_INFINITY)
    expect(fired).toEqual(kept.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(time.pending).toBe(0)
  })
})

describe("Prng", () => {
  it("draws the same from one name and other things from another", () => {
    const draws = (seed: number, name: string) => {
      const luck = Prng.stream(seed, name)
      return Array.from({ length: 5 }, () => luck.next())
    }
    expect(draws(1, "a")).toEqual(draws(1, "a"))
    expect(draws(1, "a")).not.toEqual(draws(1, "b"))
    expect(draws(1, "a")).not.toEqual(draws(2, "a"))
  })

  it("draws evenly, and both ends of a range", () => {
    const luck = Prng.stream(7, "dice")
    const counts = new Map<number, number>()
    for (let i = 0; i < 60_000; i++) {
      const face = luck.int(1, 6)
      counts.set(face, (counts.get(face) ?? 0) + 1)
    }
    expect([...counts.keys()].toSorted()).toEqual([1, 2, 3, 4, 5, 6])
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })
})
