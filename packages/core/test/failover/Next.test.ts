/** What a call does next, as rows: no clock runs here, and no fiber. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { ProviderOptions, RouteOptions } from "../../src/config/Options.ts"
import * as UnderstudyConfig from "../../src/config/UnderstudyConfig.ts"
import * as AttemptFailure from "../../src/failure/AttemptFailure.ts"
import type { Reason } from "../../src/failure/Reason.ts"
import { nextOf } from "../../src/failure/Trail.ts"
import { Call } from "../../src/internal/call/Call.ts"
import * as Next from "../../src/internal/call/Next.ts"
import * as Target from "../../src/internal/call/Target.ts"
import { Circuits } from "../../src/internal/health/Circuits.ts"
import { Latency } from "../../src/internal/health/Latency.ts"
import * as Deadlines from "../../src/internal/provider/Deadlines.ts"
import { Budget } from "../../src/internal/route/Budget.ts"
import { KeyPool } from "../../src/key/KeyPool.ts"
import type { Provider } from "../../src/provider/Provider.ts"

const luck = { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => 0.5 }
const listener = { emit: () => {}, wantsCalls: false }
const nobody = { send: () => ({ abort: () => {}, pause: () => {}, resume: () => {} }) }

interface Settings {
  /** Keys of qwen, each of its own account. */
  readonly keys?: ReadonlyArray<string>
  readonly qwen?: Partial<ProviderOptions>
  /** False: there is no other target. */
  readonly fallback?: boolean
  readonly route?: Partial<RouteOptions>
  readonly request?: Readonly<Record<string, unknown>>
}

/** A call at its beginning, over qwen and then deepseek, and a time that only the test moves. */
const begin = ({ fallback = true, keys = ["sk-demo-a"], qwen = {}, request = {}, route = {} }: Settings = {}) => {
  const config = Effect.runSync(
    UnderstudyConfig.fromOptions({
      version: 1,
      providers: {
        qwen: { type: "qwen", keys: keys.map((value) => ({ value, name: value.slice(-1) })), ...qwen },
        deepseek: { type: "deepseek", keys: [{ value: "sk-demo-z", name: "z" }] }
      },
      routes: [
        {
          name: "r",
          match: { model: { prefix: "qwen" } },
          targets: [{ provider: "qwen" }],
          ...(fallback ? { fallback: [{ provider: "deepseek", model: "deepseek-chat" }] } : {}),
          ...route
        }
      ]
    })
  )
  const providers = config.providers.map(
    (each): Provider => ({
      ...each,
      limits: Deadlines.toLimits(each.deadlines),
      pool: new KeyPool({ ...each, provider: each.name, listener, onRemoved: () => {} }),
      circuits: new Circuits(each.name, each.circuit, listener),
      latency: new Latency()
    })
  )
  const [settings] = config.routes
  if (settings === undefined) throw new Error("no route")
  const toTarget = (target: UnderstudyConfig.TargetConfig) => {
    const provider = providers.find(({ name }) => name === target.provider)
    if (provider === undefined) throw new Error("no provider")
    return { ...target, provider }
  }
  const targets = settings.targets.map(toTarget)
  const others = settings.fallback.map(toTarget)
  const repeats = new Budget(settings.retryBudget)
  const time = { now: 0 }
  const clock = {
    currentTimeMillisUnsafe: () => time.now,
    monotonicTimeNanosUnsafe: () => BigInt(time.now) * 1_000_000n
  }
  const asked = { model: "qwen-plus", messages: [{ role: "user" as const, content: "Hi" }], ...request }
  const call = new Call(
    {
      call: 1,
      operation: "chat",
      route: { ...settings, targets, fallback: others, state: { repeats, hedge: undefined } },
      request: asked,
      clock: clock as never,
      listener,
      spans: undefined,
      parent: undefined
    },
    Target.inOrder([...targets, ...others], asked, "chat"),
    { upstream: nobody, services: Context.empty(), random: luck, affinity: undefined }
  )
  return { call, repeats, time, side: { targets: call.targets, lastResort: true } }
}

const line = (next: Next.Next): string => {
  switch (next._tag) {
    case "Ask": {
      const how = next.turn._tag === "Same" ? nextOf({ next: next.turn.says }) : next.turn._tag
      return `ask ${next.target.provider.name} with ${next.lease.key.name}: ${how}${next.forced ? ", forced" : ""}`
    }
    case "Wait":
      return `wait ${next.millis} ms at ${next.target.provider.name}: ${next.why._tag}`
    case "Pass":
      return `pass ${next.target.provider.name}: ${next.because ?? "kept back"}`
    case "GiveWay":
      return "give way"
    case "Fail":
      return `fail: ${next.because}`
  }
}

