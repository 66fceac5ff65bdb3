import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Understudy } from "../../src/Understudy.ts"
import { call, isQwen, ok } from "../play.ts"
import { json, options, type Seen, unauthorized } from "../support.ts"
import { Hub, type Replica, start } from "./hub.ts"

const isProbe = (seen: Seen): boolean => seen.path.endsWith("/models")
const models = json(200, { object: "list", data: [{ id: "qwen-turbo" }] })

const oneKey = (more: object = {}) =>
  options({
    providers: {
      qwen: { type: "qwen", baseUrl: "http://qwen.test/v1", keys: ["sk-demo-q1"], ...more },
      deepseek: { type: "deepseek", baseUrl: "http://deepseek.test", keys: ["sk-demo-d1"] }
    }
  })

/** The state of qwen's first key, as a replica sees it. */
const stateAt = ({ context }: Replica) =>
  Effect.map(Context.get(context, Understudy).keys, (all) => all[0]?.keys[0]?.state._tag)

const states = (replicas: ReadonlyArray<Replica>) =>
  Effect.map(Effect.forEach(replicas, stateAt), (all) => [...new Set(all)])

const probes = (replicas: ReadonlyArray<Replica>) => replicas.flatMap(({ world }) => world.seen.filter(isProbe))

/** A call at a replica, while the clock stands still. */
const callAt = ({ context }: Replica) => Effect.exit(call().pipe(Effect.provide(context)))

const startMany = (hub: Hub, count: number, vendor: Parameters<typeof start>[2], config = oneKey()) =>
  Effect.forEach(
    Array.from({ length: count }, (_, nth) => `r${nth}`),
    (origin) => start(hub, origin, vendor, config)
  )

const [first, later] = [0, 1]
const at = (replicas: ReadonlyArray<Replica>, nth: number): Replica => {
  const replica = replicas[nth]
  if (replica === undefined) throw new Error(`no replica ${nth}`)
  return replica
}

