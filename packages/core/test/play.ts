/**
 * Runs calls over scripted vendors on the test's clock, and takes what came out apart.
 */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import type { ConfigError } from "../src/config/ConfigError.ts"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import { Failover, type Sink } from "../src/failover/Failover.ts"
import type { FailoverError } from "../src/failure/FailoverError.ts"
import { outcomeOf, type Trail } from "../src/failure/Trail.ts"
import type { Understudy } from "../src/Understudy.ts"
import { completion, json, makeWorld, type Play, request, type Seen, understudy, type World } from "./support.ts"

export const isQwen = (seen: Seen) => seen.origin.includes("qwen")
export const ok = (seen: Seen) => json(200, completion(seen.model))

export const call = (model = "qwen-turbo", more: object = {}) =>
  Effect.flatMap(Failover, (failover) => failover.call({ request: request(model, more) }))

/** A sink that remembers who began, and what was written. */
export const collect = () => {
  const log: Array<string> = []
  const sink: Sink = {
    begin: (head) => void log.push(`begin ${head.provider}`),
    write: ({ bytes }) => void log.push(bytes.toString())
  }
  return { log, sink, text: () => log.slice(1).join("") }
}

export const stream = (sink: Sink, model = "qwen-turbo", more: object = {}) =>
  Effect.flatMap(Failover, (failover) => failover.stream({ request: request(model, { stream: true, ...more }) }, sink))

/** Runs a program over scripted vendors while the test's clock moves on in steps, until the program ends. */
export const play = <A, E>(
  program: Effect.Effect<A, E, Failover | Understudy>,
  vendor: (seen: Seen, nth: number) => Play,
  config?: UnderstudyOptions,
  world: World = makeWorld()
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.exit(program.pipe(Effect.provide(understudy(world, vendor, config)))))
    while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(50)
    const exit = yield* Fiber.join(fiber)
    return {
      exit,
      world,
      now: yield* TestClock.testClockWith((clock) => Effect.succeed(clock.currentTimeMillisUnsafe()))
    }
  })

/** Runs a program with the same luck at every draw, in [0, 1). */
export const withLuck =
  (draw: number) =>
  <A, E, R>(program: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.provideService(program, Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => draw })

export const value = <A, E>(result: { readonly exit: Exit.Exit<A, E> }): A => {
  if (result.exit._tag === "Failure") throw new Error(`failed: ${String(result.exit.cause)}`)
  return result.exit.value
}

export const error = (result: { readonly exit: Exit.Exit<unknown, ConfigError | FailoverError> }): FailoverError => {
  if (result.exit._tag === "Success") throw new Error("succeeded")
  const reason = result.exit.cause.reasons[0]
  if (reason?._tag !== "Fail" || reason.error._tag !== "FailoverError") throw new Error(String(result.exit.cause))
  return reason.error
}

export const outcomes = (trail: Trail) => trail.map((record) => `${record.provider} ${outcomeOf(record)}`)
