import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { expect, it } from "vitest"
import * as KeyedLock from "../src/internal/runtime/KeyedLock.ts"

it("lets in one after another for each key, in order, whoever leaves in between", async () => {
  const lock = KeyedLock.make()
  const log: Array<string> = []
  const task = (key: string, name: string, gate: Deferred.Deferred<void>) =>
    lock.hold(
      key,
      Effect.gen(function* () {
        log.push(`${name} in`)
        yield* Deferred.await(gate)
        log.push(`${name} out`)
      })
    )
  const fork = <A>(effect: Effect.Effect<A>) => Effect.forkChild(effect, { startImmediately: true })
  const program = Effect.gen(function* () {
    const [one, two, three] = [Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<void>(), Deferred.makeUnsafe<void>()]
    const first = yield* fork(task("a", "first", one))
    const second = yield* fork(task("a", "second", two))
    const leaver = yield* fork(task("a", "leaver", three))
    yield* Fiber.interrupt(leaver)
    yield* Deferred.succeed(one, undefined)
    yield* Fiber.join(first)
    const third = yield* fork(task("a", "third", three))
    const other = yield* fork(task("b", "other", one))
    yield* Fiber.join(other)
    yield* Deferred.succeed(three, undefined)
    yield* Deferred.succeed(two, undefined)
    yield* Effect.all([Fiber.join(second), Fiber.join(third)])
  })
  await Effect.runPromise(program)
  const ofOne = log.filter((line) => !line.startsWith("other"))
  expect(ofOne).toEqual(["first in", "first out", "second in", "second out", "third in", "third out"])
  expect(log.indexOf("other out")).toBeLessThan(log.indexOf("second out"))
})
