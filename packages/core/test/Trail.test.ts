import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { UnderstudyOptions } from "../src/config/Options.ts"
import type { Failover } from "../src/failover/Failover.ts"
import type { FailoverError } from "../src/failure/FailoverError.ts"
import { nextOf, outcomeOf, type Trail } from "../src/failure/Trail.ts"
import { call, collect, isQwen, ok, play, stream, withLuck } from "./play.ts"
import {
  broken,
  completion,
  connected,
  data,
  done,
  json,
  makeWorld,
  openStream,
  options,
  type Play,
  type Seen,
  silent,
  sse,
  stop,
  text,
  type World
} from "./support.ts"

const unauthorized = json(401, { error: { message: "bad", code: "invalid_api_key" } })
const limited = (seconds: string): Play => json(429, { error: { message: "slow" } }, { "retry-after": seconds })
const failed = json(500, { error: { message: "oops" } })
const bad = json(400, { error: { message: "bad" } })
const broke: Play = [...openStream, [0, data(text("a"))], [0, broken()]]

const oneKey = { ...options().providers["qwen"]!, keys: ["sk-demo-q1"] }

/** Qwen with one key, DeepSeek behind it. */
const chain = (route: object = {}, qwen: object = {}): UnderstudyOptions =>
  options({
    providers: { ...options().providers, qwen: { ...oneKey, ...qwen } },
    routes: [{ ...options().routes[0]!, ...route }]
  })

/** Qwen alone, with one key. */
const alone = (route: object = {}, qwen: object = {}): UnderstudyOptions => chain({ fallback: [], ...route }, qwen)

const told = (trail: Trail) => trail.map((record) => `${record.provider} ${outcomeOf(record)}: ${nextOf(record)}`)

/** What the trail of a call tells. */
const tell = <R>(program: Effect.Effect<{ readonly trail: Trail }, FailoverError, R>) =>
  Effect.match(program, { onFailure: ({ trail }) => told(trail), onSuccess: ({ trail }) => told(trail) })

const heard = ({ calls }: World) => calls.flatMap((event) => (event._tag === "AttemptEnded" ? [event.attempt] : []))

interface Row {
  readonly name: string
  readonly vendor: (seen: Seen, nth: number) => Play
  readonly config: UnderstudyOptions
  /** Calls that came before. */
  readonly before?: number
  readonly streamed?: boolean
  readonly trail: ReadonlyArray<string>
}

const rows: ReadonlyArray<Row> = [
  {
    name: "another key where one was drawn",
    vendor: (seen, nth) => (nth === 1 ? unauthorized : ok(seen)),
    config: options(),
    trail: ["qwen Unauthorized: another key", "qwen ok: answer"]
  },
  {
    name: "the next target where that was asked",
    vendor: (seen) => (isQwen(seen) ? unauthorized : ok(seen)),
    config: chain(),
    trail: ["qwen Unauthorized: next target", "deepseek ok: answer"]
  },
  {
    name: "again where the target was asked again",
    vendor: (seen, nth) => (nth === 1 ? json(200, "<html>") : ok(seen)),
    config: chain(),
    trail: ["qwen MalformedResponse: again", "qwen ok: answer"]
  },
  {
    name: "again after a moment where the server was busy",
    vendor: (seen, nth) => (nth === 1 ? failed : ok(seen)),
    config: chain(),
    trail: ["qwen ServerFailed: again after 100 ms", "qwen ok: answer"]
  },
  {
    name: "the end where the last target failed",
    vendor: () => failed,
    config: chain(),
    trail: [
      "qwen ServerFailed: again after 100 ms",
      "qwen ServerFailed: next target",
      "deepseek ServerFailed: again after 100 ms",
      "deepseek ServerFailed: fail"
    ]
  },
  {
    name: "the end where there is one target alone",
    vendor: () => unauthorized,
    config: alone(),
    trail: ["qwen Unauthorized: fail"]
  },
  {
    name: "the end where the caller is at fault",
    vendor: () => bad,
    config: chain(),
    trail: ["qwen InvalidRequest: fail"]
  },
  {
    name: "the end where the content broke off",
    vendor: () => broke,
    config: chain(),
    streamed: true,
    trail: ["qwen Interrupted after content: fail"]
  },
  {
    name: "the next target where that went on with a broken stream",
    vendor: (seen) => (isQwen(seen) ? broke : sse(text("a"), text("b") + stop + done)),
    config: chain({ afterCommit: "continue" }),
    streamed: true,
    trail: ["qwen Interrupted after content: next target", "deepseek ok: answer"]
  },
  {
    name: "the end where nobody could go on with a broken stream",
    vendor: () => broke,
    config: alone({ afterCommit: "continue" }),
    streamed: true,
    trail: ["qwen Interrupted after content: fail"]
  },
  {
    name: "the next target, not another repeat, where the budget is spent",
    vendor: (seen) => (isQwen(seen) ? json(200, "") : ok(seen)),
    config: chain({ retryBudget: { percent: 0, reserve: 1 } }, { circuit: { consecutiveFailures: 99 } }),
    before: 1,
    trail: ["qwen EmptyResponse: next target", "deepseek ok: answer"]
  },
  {
    name: "the next target where the circuit opened with the failure",
    vendor: (seen) => (isQwen(seen) ? json(200, "") : ok(seen)),
    config: chain({}, { circuit: { consecutiveFailures: 1 } }),
    trail: ["qwen EmptyResponse: next target", "deepseek ok: answer"]
  },
  {
    name: "the next target where the circuit opened with the failure and another key was at hand",
    vendor: (seen) => (isQwen(seen) ? failed : ok(seen)),
    config: chain(
      { on: { ServerFailed: { anotherKey: true } } },
      { circuit: { consecutiveFailures: 1 }, keys: ["sk-demo-q1", "sk-demo-q2"] }
    ),
    trail: ["qwen ServerFailed: next target", "deepseek ok: answer"]
  },
  {
    name: "a stated wait that was waited for",
    vendor: (seen, nth) => (nth === 1 ? limited("2") : ok(seen)),
    config: chain(),
    trail: ["qwen RateLimited: again after 2000 ms", "qwen ok: answer"]
  },
  {
    name: "the end where a stated wait leaves no time",
    vendor: () => limited("2"),
    config: alone({ deadlines: { total: "1500ms" } }),
    trail: ["qwen RateLimited: fail"]
  },
  {
    name: "a wait with nowhere else to go",
    vendor: (seen, nth) => (nth === 1 ? limited("5") : ok(seen)),
    config: alone(),
    trail: ["qwen RateLimited: again after 5000 ms", "qwen ok: answer"]
  },
  {
    name: "targets that were passed over, and that nobody was left",
    vendor: () => limited("60"),
    config: alone(),
    before: 1,
    trail: ["qwen skipped(no usable key): fail"]
  },
  {
    name: "a target that was passed over and asked as the last resort",
    vendor: (seen, nth) => (nth === 1 ? unauthorized : ok(seen)),
    config: alone(),
    before: 1,
    trail: ["qwen skipped(no usable key): last resort", "qwen ok: answer"]
  },
  {
    name: "a target that was passed over and asked as the last resort when its limit was over",
    vendor: (seen, nth) => (nth === 1 ? limited("11") : ok(seen)),
    config: alone({ waitAlone: "10950ms" }),
    before: 1,
    trail: ["qwen skipped(no usable key): last resort after 10900 ms", "qwen ok: answer"]
  }
]

