import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import * as KeyPolicy from "../src/internal/key/KeyPolicy.ts"
import * as ApiKey from "../src/key/ApiKey.ts"
import { type DrawOptions, KeyPool, type Lease } from "../src/key/KeyPool.ts"
import * as KeyState from "../src/key/KeyState.ts"
import type { Event } from "../src/telemetry/Event.ts"

const policy = KeyPolicy.make(Schema.decodeSync(KeyPolicy.settings)({}))
const key = (name: string, options: ApiKey.Options = {}) =>
  ApiKey.make(Redacted.make(`sk-demo-${name}`), { name, ...options })

/** Luck that repeats a list. */
const luck = (...draws: ReadonlyArray<number>) => {
  let at = 0
  return { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => draws[at++ % draws.length] ?? 0 }
}

const makePool = (
  keys: ReadonlyArray<ApiKey.ApiKey>,
  more: Partial<KeyPolicy.KeyPolicy> = {},
  selection: "random" | "weighted" | "affinity" = "random"
) => {
  const events: Array<Event> = []
  const removed: Array<string> = []
  const pool = new KeyPool({
    provider: "qwen",
    keys,
    policy: { ...policy, ...more },
    selection,
    listener: { emit: (event) => void events.push(event) },
    onRemoved: (each) => void removed.push(each.name)
  })
  const draw = (options: Partial<DrawOptions> = {}): Lease | undefined =>
    pool.draw({
      model: "m",
      now: 0,
      random: luck(0),
      exclude: new Set(),
      excludeAccounts: new Set(),
      affinity: undefined,
      ...options
    })
  return { pool, events, removed, draw }
}