type World = ReturnType<typeof begin>

/** The first attempt of the call fails; what follows. */
const afterFailure = (reason: Reason, { call, side }: World, begun = false, status?: number): Next.Next => {
  const ask = Next.next(call, side)
  if (ask._tag !== "Ask") throw new Error(`not asked: ${line(ask)}`)
  const attempt = call.begin(ask)
  const vendor = status === undefined ? undefined : { status, message: "" }
  const failure = AttemptFailure.make(reason, "it failed", vendor)
  call.failed(attempt, { _tag: "Failed", failure, begun })
  return Next.next(call, side, { _tag: "Failed", target: ask.target, lease: ask.lease, failure, begun })
}

const another = "ask qwen with a: another key"
const onwards = "ask deepseek with z: Next"
const again = (millis: number) => `wait ${millis} ms at qwen: Again`
const final = "fail: final"
const nobodyLeft = "give way"

describe("after a failure", () => {
  // Columns: with another key, with one key and another target, with one key alone.
  it.each<readonly [Reason, string, string, string]>([
    [{ _tag: "Unauthorized" }, another, onwards, nobodyLeft],
    [{ _tag: "BalanceExhausted" }, another, onwards, nobodyLeft],
    [{ _tag: "PermissionDenied" }, another, onwards, nobodyLeft],
    [{ _tag: "RateLimited", retryAfter: undefined }, another, onwards, "wait 1025 ms at qwen: LastResort"],
    [{ _tag: "RateLimited", retryAfter: 2_000 }, another, again(2_200), again(2_200)],
    [{ _tag: "RateLimited", retryAfter: 5_000 }, another, onwards, "wait 5500 ms at qwen: LastResort"],
    [{ _tag: "RateLimited", retryAfter: 20_000 }, another, onwards, nobodyLeft],
    [{ _tag: "Overloaded", retryAfter: undefined }, again(200), again(200), again(200)],
    [{ _tag: "Overloaded", retryAfter: 2_000 }, again(2_200), again(2_200), again(2_200)],
    [{ _tag: "Overloaded", retryAfter: 5_000 }, onwards, onwards, nobodyLeft],
    [{ _tag: "ServerFailed" }, again(200), again(200), again(200)],
    [{ _tag: "ConnectionFailed", code: "ECONNRESET" }, again(0), again(0), again(0)],
    [{ _tag: "TimedOut", phase: "connect" }, onwards, onwards, nobodyLeft],
    [{ _tag: "TimedOut", phase: "firstContent" }, onwards, onwards, nobodyLeft],
    [{ _tag: "TimedOut", phase: "idle" }, onwards, onwards, nobodyLeft],
    [{ _tag: "TimedOut", phase: "answer" }, onwards, onwards, nobodyLeft],
    [{ _tag: "TimedOut", phase: "total" }, final, final, final],
    [{ _tag: "MalformedResponse" }, again(0), again(0), again(0)],
    [{ _tag: "EmptyResponse" }, again(0), again(0), again(0)],
    [{ _tag: "Interrupted" }, again(0), again(0), again(0)],
    [{ _tag: "ModelNotFound" }, onwards, onwards, nobodyLeft],
    [{ _tag: "ContextTooLong" }, onwards, onwards, nobodyLeft],
    [{ _tag: "ContentFiltered" }, final, final, final],
    [{ _tag: "Unsuited" }, onwards, onwards, nobodyLeft],
    [{ _tag: "InvalidRequest" }, final, final, final],
    [{ _tag: "Cancelled" }, final, final, final]
  ])("%j", (reason, withKey, withTarget, alone) => {
    const keys = ["sk-demo-a", "sk-demo-b"]
    expect([
      line(afterFailure(reason, begin({ keys }))),
      line(afterFailure(reason, begin())),
      line(afterFailure(reason, begin({ fallback: false })))
    ]).toEqual([withKey, withTarget, alone])
    expect(line(afterFailure(reason, begin({ keys }), true))).toBe(final)
  })
})

const overloaded: Reason = { _tag: "Overloaded", retryAfter: undefined }
const limited: Reason = { _tag: "RateLimited", retryAfter: 4_000 }