describe("the trail", () => {
  it.effect.each(rows)("tells of $name", ({ before = 0, config, streamed, trail, vendor }) =>
    Effect.gen(function* () {
      const world = makeWorld()
      const one: Effect.Effect<{ readonly trail: Trail }, FailoverError, Failover> =
        streamed === true ? stream(collect().sink) : call()
      const program = Effect.gen(function* () {
        for (let nth = 0; nth < before; nth++) {
          yield* Effect.exit(one)
          yield* Effect.sleep(100)
        }
        world.calls.length = 0
        return yield* tell(one)
      })
      const { exit } = yield* play(withLuck(0)(program), vendor, config, world)
      if (exit._tag === "Failure") throw new Error(String(exit.cause))
      expect(exit.value).toEqual(trail)
      expect(told(heard(world))).toEqual(trail)
    })
  )

  it.effect("tells what came instead where a wait was in vain", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      // While the first caller waits, the second one's refusal takes the only key out.
      const vendor = (seen: Seen, nth: number): Play => {
        if (!isQwen(seen)) return ok(seen)
        return nth === 1 ? limited("2") : json(401, { error: { message: "bad", code: "invalid_api_key" } }, {}, 1_000)
      }
      const program = Effect.gen(function* () {
        const late = yield* Effect.forkChild(call())
        yield* Effect.sleep(0)
        const early = yield* Effect.forkChild(Effect.andThen(Effect.sleep(1), call("qwen-max")))
        yield* Fiber.join(early)
        return yield* Fiber.join(late)
      })
      const { exit } = yield* play(withLuck(0)(program), vendor, chain(), world)
      if (exit._tag === "Failure") throw new Error(String(exit.cause))
      expect(told(exit.value.trail)).toEqual(["qwen RateLimited: next target", "deepseek ok: answer"])
    })
  )

  it.effect("tells listeners that the caller left while the call was waiting", () =>
    Effect.gen(function* () {
      const world = makeWorld()
      const program = Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(call())
        yield* Effect.sleep(1_000)
        yield* Fiber.interrupt(fiber)
      })
      yield* play(withLuck(0)(program), () => limited("2"), chain(), world)
      expect(world.calls.map(({ _tag }) => _tag)).toEqual([
        "CallStarted",
        "AttemptStarted",
        "AttemptEnded",
        "CallEnded"
      ])
    })
  )

  it.effect("tells of both sides of a hedge what followed", () =>
    Effect.gen(function* () {
      const route = { hedge: { after: "2s", percent: 100 } }
      const late: Play = [
        [0, connected],
        [4_000, broken()]
      ]
      const slow = (seen: Seen): Play => json(200, completion(seen.model), {}, 12_000)
      for (const [vendor, trail] of [
        [
          (seen: Seen) => (isQwen(seen) ? late : slow(seen)),
          [
            "qwen ConnectionFailed(ECONNRESET): again",
            "qwen ConnectionFailed(ECONNRESET): next target",
            "deepseek ok: answer"
          ]
        ],
        [
          (seen: Seen) => (isQwen(seen) ? slow(seen) : unauthorized),
          ["deepseek Unauthorized: another was faster", "qwen ok: answer"]
        ],
        [
          (seen: Seen) => (isQwen(seen) ? json(401, "no", {}, 3_000) : json(401, "no", {}, 3_000)),
          ["qwen Unauthorized: next target", "deepseek Unauthorized: fail"]
        ],
        [
          (seen: Seen) => (isQwen(seen) ? silent : bad),
          ["qwen Cancelled: another was faster", "deepseek InvalidRequest: fail"]
        ],
        [
          (seen: Seen) => (isQwen(seen) ? silent : slow(seen)),
          ["qwen Cancelled: another was faster", "deepseek ok: answer"]
        ]
      ] as const) {
        const { exit } = yield* play(withLuck(0)(tell(call())), vendor, chain(route))
        if (exit._tag === "Failure") throw new Error(String(exit.cause))
        expect(exit.value.toSorted()).toEqual(trail.toSorted())
      }
    })
  )
})
