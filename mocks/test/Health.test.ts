import { type Fault, FaultKind, Meaning, type Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, deepseekKey, qwenKey, world } from "./support.ts"

const question: Vendors.Question = { vendor: "qwen", key: qwenKey, model: "qwen-turbo", stream: true }

describe("health", () => {
  it("is good for a good key, given itself or its name", () => {
    const { vendors } = world()
    expect([vendors.health(question), vendors.health({ ...question, key: "qw" })]).toEqual([{ ok: true }, { ok: true }])
  })

  it.each([
    [{ key: "sk-stranger" }, "auth.invalid"],
    [{ key: "" }, "auth.missing"],
    [{ key: deepseekKey }, "auth.invalid"],
    [{ vendor: "deepseek", key: "stranger", model: "deepseek-chat" }, "auth.format"],
    [{ model: "qwen-9" }, "model.gone"],
    [{ model: "qwq-32b", stream: false }, "mode.mismatch"],
    [{ model: "qwen3-8b", stream: false }, "request.thinking"]
  ] as const)("is bad for %j", (change, because) => {
    expect(world().vendors.health({ ...question, ...change })).toEqual({ ok: false, certain: true, because })
  })

  it("knows any key where any is accepted", () => {
    const { vendors } = world({ acceptAnyKey: true })
    expect(vendors.health({ ...question, key: "sk-stranger" })).toEqual({ ok: true })
    expect(vendors.health({ ...question, key: "stranger" })).toMatchObject({ because: "auth.invalid" })
  })

  it("follows the state of a key without moving it", () => {
    const { vendors, clock } = world()
    vendors.setKey(qwenKey, {
      vendor: "qwen",
      changes: [
        { state: "arrears", afterRequests: 1 },
        { state: "slow", after: "5s" }
      ]
    })
    ask(vendors, { vendor: "qwen" })
    expect(vendors.health(question)).toEqual({ ok: false, certain: true, because: "billing.exhausted" })
    clock.advance("1h")
    // The phase begins with the request that notices it, which nobody sent.
    expect(vendors.health(question)).toMatchObject({ because: "billing.exhausted" })
    expect(ask(vendors, { vendor: "qwen" }).status).toBe(400)
    clock.advance("5s")
    expect(vendors.health(question)).toEqual({ ok: true })
  })

  it("agrees with the catalogue on every kind", () => {
    for (const kind of FaultKind.names) {
      const { vendors } = world()
      const { vendors: whose, meaning } = FaultKind.catalogue[kind]
      const mine: ReadonlyArray<Vendors.Question["vendor"]> = whose
      vendors.addFault({ kind })
      const asked: Vendors.Question = mine.includes("qwen")
        ? question
        : { vendor: "deepseek", key: deepseekKey, model: "deepseek-chat", stream: true }
      const bad = { ok: false, certain: true, because: kind, fault: "f1" }
      expect(vendors.health(asked), kind).toEqual(Meaning.isWhole(meaning) ? { ok: true } : bad)
    }
  })

  it("calls a queue that ends in a closed connection broken", () => {
    const { vendors } = world({ faults: [{ kind: "overload.queue", finally: "close" }] })
    const asked = { vendor: "deepseek", key: deepseekKey, model: "deepseek-chat", stream: true } as const
    expect(vendors.health(asked)).toMatchObject({ ok: false, because: "overload.queue" })
  })

  it.each([
    { ratio: 0.5 },
    { times: 2 },
    { skip: 1 },
    { ordinals: [3] },
    { attempt: 1 },
    { adapter: "network" }
  ] as ReadonlyArray<Partial<Fault.FaultSpec>>)("is not certain of a fault with %j", (limit) => {
    const { vendors } = world({ faults: [{ kind: "server.error", ...limit }] })
    expect(vendors.health(question)).toEqual({ ok: false, certain: false, because: "server.error", fault: "f1" })
    vendors.addFault({ kind: "edge.html" })
    expect(vendors.health(question)).toMatchObject({ certain: true, because: "edge.html" })
  })

  it("forgets a fault that is used up, off or meant for others", () => {
    const { vendors, clock } = world()
    vendors.addFault({ kind: "server.error", times: 1 })
    vendors.addFault({ kind: "server.error", ordinals: [1] })
    vendors.addFault({ kind: "server.error", model: "qwen-plus" })
    vendors.addFault({ kind: "server.error", key: "ds" })
    vendors.addFault({ kind: "server.error", from: "1h", flap: { every: "10s", on: "5s" } })
    ask(vendors, { vendor: "qwen" })
    ask(vendors, { vendor: "qwen" })
    expect(vendors.health(question)).toEqual({ ok: true })
    expect(vendors.health({ ...question, model: "qwen-plus" })).toMatchObject({ fault: "f3" })
    clock.advance("1h")
    expect(vendors.health(question)).toMatchObject({ fault: "f5", certain: true })
    clock.advance("5s")
    expect(vendors.health(question)).toEqual({ ok: true })
  })

  it("knows when a limit is reached, and counts nothing towards it", () => {
    const { vendors, clock } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", limit: { requests: 1, per: "1m" }, concurrency: 2 })
    for (let count = 0; count < 5; count++) expect(vendors.health(question)).toEqual({ ok: true })
    ask(vendors, { vendor: "qwen" })
    expect(vendors.health(question)).toEqual({ ok: false, certain: true, because: "limit" })
    expect(vendors.health({ ...question, model: "qwen-plus" })).toEqual({ ok: true })
    clock.advance("1m")
    expect(vendors.health(question)).toEqual({ ok: true })
    ask(vendors, { vendor: "qwen" })
    clock.advance("1m")
    expect(vendors.health(question)).toMatchObject({ because: "limit" })
    expect(vendors.journal.total).toBe(2)
  })
})