describe("after a failure, a route", () => {
  it.each<readonly [string, Reason, Settings["route"], number | undefined, string]>([
    [
      "may fall back on a caller's fault",
      { _tag: "InvalidRequest" },
      { on: { "4xx": { fallback: true } } },
      400,
      onwards
    ],
    ["may keep a fault to itself", { _tag: "ModelNotFound" }, { on: { "404": { fallback: false } } }, 404, final],
    ["may ask again", { _tag: "ModelNotFound" }, { on: { ModelNotFound: { again: true } } }, undefined, again(0)],
    ["may not ask again", overloaded, { on: { Overloaded: { again: false } } }, undefined, onwards],
    ["may wait longer for a limit", limited, { waitUpTo: "4s" }, undefined, again(4_400)],
    ["may leave a limit alone", limited, { waitUpTo: "1s" }, undefined, onwards],
    [
      "waits for nothing that outlasts the call",
      limited,
      { waitUpTo: "4s", deadlines: { total: "3s" } },
      undefined,
      onwards
    ]
  ])("%s", (_, reason, route = {}, status, expected) => {
    expect(line(afterFailure(reason, begin({ route }), false, status))).toBe(expected)
  })

  it("asks nobody again once its budget is used up", () => {
    const world = begin()
    while (world.repeats.withdraw());
    expect(line(afterFailure(overloaded, world))).toBe(onwards)
  })

  it("turns to the next target where the circuit keeps the other key back, and remembers that key", () => {
    const world = begin({ keys: ["sk-demo-a", "sk-demo-b"] })
    const [qwen] = world.call.targets
    if (qwen === undefined) throw new Error("no target")
    const ask = Next.next(world.call, world.side)
    if (ask._tag !== "Ask") throw new Error(line(ask))
    const attempt = world.call.begin(ask)
    open(qwen)
    const failure = AttemptFailure.make({ _tag: "Unauthorized" }, "it failed")
    world.call.failed(attempt, { _tag: "Failed", failure, begun: false })
    const next = Next.next(world.call, world.side, { ...ask, _tag: "Failed", failure, begun: false })
    expect(line(next)).toBe("pass qwen: kept back")
    world.call.passed(qwen, undefined)
    expect(line(Next.next(world.call, world.side))).toBe(onwards)
    expect(line(Next.next(world.call, { targets: [], lastResort: true }))).toBe("ask qwen with a: Resort, forced")
  })
})

/** Opens a target's circuit. */
const open = ({ model, provider: { circuits } }: Target.Target): void => {
  const permit = circuits.admit(model, 0)
  if (permit !== undefined)
    circuits.record(permit, { _tag: "Fault", silent: true, costly: true, retryAfter: undefined }, 0)
}

/** Limits every key of a target for so many milliseconds, or takes them out. */
const out = (world: World, reason: Reason): void => {
  const [{ model, provider } = { model: "", provider: undefined }] = world.call.targets
  for (const key of provider?.pool.keys ?? []) {
    const effect = reason._tag === "RateLimited" ? "coolAccountModel" : "count"
    provider?.pool.failed({ key, model, drawnAt: 1e9 }, effect, reason, world.time.now, luck)
  }
}

const unauthorized: Reason = { _tag: "Unauthorized" }

describe("at a target", () => {
  it.each<readonly [string, Settings, (world: World) => void, string]>([
    ["asks with a key that works", {}, () => {}, "ask qwen with a: Next"],
    ["passes it over without one", {}, (world) => out(world, limited), "pass qwen: NoUsableKey"],
    [
      "waits for the first, where the pool says so",
      { qwen: { keyFailover: { whenExhausted: "wait" } } },
      (world) => out(world, limited),
      "wait 4125 ms at qwen: Key"
    ],
    [
      "waits for none that is due after the call's end",
      { qwen: { keyFailover: { whenExhausted: "wait" } }, route: { deadlines: { total: "3s" } } },
      (world) => out(world, limited),
      "pass qwen: NoUsableKey"
    ],
    [
      "fails, where the pool says so",
      { qwen: { keyFailover: { whenExhausted: "fail" } } },
      (world) => out(world, limited),
      "fail: keysOut"
    ],
    [
      "passes it over while its circuit is open",
      {},
      ({ call }) => call.targets.slice(0, 1).forEach(open),
      "pass qwen: CircuitOpen"
    ],
    [
      "passes it over where its model cannot take the request and another may",
      {
        request: {
          messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://a/b.png" } }] }]
        },
        route: { fallback: [{ provider: "qwen", model: "qwen3-vl-plus" }] }
      },
      () => {},
      "pass qwen: Unsuited"
    ],
    [
      "asks nobody once its time is up",
      {},
      ({ time }) => {
        time.now = 600_000
      },
      "fail: outOfTime"
    ]
  ])("%s", (_, settings, arrange, expected) => {
    const world = begin(settings)
    arrange(world)
    expect(line(Next.next(world.call, world.side))).toBe(expected)
  })
})

