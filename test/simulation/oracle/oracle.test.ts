/** The oracle must be able to fail: for each promise, an engine or a world that breaks it on purpose. */
import { describe, expect, it } from "@effect/vitest"
import { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Effect from "effect/Effect"
import { run } from "../Check.ts"
import { type Hooks, simulate } from "../Simulate.ts"
import type { CallPlan, Fault, Plan } from "../world/Plan.ts"
import { judge } from "./Oracle.ts"

const keys = ["sk-demo-a-0", "sk-demo-a-1"]
const call: CallPlan = { id: "call-1", at: 1_000, model: "model" }

const planOf = (faults: ReadonlyArray<Fault>, calls: ReadonlyArray<CallPlan> = [call]): Plan => ({
  seed: 1,
  providers: {
    a: { type: "qwen", keys },
    b: { type: "openai-compatible", keys: ["demo.b.0.secret"] }
  },
  natures: { a: { latency: [100, 100], chunks: 3, gap: 10 }, b: { latency: [100, 100], chunks: 3, gap: 10 } },
  routes: [
    {
      name: "route",
      match: { model: { exact: "model" } },
      targets: [{ provider: "a", model: "a-1" }],
      fallback: [{ provider: "b", model: "b-1" }],
      deadlines: { total: "2m" }
    }
  ],
  faults,
  calls,
  horizon: 1_000_000
})

const many = (count: number, more: Partial<CallPlan> = {}): ReadonlyArray<CallPlan> =>
  Array.from({ length: count }, (_, index) => ({ ...call, id: `call-${index}`, at: 1_000 + index * 1_000, ...more }))

const broken = (plan: Plan, hooks: Hooks, twice = false): ReadonlyArray<string> => {
  expect(run(plan, { twice }).violations, "the engine itself keeps its promises here").toEqual([])
  const { violations } = run(plan, { twice, hooks })
  return violations.map(({ invariant, message }) => `${invariant}: ${message}`)
}

const always = (kind: Fault["kind"], more: Partial<Fault> = {}): Fault => ({
  kind,
  provider: "a",
  from: 0,
  until: 100_000_000,
  ...more
})

describe("1: a call succeeds while a healthy path exists", () => {
  it("notices an engine that gives up", () => {
    const error = new FailoverError({ reason: { _tag: "NoTarget", route: "route", retryAfter: undefined }, trail: [] })
    const found = broken(planOf([]), { engine: (engine) => ({ ...engine, call: () => Effect.fail(error) }) })
    expect(found).toContainEqual(expect.stringMatching(/^1: gave up \(NoTarget\)/))
  })

  it("notices an engine that rests although somebody could answer", () => {
    const found = broken(planOf([]), {
      engine: (engine) => ({ ...engine, call: (each) => Effect.delay(engine.call(each), 20_000) })
    })
    expect(found).toContainEqual(expect.stringMatching(/^1: rested 20000 ms at a\/a-1/))
  })

  it("notices an engine that waits for the silent beyond their deadline", () => {
    const journal = simulate(planOf([always("silent")]))
    for (const { exchange } of journal.entries.filter((entry) => entry.tag === "ended")) {
      if (exchange.provider === "a") exchange.endedAt = (exchange.endedAt ?? 0) + 1_000_000
    }
    const found = judge(journal).violations.map(({ invariant, message }) => `${invariant}: ${message}`)
    expect(found).toContainEqual(expect.stringMatching(/^1: waited .* at a\/a-1 while b\/b-1 could answer/))
  })

  it("notices an engine that dies", () => {
    const found = broken(planOf([]), { engine: (engine) => ({ ...engine, call: () => Effect.die("oops") }) })
    expect(found).toContainEqual(expect.stringMatching(/^1: the engine died/))
  })
})

describe("2: one answer, delivered once, never mixed", () => {
  const streams = planOf([], [{ ...call, stream: true }])

  it("notices what is delivered twice", () => {
    const found = broken(streams, {
      engine: (engine) => ({
        ...engine,
        stream: (each, sink) =>
          engine.stream(each, {
            ...sink,
            write: (batch) => {
              sink.write(batch)
              sink.write(batch)
            }
          })
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^2: what was delivered is no vendor's answer/))
  })

  it("notices two vendors' answers in one", () => {
    const cut = planOf([always("cut", { chunks: 2 })], [{ ...call, stream: true }])
    const found = broken(cut, {
      engine: (engine) => ({
        ...engine,
        stream: (each, sink) =>
          engine.stream(each, sink).pipe(
            Effect.catch(() =>
              engine.stream({ ...each, request: { ...each.request, model: "model" } }, { ...sink, begin: () => {} })
            ),
            Effect.catch(() => Effect.die("broken twice"))
          )
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^2: what was delivered is no vendor's answer/))
  })

  it("notices an answer that is called whole and is not", () => {
    const found = broken(streams, {
      engine: (engine) => ({
        ...engine,
        stream: (each, sink) => {
          let written = 0
          return engine.stream(each, { ...sink, write: (batch) => void (written++ === 0 && sink.write(batch)) })
        }
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^2: called whole without its finish/))
  })

  it("notices an answer with fewer choices than were asked for", () => {
    const two = planOf([], [{ ...call, choices: 2 }])
    const found = broken(two, {
      engine: (engine) => ({
        ...engine,
        call: (each) =>
          Effect.map(engine.call(each), (answer) => {
            const { choices, ...rest } = answer.completion
            return { ...answer, bytes: Buffer.from(JSON.stringify({ ...rest, choices: choices.slice(0, 1) })) }
          })
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^2: /))
  })

  describe("where another target goes on with a broken stream", () => {
    const cut = planOf([always("cut", { chunks: 2 })], [{ ...call, stream: true }])
    const joined: Plan = {
      ...cut,
      natures: { a: { ...cut.natures["a"]!, voice: "alto" }, b: { ...cut.natures["b"]!, voice: "alto" } },
      routes: cut.routes.map((route) => ({ ...route, afterCommit: "continue" as const }))
    }
    const writing = (write: (bytes: string, nth: number) => string): Hooks => ({
      engine: (engine) => ({
        ...engine,
        stream: (each, sink) => {
          let nth = 0
          return engine.stream(each, {
            ...sink,
            write: (batch) => sink.write({ ...batch, bytes: Buffer.from(write(batch.bytes.toString(), nth++)) })
          })
        }
      })
    })

    it("sees the whole answer under one name", () => {
      const { journal } = run(joined)
      expect(journal.calls.map(({ ending }) => ending?.tag)).toEqual(["answered"])
      expect(journal.exchanges.map(({ whole }) => whole)).toEqual([false, true])
    })

    it("notices a piece that is missing, one that is there twice, and a second id", () => {
      const missing = broken(
        joined,
        writing((bytes) => bytes.replace('"alto:2 "', '""'))
      )
      expect(missing).toContainEqual(expect.stringMatching(/^2: what was delivered is nobody's answer joined/))
      const twice = broken(
        joined,
        writing((bytes) => bytes.replace('"alto:2 "', '"alto:1 alto:2 "'))
      )
      expect(twice).toContainEqual(expect.stringMatching(/^2: what was delivered is nobody's answer joined/))
      const renamed = broken(
        joined,
        writing((bytes) => (bytes.includes("alto:3") ? bytes.replace(/"id":"a-/, '"id":"b-') : bytes))
      )
      expect(renamed).toContainEqual(expect.stringMatching(/^2: more than one id was delivered/))
    })
  })

  it("notices a JSON answer that is nobody's", () => {
    const found = broken(planOf([]), {
      engine: (engine) => ({
        ...engine,
        call: (each) => Effect.map(engine.call(each), (answer) => ({ ...answer, bytes: Buffer.from("{}") }))
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^2: the answer is no vendor's/))
  })
})

/** A world that puts another key into every request, from the fifth call on. */
const withKey = (key: string): Hooks => ({
  upstream: (upstream, time) => ({
    send: (request, handler) => {
      if (request.method === "GET" || request.origin !== "http://a.test" || time.now < 5_000)
        return upstream.send(request, handler)
      const headers = { ...request.headers, authorization: `Bearer ${key}` }
      return upstream.send({ ...request, headers }, handler)
    }
  })
})

describe("3: a key that is out sees no traffic", () => {
  it("notices requests with a removed key", () => {
    const found = broken(planOf([always("badKey", { keys: ["sk-demo-a-0"] })], many(8)), withKey("sk-demo-a-0"))
    expect(found).toContainEqual(expect.stringMatching(/^3: a\/a-1 was asked with sk-demo-a-0, removed at .* is well/))
  })

  it("notices requests with a key that is limited for a stated time", () => {
    const limited = always("rateLimit", { keys: ["sk-demo-a-0"], retryAfter: 60 })
    const found = broken(planOf([limited], many(8)), withKey("sk-demo-a-0"))
    expect(found).toContainEqual(expect.stringMatching(/^3: a\/a-1 was asked with sk-demo-a-0, limited until/))
  })
})

describe("4: a caller's own fault changes nothing", () => {
  it("notices a key that is removed for it", () => {
    const found = broken(planOf([], [{ ...call, flaw: "invalid" }]), {
      upstream: (upstream) => ({
        send: (request, handler) =>
          upstream.send(request, {
            onConnected: () => handler.onConnected(),
            onHeaders: (status, headers) => handler.onHeaders(status === 400 ? 401 : status, headers),
            onData: (chunk) => handler.onData(chunk),
            onEnd: () => handler.onEnd(),
            onError: (error) => handler.onError(error)
          })
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^4: \{"_tag":"KeyRemoved".* has no cause/))
  })

  it("notices a circuit that opens for callers who leave", () => {
    const journal = simulate(planOf([always("silent")], many(1, { leaves: 500 })))
    const event = {
      _tag: "CircuitChanged",
      provider: "a",
      model: "a-1",
      from: "Closed",
      to: "Open",
      openFor: 1_000
    } as const
    journal.entries.push({ at: 1_500, tag: "told", event })
    const found = judge(journal).violations.map(({ invariant, message }) => `${invariant}: ${message}`)
    expect(found).toContainEqual(expect.stringMatching(/^4: .* has no cause/))
  })
})

describe("5: attempts and probes are bounded", () => {
  it("notices an engine that is retried from outside", () => {
    const found = broken(planOf([always("overload"), { ...always("overload"), provider: "b" }]), {
      engine: (engine) => ({ ...engine, call: (each) => Effect.retry(engine.call(each), { times: 5 }) })
    })
    expect(found).toContainEqual(expect.stringMatching(/^5: a\/a-1 was asked \d+ times with 2 keys/))
  })

  it("notices probes that come too fast", () => {
    const found = broken(planOf([always("badKey")]), {
      upstream: (upstream, time) => ({
        send: (request, handler) => {
          const silent = { ...handler, onConnected() {}, onHeaders() {}, onData() {}, onEnd() {}, onError() {} }
          if (request.method === "GET") time.after(1_000, () => void upstream.send(request, silent))
          return upstream.send(request, handler)
        }
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^5: sk-demo-a-\d was probed 1000 ms after/))
  })
})

describe("6: what has recovered is used again", () => {
  it("notices a key that does not come back", () => {
    const found = broken(planOf([always("badKey", { until: 20_000, keys: ["sk-demo-a-0"] })], many(5)), {
      upstream: (upstream) => ({
        send: (request, handler) =>
          request.method === "POST"
            ? upstream.send(request, handler)
            : { abort: () => {}, pause: () => {}, resume: () => {} }
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^6: sk-demo-a-0, removed at .* was still out/))
  })

  it("notices a target that is well and is passed over", () => {
    const plan = planOf([])
    const other = { ...plan, routes: plan.routes.map((route) => ({ ...route, targets: route.fallback ?? [] })) }
    const found = judge({ ...simulate(other), plan }).violations
    expect(found.map(({ invariant, message }) => `${invariant}: ${message}`)).toContainEqual(
      "6: a/a-1 is well, and b/b-1 was asked"
    )
  })
})

describe("7: no call outlives its deadline, nothing stays open", () => {
  it("notices a call that ends late", () => {
    const found = broken(planOf([]), {
      engine: (engine) => ({
        ...engine,
        call: (each) => Effect.tap(engine.call(each), () => Effect.sleep("3 minutes"))
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^7: ended \d+ ms after its deadline/))
  })

  it("notices requests that stay open after their caller left", () => {
    const found = broken(planOf([always("silent")], many(1, { leaves: 500 })), {
      upstream: (upstream) => ({
        send: (request, handler) => ({ ...upstream.send(request, handler), abort: () => {} })
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^7: left a request to a open/))
    expect(found).toContainEqual("7: 1 requests are open at the end")
  })
})

describe("8: the same seed gives the same trail, and the trail tells the truth", () => {
  it("notices luck from elsewhere", () => {
    let runs = 0
    const found = broken(
      planOf([]),
      { engine: (engine) => ({ ...engine, call: (each) => Effect.delay(engine.call(each), runs++) }) },
      true
    )
    expect(found).toContainEqual(expect.stringMatching(/^8: two runs of seed 1 differ/))
  })

  it("notices a trail that leaves an attempt out", () => {
    const found = broken(planOf([always("overload")]), {
      engine: (engine) => ({
        ...engine,
        call: (each) => Effect.map(engine.call(each), (answer) => ({ ...answer, trail: answer.trail.slice(1) }))
      })
    })
    expect(found).toContainEqual(expect.stringMatching(/^8: the trail tells .* and the vendors saw/))
  })
})

describe("9: no secret is shown", () => {
  it("notices a key in an error", () => {
    const found = broken(planOf([always("overload"), { ...always("overload"), provider: "b" }]), {
      engine: (engine) => ({
        ...engine,
        call: (each) =>
          Effect.mapError(engine.call(each), (error) => {
            const failure = {
              reason: { _tag: "ServerFailed" },
              message: `key demo.b.0.secret`,
              vendor: undefined
            } as const
            return new FailoverError({ reason: { _tag: "UpstreamFailed", failure }, trail: error.trail })
          })
      })
    })
    expect(found).toContainEqual("9: an error shows demo.b.0.secret")
  })

  it("notices a key in a log", () => {
    const found = broken(planOf([]), {
      engine: (engine) => ({
        ...engine,
        call: (each) => Effect.andThen(Effect.logInfo("using sk-demo-a-1"), engine.call(each))
      })
    })
    expect(found).toContainEqual("9: a log shows sk-demo-a-1")
  })
})
