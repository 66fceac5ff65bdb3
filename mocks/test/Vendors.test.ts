import { Clock, type Journal, Vendors } from "@understudy/mocks"
import { describe, expect, it, vi } from "vitest"
import { ask, deepseekKey, keys, qwenKey, world } from "./support.ts"

describe("keys", () => {
  it("answers unknown keys with 401 unless any key is accepted", () => {
    expect(ask(world().vendors, { vendor: "qwen", key: "sk-stranger" }).status).toBe(401)
    const open = world({ acceptAnyKey: true }).vendors
    expect(ask(open, { vendor: "qwen", key: "sk-stranger" }).status).toBe(200)
    expect(ask(open, { vendor: "qwen", key: "stranger" }).status).toBe(401)
  })

  it("does not know one vendor's key at the other", () => {
    expect(ask(world().vendors, { vendor: "deepseek", key: qwenKey }).status).toBe(401)
  })

  it.each([
    ["invalid", 401],
    ["revoked", 401],
    ["arrears", 400],
    ["rate-limited", 429],
    ["overloaded", 500],
    ["billing.freeTier", 403]
  ] as const)("answers a key that is %s with %i", (state, status) => {
    const { vendors } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", state })
    expect(ask(vendors, { vendor: "qwen" }).status).toBe(status)
  })

  it("restores a key after a time", () => {
    const { vendors, clock } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", state: "invalid", restoredAfter: "5s" })
    const status = () => ask(vendors, { vendor: "qwen" }).status
    expect(status()).toBe(401)
    clock.advance("4999ms")
    expect(status()).toBe(401)
    clock.advance(1)
    expect(status()).toBe(200)
  })

  it("restores a key at a moment, and after so many requests", () => {
    const { vendors, clock } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", state: "arrears", restoredAt: new Date(clock.now() + 1000) })
    vendors.setKey(deepseekKey, { vendor: "deepseek", state: "arrears", restoredAfterRequests: 2 })
    expect([1, 2, 3].map(() => ask(vendors, { vendor: "deepseek" }).status)).toEqual([402, 402, 200])
    expect(ask(vendors, { vendor: "qwen" }).status).toBe(400)
    clock.advance("1s")
    expect(ask(vendors, { vendor: "qwen" }).status).toBe(200)
  })

  it("fails a good key after so many requests, for a while", () => {
    const { vendors, clock } = world()
    vendors.setKey(qwenKey, {
      vendor: "qwen",
      changes: [
        { state: "invalid", afterRequests: 2 },
        { state: "valid", after: "30s" }
      ]
    })
    const status = () => ask(vendors, { vendor: "qwen" }).status
    expect([status(), status(), status()]).toEqual([200, 200, 401])
    clock.advance("30s")
    expect(status()).toBe(200)
  })

  it("goes through phases, the times of which add up", () => {
    const { vendors, clock } = world()
    vendors.setKey(qwenKey, {
      vendor: "qwen",
      changes: [
        { state: "overloaded", after: "10s" },
        { state: "arrears", after: "10s" },
        { state: "valid", after: "10s" }
      ]
    })
    const seen = [0, 1, 2, 3].map(() => {
      const { status } = ask(vendors, { vendor: "qwen" })
      clock.advance("10s")
      return status
    })
    expect(seen).toEqual([200, 500, 400, 200])
  })

  it("lets a key in arrears list models but not hide its balance", () => {
    const { vendors } = world()
    vendors.setKey(deepseekKey, { vendor: "deepseek", state: "arrears" })
    expect(ask(vendors, { vendor: "deepseek", method: "GET", path: "/models" }).status).toBe(200)
    expect(ask(vendors, { vendor: "deepseek", method: "GET", path: "/user/balance" }).json()).toMatchObject({
      is_available: false,
      balance_infos: [{ total_balance: "0.00" }]
    })
  })

  it("is refused where it is free too while a fault says that it is wrong, so that no check takes it for well", () => {
    const { vendors } = world()
    const models = { vendor: "deepseek", method: "GET", path: "/models" } as const
    const sometimes = vendors.addFault({ kind: "auth.invalid", vendor: "deepseek", times: 1 })
    expect(ask(vendors, models).status).toBe(200)
    sometimes.remove()
    const always = vendors.addFault({ kind: "auth.invalid", vendor: "deepseek" })
    expect(ask(vendors, models).status).toBe(401)
    always.remove()
    vendors.addFault({ kind: "billing.exhausted", vendor: "deepseek" })
    expect(ask(vendors, models).status).toBe(200)
  })

  it("is unknown again once removed, by key or by name", () => {
    const { vendors } = world()
    expect([vendors.removeKey("qw"), vendors.removeKey(deepseekKey), vendors.removeKey("qw")]).toEqual([
      true,
      true,
      false
    ])
    expect(ask(vendors, { vendor: "qwen" }).status).toBe(401)
  })
})