describe("after a rest", () => {
  const atQwen = ({ call, side }: World, millis: number, why: Next.Wait["why"]) => {
    const [target] = call.targets
    if (target === undefined) throw new Error("no target")
    return line(Next.next(call, side, { _tag: "Wait", target, millis, why }))
  }
  const waiting: Settings = { qwen: { keyFailover: { whenExhausted: "wait" } } }

  it("asks the same target again, with the same key if need be", () => {
    const world = begin()
    const wait = afterFailure(overloaded, world)
    if (wait._tag !== "Wait" || wait.why._tag !== "Again") throw new Error(line(wait))
    world.call.repeats(wait.target, wait.why.lease)
    expect(line(Next.next(world.call, world.side, wait))).toBe("ask qwen with a: again after 200 ms")
  })

  it("turns to the next target where the circuit opened meanwhile", () => {
    const world = begin()
    const wait = afterFailure(overloaded, world)
    open(wait._tag === "Wait" ? wait.target : expect.fail(line(wait)))
    expect(line(Next.next(world.call, world.side, wait as Next.Wait))).toBe(onwards)
  })

  it("asks with the key that was waited for, waits again where that was limited anew, and asks one that is out whether it is well", () => {
    expect(atQwen(begin(waiting), 4_400, { _tag: "Key" })).toBe("ask qwen with a: Next")
    const limitedAnew = begin(waiting)
    out(limitedAnew, limited)
    expect(atQwen(limitedAnew, 4_400, { _tag: "Key" })).toBe("wait 4125 ms at qwen: Key")
    const removed = begin(waiting)
    out(removed, unauthorized)
    expect(atQwen(removed, 4_400, { _tag: "Key" })).toBe("ask qwen with a: Next")
  })

  it("tells of all rests in a row when it asks as the last resort", () => {
    expect(line(Next.next(begin().call, { targets: [], lastResort: true }))).toBe("ask qwen with a: Resort, forced")
    const next = Next.next(begin().call, { targets: [], lastResort: true }, rested(begin(), 1_500))
    expect(next).toMatchObject({ turn: { _tag: "Resort", after: 1_500 } })
  })
})

const rested = ({ call }: World, millis: number): Next.Wait => {
  const [target] = call.targets
  if (target === undefined) throw new Error("no target")
  return { _tag: "Wait", target, millis, why: { _tag: "LastResort", rested: millis } }
}

describe("the last resort", () => {
  const last = { targets: [], lastResort: true }

  it("belongs to one side of a hedge alone", () => {
    expect(line(Next.next(begin().call, { targets: [], lastResort: false }))).toBe(nobodyLeft)
  })

  it("is whoever is due first, and of those due at once one that works", () => {
    const world = begin()
    out(world, limited)
    expect(line(Next.next(world.call, last))).toBe("ask deepseek with z: Resort, forced")
    const removed = begin()
    out(removed, unauthorized)
    expect(line(Next.next(removed.call, last))).toBe("ask deepseek with z: Resort, forced")
  })

  it("is asked once, and not when it failed of its own", () => {
    const world = begin({ fallback: false })
    const ask = Next.next(world.call, last)
    if (ask._tag !== "Ask") throw new Error(line(ask))
    const attempt = world.call.begin(ask)
    const failure = AttemptFailure.make({ _tag: "RateLimited", retryAfter: 1_000 }, "it failed")
    world.call.failed(attempt, { _tag: "Failed", failure, begun: false })
    expect(line(Next.next(world.call, last))).toBe(nobodyLeft)
    const failed = begin({ fallback: false })
    afterFailure({ _tag: "ModelNotFound" }, failed)
    expect(line(Next.next(failed.call, last))).toBe(nobodyLeft)
  })

  it.each([
    ["4s", 0, "wait 4125 ms at qwen: LastResort"],
    ["3s", 0, nobodyLeft],
    ["10s", 7_000, nobodyLeft]
  ] as const)("is waited for within waitAlone, %s with %i ms of it used up", (waitAlone, waited, expected) => {
    const world = begin({ fallback: false, route: { waitAlone } })
    world.call.waits(waited)
    out(world, limited)
    expect(line(Next.next(world.call, last))).toBe(expected)
  })
})