describe("KeyState", () => {
  it("removes a key at its threshold, and a success starts the count over", () => {
    const three = { ...policy, failureThreshold: 3 }
    const fail = (state: KeyState.KeyState, now = 0) => KeyState.fail(state, "Unauthorized", now, three)
    expect(fail(fail(KeyState.available))._tag).toBe("Available")
    expect(fail(fail(fail(KeyState.available)))._tag).toBe("Removed")
    expect(fail(KeyState.succeed(fail(fail(KeyState.available))))._tag).toBe("Available")
  })

  it("lets failures age out of the window", () => {
    const two = { ...policy, failureThreshold: 2 }
    const first = KeyState.fail(KeyState.available, "Unauthorized", 1_000, two)
    expect(KeyState.fail(first, "Unauthorized", 1_000 + two.failureWindow, two)._tag).toBe("Removed")
    expect(KeyState.fail(first, "Unauthorized", 1_001 + two.failureWindow, two)._tag).toBe("Available")
  })

  it("cools for the stated wait, else for a backoff that doubles up to its cap", () => {
    const cool = (before?: KeyState.Cooling, stated?: number) =>
      KeyState.cool(before, "RateLimited", stated, 0, policy, 0)
    expect(cool(undefined, 7_000)).toMatchObject({ _tag: "Cooling", until: 7_000 })
    expect(cool(undefined, 86_400_000)).toMatchObject({ _tag: "Cooling", until: 3_600_000 })
    let state: KeyState.Cooling | undefined
    const waits: Array<number> = []
    for (let i = 0; i < 8; i++) {
      state = cool(state)
      waits.push(KeyState.dueIn(state, 0) ?? -1)
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })

  it("takes up to a fifth off a backoff by luck", () => {
    expect(KeyPolicy.backoff(1_000, 0, 60_000, 0.999)).toBe(800)
    expect(KeyPolicy.backoff(1_000, 0, 60_000, 0)).toBe(1_000)
  })

  it("becomes usable again by the clock alone after a cool-down", () => {
    const state = KeyState.cool(undefined, "RateLimited", 5_000, 0, policy, 0)
    expect([KeyState.isUsable(state, 4_999), KeyState.isUsable(state, 5_000)]).toEqual([false, true])
  })

  it("restores after successThreshold probes in a row, and a failed probe starts over and doubles the wait", () => {
    const two = { ...policy, successThreshold: 2 }
    const probe = (state: KeyState.KeyState, ok: boolean, now: number) => KeyState.probed(state, ok, now, two, 0)
    const removed = KeyState.remove("Unauthorized", 0, two)
    expect(KeyState.dueIn(removed, 0)).toBe(5_000)
    expect(probe(probe(probe(removed, true, 1), false, 2), true, 3)._tag).toBe("Removed")
    expect(probe(probe(removed, true, 1), true, 2)).toBe(KeyState.available)
    expect(KeyState.dueIn(probe(removed, false, 0), 0)).toBe(10_000)
    expect(KeyState.dueIn(probe(probe(removed, false, 0), false, 0), 0)).toBe(20_000)
  })

  it("bounds the probes of a key that stays bad to about 150 a day", () => {
    let state = KeyState.remove("Unauthorized", 0, policy)
    let probes = 0
    for (let now = 0; now < 86_400_000; probes++) {
      now = state._tag === "Removed" ? state.nextProbeAt : Number.NaN
      state = KeyState.probed(state, false, now, policy, 0)
    }
    expect(probes).toBeLessThan(155)
  })
})

describe("KeyPool", () => {
  it("removes a bad key once, however many calls were in flight on it", () => {
    const { draw, events, pool, removed } = makePool([key("a"), key("b")])
    const leases = [draw(), draw(), draw()]
    for (const lease of leases) pool.failed(lease!, "count", { _tag: "Unauthorized" }, 0, luck(0))
    expect(removed).toEqual(["a"])
    expect(events.map((event) => event._tag)).toEqual(["KeyRemoved"])
    expect(draw()?.key.name).toBe("b")
  })

  it("is not restored by a success that began before the removal", () => {
    const { draw, pool } = makePool([key("a")])
    const early = draw()!
    pool.failed(draw()!, "count", { _tag: "Unauthorized" }, 0, luck(0))
    pool.succeeded(early)
    expect(pool.stateOf(early.key)._tag).toBe("Removed")
  })

  it("is not removed again by a call that was in flight before it was restored", () => {
    const { draw, pool, removed } = makePool([key("a")])
    const early = draw()!
    pool.failed(draw()!, "count", { _tag: "Unauthorized" }, 0, luck(0))
    pool.probed(early.key, true, 1, luck(0))
    pool.failed(early, "count", { _tag: "Unauthorized" }, 2, luck(0))
    expect([pool.stateOf(early.key)._tag, removed]).toEqual(["Available", ["a"]])
  })

  it("is restored by a success of a last resort", () => {
    const { draw, events, pool } = makePool([key("a")])
    pool.failed(draw()!, "count", { _tag: "Unauthorized" }, 0, luck(0))
    const lease = pool.drawLastResort({
      model: "m",
      now: 1,
      random: luck(0),
      exclude: new Set(),
      excludeAccounts: new Set(),
      affinity: undefined
    })!
    pool.succeeded(lease)
    expect(pool.stateOf(lease.key)._tag).toBe("Available")
    expect(events.map((event) => event._tag)).toEqual(["KeyRemoved", "KeyRestored"])
  })

  it("removes every key of an account that is out of money, and no other", () => {
    const { draw, pool, removed } = makePool([key("a", { account: "one" }), key("b", { account: "one" }), key("c")])
    pool.failed(draw()!, "removeAccount", { _tag: "BalanceExhausted" }, 0, luck(0))
    expect(removed).toEqual(["a", "b"])
    expect(draw()?.key.name).toBe("c")
  })

  it("cools an account for the limited model only", () => {
    const { draw, pool } = makePool([key("a", { account: "one" }), key("b", { account: "one" })])
    pool.failed(draw()!, "coolAccountModel", { _tag: "RateLimited", retryAfter: 2_000 }, 0, luck(0))
    expect(draw()).toBeUndefined()
    expect(draw({ model: "other" })?.key.name).toBe("a")
    expect(pool.dueIn("m", 500)).toBe(1_500)
    expect(draw({ now: 2_000 })?.key.name).toBe("a")
  })

  it("escalates a cool-down once for many calls that were limited together", () => {
    const { draw, pool } = makePool([key("a")])
    for (const lease of [draw(), draw(), draw()]) {
      pool.failed(lease!, "coolAccountModel", { _tag: "RateLimited", retryAfter: undefined }, 0, luck(0))
    }
    expect(pool.dueIn("m", 0)).toBe(1_000)
  })

  it("keeps a limit that was met while the key was forbidden, when an older request shows that it may use the model", () => {
    const { draw, events, pool } = makePool([key("a")])
    const forbidden = draw()!
    pool.failed(forbidden, "coolModel", { _tag: "PermissionDenied" }, 0, luck(0))
    const lastResort = (now: number) =>
      pool.drawLastResort({
        model: "m",
        now,
        random: luck(0),
        exclude: new Set(),
        excludeAccounts: new Set(),
        affinity: undefined
      })!
    const [early, limited] = [lastResort(1), lastResort(1)]
    pool.failed(limited, "coolAccountModel", { _tag: "RateLimited", retryAfter: 5_000 }, 1_000, luck(0))
    expect(events.map((event) => event._tag)).toEqual(["KeyCooling"])
    expect(pool.outFor("m", 1_000)).toEqual(["PermissionDenied"])
    pool.succeeded(early)
    expect(pool.outFor("m", 1_000)).toEqual(["RateLimited"])
    expect([pool.dueIn("m", 1_000), draw({ now: 5_999 }), draw({ now: 6_000 })?.key.name]).toEqual([
      5_000,
      undefined,
      "a"
    ])
    pool.succeeded(lastResort(2_000))
    expect(draw({ now: 2_000 })?.key.name).toBe("a")
  })

  it("leaves keys alone when the fault was not theirs", () => {
    const { draw, events, pool } = makePool([key("a")])
    for (let i = 0; i < 1_000; i++) pool.failed(draw()!, "none", { _tag: "InvalidRequest" }, i, luck(0))
    expect(events).toEqual([])
    expect(pool.snapshot()[0]?.state).toBe(KeyState.available)
  })

  it("draws uniformly at random by default", () => {
    const { draw } = makePool([key("a"), key("b"), key("c"), key("d")])
    expect([0, 0.25, 0.5, 0.99].map((at) => draw({ random: luck(at) })?.key.name)).toEqual(["a", "b", "c", "d"])
  })

  it("draws in proportion to weights", () => {
    const { draw } = makePool([key("a", { weight: 1 }), key("b", { weight: 3 })], {}, "weighted")
    expect([0, 0.24, 0.26, 0.99].map((at) => draw({ random: luck(at) })?.key.name)).toEqual(["a", "a", "b", "b"])
  })

  it("keeps a caller on one key while it is usable, and moves only that caller when it is not", () => {
    const { draw, pool } = makePool([key("a"), key("b"), key("c")], {}, "affinity")
    const of = (affinity: string) => draw({ affinity })!
    const before = Object.fromEntries(["u1", "u2", "u3", "u4", "u5", "u6"].map((user) => [user, of(user).key.name]))
    expect(new Set(Object.values(before)).size).toBeGreaterThan(1)
    pool.failed(of("u1"), "count", { _tag: "Unauthorized" }, 0, luck(0))
    for (const [user, name] of Object.entries(before)) {
      if (name === before["u1"]) expect(of(user).key.name).not.toBe(name)
      else expect(of(user).key.name).toBe(name)
    }
  })

  it("keeps a key that an operator took out away from everybody, the last resort included, until it is let in again", () => {
    const { draw, events, pool } = makePool([key("a"), key("b")])
    const early = draw()!
    expect(pool.setEnabled("a", false)).toBe(true)
    pool.succeeded(early)
    pool.failed(early, "count", { _tag: "Unauthorized" }, 0, luck(0))
    expect(pool.stateOf(early.key)._tag).toBe("Disabled")
    expect(draw()?.key.name).toBe("b")
    const options = {
      model: "m",
      now: 1,
      random: luck(0),
      exclude: new Set<string>([draw()!.key.id]),
      excludeAccounts: new Set<string>(),
      affinity: undefined
    }
    expect(pool.drawLastResort(options)).toBeUndefined()
    expect([pool.setEnabled("a", true), pool.setEnabled("nobody", true)]).toEqual([true, false])
    expect(draw()?.key.name).toBe("a")
    expect(events.map((event) => event._tag)).toEqual(["KeyRestored"])
  })

  it("lets a key in again by hand, whatever it is out for", () => {
    const { draw, pool } = makePool([key("a")])
    pool.failed(draw()!, "count", { _tag: "Unauthorized" }, 0, luck(0))
    expect(draw()).toBeUndefined()
    pool.setEnabled("a", true)
    pool.failed(draw()!, "coolModel", { _tag: "RateLimited", retryAfter: 60_000 }, 0, luck(0))
    expect(draw()).toBeUndefined()
    pool.setEnabled("a", true)
    expect(draw()?.key.name).toBe("a")
  })

  it("shows keys by id and name, never by value", () => {
    const { pool } = makePool([key("a")])
    expect(JSON.stringify(pool.snapshot())).not.toContain("sk-demo")
    expect(pool.snapshot()[0]).toMatchObject({ id: expect.stringMatching(/^k[0-9a-f]{3}$/), name: "a" })
  })

  it("makes ids longer where two keys would share one, and keeps a key given twice once", () => {
    const same = { ...key("a"), hash: "abc111", id: "kabc", name: "kabc" }
    const other = { ...key("b"), hash: "abc222", id: "kabc", name: "kabc" }
    expect(ApiKey.distinct([same, other, same]).map(({ id, name }) => [id, name])).toEqual([
      ["kabc1", "kabc1"],
      ["kabc2", "kabc2"]
    ])
  })

  it("has one key without a value for a provider that wants none, and never removes it", () => {
    const { draw, pool, removed } = makePool([])
    pool.failed(draw()!, "count", { _tag: "Unauthorized" }, 0, luck(0))
    expect([removed.length, draw()?.key.value]).toEqual([0, undefined])
  })
})