describe("limits", () => {
  it("counts a window per account and model, whatever key is used", () => {
    const { vendors, clock } = world()
    const limit = { requests: 2, per: "1m", retryAfter: "seconds" } as const
    vendors.setKey(qwenKey, { vendor: "qwen", account: "main", limit })
    vendors.setKey("sk-second-key-of-main", { vendor: "qwen", account: "main" })
    const send = (key: string, model = "qwen-turbo") => ask(vendors, { vendor: "qwen", key, model })
    expect([send(qwenKey).status, send("sk-second-key-of-main").status]).toEqual([200, 200])
    clock.advance("20s")
    const refused = send("sk-second-key-of-main")
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "40"])
    expect(send(qwenKey, "qwen-plus").status).toBe(200)
    clock.advance("40s")
    expect(send(qwenKey).status).toBe(200)
  })

  it("limits requests in flight, and gives slots back", () => {
    const { vendors } = world()
    vendors.setKey(deepseekKey, { vendor: "deepseek", concurrency: 1 })
    const first = ask(vendors, { vendor: "deepseek" })
    const second = ask(vendors, { vendor: "deepseek" })
    expect(second.json().error.message).toContain(
      "Your current concurrency is 2, which exceeds your concurrency limit of 1"
    )
    first.finish()
    expect(ask(vendors, { vendor: "deepseek" }).status).toBe(200)
  })
})

describe("answers", () => {
  it("is the same for the same seed, key and ordinal, whatever else arrives", () => {
    const alone = world().vendors
    const first = [1, 2].map(() => ask(alone, { vendor: "qwen", content: "hello" }).text)
    const busy = world().vendors
    const second = [1, 2].map(() => {
      ask(busy, { vendor: "deepseek" })
      ask(busy, { vendor: "qwen", key: "sk-stranger" })
      return ask(busy, { vendor: "qwen", content: "hello" }).text
    })
    expect(second).toEqual(first)
    expect(first[0]).not.toBe(first[1])
    expect(ask(world({ seed: 7 }).vendors, { vendor: "qwen", content: "hello" }).text).not.toBe(first[0])
  })

  it("says what a script, a key or a length tells it to", () => {
    const content = (vendors: Vendors.Vendors) => ask(vendors, { vendor: "qwen" }).json().choices[0].message.content
    expect(content(world({ replies: (request, vendor) => `${vendor} ${request.model}` }).vendors)).toBe(
      "qwen qwen-turbo"
    )
    const { vendors } = world()
    vendors.setKey(qwenKey, { vendor: "qwen", reply: "always this" })
    expect(content(vendors)).toBe("always this")
    vendors.setKey(qwenKey, { vendor: "qwen", replyTokens: 300 })
    expect(ask(vendors, { vendor: "qwen" }).json().usage.completion_tokens).toBe(300)
  })

  it("waits before every content chunk when told to", () => {
    const { plan } = ask(world({ chunkDelay: 20 }).vendors, { vendor: "qwen", stream: true })
    expect(new Set(plan.steps.filter((step) => step.chunks > 0).map((step) => step.after))).toEqual(new Set([20]))
  })
})

describe("journal", () => {
  it("never holds a full key", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", key: qwenKey, times: 1 })
    ask(vendors, { vendor: "qwen" })
    ask(vendors, { vendor: "deepseek", key: "sk-stranger-of-some-length" })
    const seen = JSON.stringify([vendors.journal.entries, vendors.keys(), vendors.faults()])
    for (const key of [qwenKey, deepseekKey, "sk-stranger-of-some-length"]) expect(seen).not.toContain(key)
    expect(vendors.journal.entries.map((entry) => [entry.key, entry.keyName])).toEqual([
      ["sk-****2e9d", "qw"],
      ["sk-****ngth", expect.stringMatching(/^k[0-9a-f]{8}$/)]
    ])
  })

  it("finds entries by key, name, vendor and model", () => {
    const { vendors } = world()
    ask(vendors, { vendor: "qwen" })
    ask(vendors, { vendor: "deepseek" }).finish()
    const ordinals = (query: Journal.Query) => vendors.journal.of(query).map((entry) => entry.ordinal)
    expect([{ key: qwenKey }, { key: "qw" }, { vendor: "qwen" }, { model: "qwen-turbo" }] as const).toSatisfy(
      (queries) => queries.every((query: Journal.Query) => ordinals(query).join() === "1")
    )
    expect(vendors.journal.open().map((entry) => entry.ordinal)).toEqual([1])
  })

  it("resolves waitFor from the past and from the future", async () => {
    const { vendors } = world()
    const reply = ask(vendors, { vendor: "qwen" })
    expect((await vendors.journal.waitFor((entry) => entry.end === "open")).ordinal).toBe(1)
    const finished = vendors.journal.waitFor((entry) => entry.end === "complete")
    reply.finish()
    expect((await finished).ordinal).toBe(1)
  })

  it("keeps the newest entries and counts all", () => {
    const { vendors } = world({ journalLimit: 3 })
    for (let count = 0; count < 10; count++) ask(vendors, { vendor: "qwen" })
    expect(vendors.journal.total).toBe(10)
    expect(vendors.journal.entries.length).toBeLessThan(6)
    expect(vendors.journal.entries.at(-1)?.ordinal).toBe(10)
  })

  it("is empty after a reset, which restores the first keys and faults", () => {
    const { vendors } = world({ faults: [{ kind: "overload.fast", times: 1 }] })
    ask(vendors, { vendor: "qwen" })
    vendors.clearKeys()
    vendors.reset()
    expect([vendors.journal.total, vendors.keys().length, vendors.faults()[0]?.struck]).toEqual([0, 2, 0])
    expect([ask(vendors, { vendor: "qwen" }).status, ask(vendors, { vendor: "qwen" }).status]).toEqual([500, 200])
  })
})