describe("50 replicas", () => {
  it.effect("take a key out within the latency of their way, and one of them probes until it is back on all", () =>
    Effect.gen(function* () {
      let isRevoked = true
      const vendor = (seen: Seen) => (isQwen(seen) && isRevoked ? unauthorized : isProbe(seen) ? models : ok(seen))
      const replicas = yield* startMany(new Hub(20), 50, vendor)
      yield* callAt(at(replicas, first))
      yield* TestClock.adjust(19)
      expect(yield* states(replicas)).toEqual(["Removed", "Available"])
      yield* TestClock.adjust(1)
      expect(yield* states(replicas)).toEqual(["Removed"])
      // At 5 s, at 13 to 15 s, at 29 to 35 s.
      yield* TestClock.adjust("40 seconds")
      expect(probes(replicas)).toHaveLength(3)
      isRevoked = false
      yield* TestClock.adjust("80 seconds")
      expect(yield* states(replicas)).toEqual(["Available"])
      expect(probes(replicas)).toHaveLength(4)
      const { events } = at(replicas, later).world
      expect(events.map(({ _tag }) => _tag)).toEqual(["KeyRemoved", "KeyRestored"])
    })
  )

  it.effect("send one call to a target that is being proved, beyond those within the latency of their way", () =>
    Effect.gen(function* () {
      const hub = new Hub(20)
      const vendor = (seen: Seen) => (isQwen(seen) ? json(503, { error: { message: "busy" } }, {}, 1_000) : ok(seen))
      const replicas = yield* startMany(hub, 50, vendor, oneKey({ circuit: { consecutiveFailures: 1 } }))
      const asked = () => replicas.flatMap(({ world }) => world.seen.filter(isQwen)).length
      const fork = (replica: Replica) => Effect.forkScoped(callAt(replica))
      yield* fork(at(replicas, first))
      yield* TestClock.adjust(1_020)
      const before = asked()
      yield* Effect.forEach(replicas, fork)
      yield* TestClock.adjust(100)
      expect(asked()).toBe(before)
      yield* TestClock.adjust("10 seconds")
      yield* fork(at(replicas, first))
      yield* TestClock.adjust(20)
      yield* Effect.forEach(replicas, fork)
      yield* TestClock.adjust(100)
      expect(asked()).toBe(before + 1)
    })
  )

  it.effect("tell one that joins late, and one that could not be reached; nothing is lost while nobody can be", () =>
    Effect.gen(function* () {
      const hub = new Hub(5)
      const vendor = (seen: Seen) => (isQwen(seen) ? unauthorized : ok(seen))
      const replicas = yield* startMany(hub, 3, vendor)
      hub.isDown = true
      yield* callAt(at(replicas, first))
      yield* TestClock.adjust("1 second")
      expect(yield* states(replicas)).toEqual(["Removed", "Available"])
      // As a server that was started anew: it knows nothing.
      hub.isDown = false
      yield* TestClock.adjust("5 seconds")
      expect(yield* states(replicas)).toEqual(["Removed"])
      const late = yield* start(hub, "late", vendor, oneKey())
      yield* TestClock.adjust(1)
      expect(yield* stateAt(late)).toBe("Removed")
    })
  )

  it.effect("probe on when the replica that probes is gone", () =>
    Effect.gen(function* () {
      const hub = new Hub(5)
      let isRevoked = true
      const vendor = (seen: Seen) =>
        isQwen(seen) && isRevoked ? (isProbe(seen) ? [] : unauthorized) : isProbe(seen) ? models : ok(seen)
      const scope = yield* Scope.make()
      const dying = yield* start(hub, "dying", vendor, oneKey()).pipe(Scope.provide(scope))
      const other = yield* start(hub, "other", vendor, oneKey())
      yield* callAt(dying)
      yield* TestClock.adjust("5010 millis")
      const [prober] = probes([dying]).length === 1 ? [dying] : []
      expect(prober).toBe(dying)
      yield* Scope.close(scope, Exit.void)
      isRevoked = false
      yield* TestClock.adjust("12 seconds")
      expect(probes([other])).toHaveLength(1)
      expect(yield* stateAt(other)).toBe("Available")
    })
  )

  it.effect("take out together what an operator takes out, and let in what he lets in", () =>
    Effect.gen(function* () {
      const replicas = yield* startMany(new Hub(5), 3, ok)
      const { setKeyEnabled, keys } = Context.get(at(replicas, first).context, Understudy)
      const id = (yield* keys)[0]?.keys[0]?.id ?? ""
      yield* setKeyEnabled("qwen", id, false)
      yield* TestClock.adjust(5)
      expect(yield* states(replicas)).toEqual(["Disabled"])
      yield* Context.get(at(replicas, later).context, Understudy).setKeyEnabled("qwen", id, true)
      yield* TestClock.adjust(5)
      expect(yield* states(replicas)).toEqual(["Available"])
    })
  )

  it.effect("share a limit on one model, and its end by a success", () =>
    Effect.gen(function* () {
      let isLimited = true
      const limited = json(429, { error: { message: "slow down" } }, { "retry-after": "30" })
      const vendor = (seen: Seen) => (isQwen(seen) && isLimited ? limited : ok(seen))
      const replicas = yield* startMany(new Hub(5), 2, vendor)
      const cooling = ({ context }: Replica) =>
        Effect.map(Context.get(context, Understudy).keys, (all) => all[0]?.keys[0]?.models)
      yield* callAt(at(replicas, first))
      yield* TestClock.adjust(5)
      const now = yield* Clock.currentTimeMillis
      const known = yield* cooling(at(replicas, later))
      expect(known).toMatchObject({ "qwen-turbo": { _tag: "Cooling", until: now - 5 + 30_000 } })
      isLimited = false
      yield* TestClock.adjust("30 seconds")
      yield* callAt(at(replicas, later))
      yield* TestClock.adjust(5)
      expect(yield* cooling(at(replicas, first))).toEqual({})
    })
  )

  it.effect("take another address under the same name for another provider", () =>
    Effect.gen(function* () {
      const hub = new Hub(5)
      const vendor = (seen: Seen) => (isQwen(seen) ? unauthorized : ok(seen))
      const here = yield* start(hub, "here", vendor, oneKey())
      const elsewhere = yield* start(hub, "elsewhere", ok, oneKey({ baseUrl: "http://qwen.test/v2" }))
      yield* callAt(here)
      yield* TestClock.adjust("6 seconds")
      expect(yield* states([here, elsewhere])).toEqual(["Removed", "Available"])
    })
  )
})