describe("changes", () => {
  it("shows which faults are on", () => {
    const { vendors, clock } = world()
    vendors.addFault({ kind: "server.error", for: "5s" })
    vendors.addFault({ kind: "server.error", from: "5s" })
    const on = () => vendors.faults().map((fault) => fault.on)
    const before = on()
    clock.advance("5s")
    expect([before, on()]).toEqual([
      [true, false],
      [false, true]
    ])
  })

  it("tells what time changes without waiting for a request, and watches the clock no longer than somebody listens", () => {
    const { vendors, clock } = world()
    const start = clock.now()
    vendors.setKey(qwenKey, { vendor: "qwen", name: "qw", state: "invalid", restoredAfter: "5s" })
    vendors.addFault({ kind: "server.error", name: "storm", from: "3s", for: "1m" })
    const told: Array<readonly [now: number, change: Vendors.Change]> = []
    const stop = vendors.onChange((change) => told.push([clock.now(), change]))
    clock.advance("10s")
    expect(told).toEqual([
      [start + 3_000, { at: start + 3_000, what: "fault", name: "storm", from: "off", to: "on" }],
      [start + 5_000, { at: start + 5_000, what: "key", name: "qw", from: "invalid", to: "valid" }]
    ])
    stop()
    clock.advance("2m")
    expect(told).toHaveLength(2)
  })

  it("tells what is changed by hand", () => {
    const { vendors } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", name: "qw" })
    const told: Array<string> = []
    vendors.onChange(({ name, from, to }) => told.push(`${name}: ${from} > ${to}`))
    const fault = vendors.addFault({ kind: "server.error" })
    vendors.addFault({ kind: "server.error", from: "1m" })
    vendors.setKey(qwenKey, { vendor: "qwen", name: "qw", state: "arrears" })
    fault.remove()
    vendors.clearFaults()
    expect(told).toEqual(["f1: off > on", "qw: valid > arrears", "f1: on > off"])
  })

  it("tells of keys that move, with the moment at which they did", () => {
    const { vendors, clock } = world()
    const start = clock.now()
    const changes = [
      { state: "invalid", after: "10s" },
      { state: "arrears", after: "10s" },
      { state: "valid", afterRequests: 1 }
    ] as const
    vendors.setKey(qwenKey, { vendor: "qwen", name: "qw", changes })
    const told: Array<Vendors.Change> = []
    const stop = vendors.onChange((change) => told.push(change))
    clock.advance("1m")
    ask(vendors, { vendor: "qwen" })
    const key = { what: "key", name: "qw" } as const
    expect(told).toEqual([
      { ...key, at: start + 10_000, from: "valid", to: "invalid" },
      { ...key, at: start + 20_000, from: "invalid", to: "arrears" },
      { ...key, at: start + 60_000, from: "arrears", to: "valid" }
    ])
    stop()
    vendors.setKey(qwenKey, { vendor: "qwen", state: "invalid", restoredAfterRequests: 1 })
    ask(vendors, { vendor: "qwen" })
    ask(vendors, { vendor: "qwen" })
    expect(told).toHaveLength(3)
  })

  it("tells of faults that come and go, by time and by being used up", () => {
    const { vendors, clock } = world()
    const start = clock.now()
    const told: Array<Vendors.Change> = []
    vendors.onChange((change) => told.push(change))
    vendors.addFault({
      kind: "overload.fast",
      name: "storm",
      from: "10s",
      for: "20s",
      flap: { every: "10s", on: "4s" }
    })
    vendors.addFault({ kind: "rate.limit", times: 1, from: "1m" })
    for (let second = 0; second < 62; second += 6) {
      ask(vendors, { vendor: "qwen" })
      clock.advance("6s")
    }
    const [storm, limit] = [
      { what: "fault", name: "storm" },
      { what: "fault", name: "f2" }
    ] as const
    expect(told.map(({ at, ...rest }) => ({ at: (at - start) / 1000, ...rest }))).toEqual([
      { at: 10, ...storm, from: "off", to: "on" },
      { at: 14, ...storm, from: "on", to: "off" },
      { at: 20, ...storm, from: "off", to: "on" },
      { at: 24, ...storm, from: "on", to: "off" },
      { at: 60, ...limit, from: "off", to: "on" },
      { at: 60, ...limit, from: "on", to: "used up" }
    ])
  })
})