describe("clock", () => {
  it("runs due timers in order, each at its own moment, with those they set", () => {
    const clock = Clock.manual(0)
    const seen: Array<number> = []
    clock.after(20, () => seen.push(clock.now()))
    clock.after(10, () => {
      seen.push(clock.now())
      clock.after(5, () => seen.push(clock.now()))
    })
    const cancel = clock.after(12, () => seen.push(-1))
    cancel()
    clock.advance(30)
    expect([seen, clock.now()]).toEqual([[10, 15, 20], 30])
  })

  it("follows the test runner's fake timers, and can be pushed ahead of them", () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      const clock = Clock.real()
      const seen: Array<string> = []
      clock.after(60_000, () => seen.push("minute"))
      clock.after(3_600_000, () => seen.push("hour"))
      vi.advanceTimersByTime(60_000)
      expect(seen).toEqual(["minute"])
      clock.advance("1h")
      expect([seen, clock.now()]).toEqual([["minute", "hour"], 1_000_000 + 60_000 + 3_600_000])
    } finally {
      vi.useRealTimers()
    }
  })

  it("was advanced by all that it was told, however long that took", () => {
    vi.useFakeTimers({ now: 0 })
    try {
      const clock = Clock.real()
      clock.after(1_000, () => vi.setSystemTime(7))
      clock.advance("30s")
      expect([clock.callers.jumped(), clock.now()]).toEqual([30_000, 30_007])
    } finally {
      vi.useRealTimers()
    }
  })

  it("runs as many times faster as it is told, and says how it goes beside its callers' clock", () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      const clock = Clock.real({ speed: 10 })
      const seen: Array<number> = []
      clock.after(60_000, () => seen.push(clock.now()))
      vi.advanceTimersByTime(5_999)
      expect(seen).toEqual([])
      vi.advanceTimersByTime(1)
      expect(seen).toEqual([1_060_000])
      clock.advance("1h")
      expect(clock.now()).toBe(1_060_000 + 3_600_000)
      const { jumped, now, speed } = clock.callers
      expect([speed, jumped(), now()]).toEqual([10, 3_600_000, 1_006_000])
    } finally {
      vi.useRealTimers()
    }
  })

  it.each([0, 0.5, 101, Number.NaN])("does not run at speed %s", (speed) => {
    expect(() => Clock.real({ speed })).toThrow("speed must be a number from 1 to 100")
  })

  it.each([
    [20, "2", 20_000],
    [3, "1", 10_000],
    [{ date: "20s" }, "Thu, 01 Jan 1970 00:16:42 GMT", 20_000]
  ] as const)("states Retry-After %j in the time of its callers, never too short", (retryAfter, header, wait) => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      const clock = Clock.real({ speed: 10 })
      clock.advance("1h")
      const { vendors } = world({ clock, faults: [{ kind: "rate.limit", retryAfter }] })
      const { exchange, headers } = ask(vendors, { vendor: "qwen" })
      exchange.opened()
      expect([headers.get("retry-after"), exchange.entry.retryAfter]).toEqual([header, wait])
    } finally {
      vi.useRealTimers()
    }
  })

  it("waits for longer than a timer of the machine can", () => {
    vi.useFakeTimers()
    try {
      const day = 86_400_000
      const seen: Array<string> = []
      Clock.real().after(40 * day, () => seen.push("late"))
      vi.advanceTimersByTime(40 * day - 1)
      expect(seen).toEqual([])
      vi.advanceTimersByTime(1)
      expect(seen).toEqual(["late"])
    } finally {
      vi.useRealTimers()
    }
  })

  it("keeps timers that are not yet due when pushed forward", () => {
    vi.useFakeTimers()
    try {
      const clock = Clock.real()
      const seen: Array<string> = []
      clock.after(10_000, () => seen.push("late"))
      clock.advance("4s")
      vi.advanceTimersByTime(5999)
      expect(seen).toEqual([])
      vi.advanceTimersByTime(1)
      expect(seen).toEqual(["late"])
    } finally {
      vi.useRealTimers()
    }
  })

  it("is what the vendors stamp on answers", () => {
    const vendors = Vendors.make({ clock: Clock.manual(1_700_000_000_000), keys })
    expect(ask(vendors, { vendor: "qwen" }).json().created).toBe(1_700_000_000)
  })
})
