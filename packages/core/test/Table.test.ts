import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ReasonTag } from "../src/failure/Reason.ts"
import { tags } from "../src/failure/Reason.ts"
import { outcomeOf } from "../src/failure/Trail.ts"
import { Understudy } from "../src/Understudy.ts"
import { call, isQwen, ok, play, withLuck } from "./play.ts"
import {
  broken,
  completion,
  connected,
  json,
  makeWorld,
  options,
  type Play,
  refused,
  type Seen,
  silent
} from "./support.ts"

const refusal = (status: number, code: string, message = "no"): Play => json(status, { error: { message, code } })

interface Row {
  readonly reason: ReasonTag
  readonly how: string
  readonly fault: Play
  /** The keys of the first target in the order in which they are asked; `-` is the next target. */
  readonly asked: string
  /** The states of both keys afterwards: for themselves, or for the model. */
  readonly keys: string
  /** Counts it on the target's circuit? */
  readonly circuit: boolean
  readonly oneAccount?: boolean
}

const well = "Available Available"
const removed = "Removed Removed"
const cooling = "Cooling Cooling"
const target = { asked: "1 1 -", keys: well, circuit: true } as const
const left = { asked: "1 -", keys: well } as const
const ends = { asked: "1", keys: well, circuit: false } as const

/** Section 3 of the semantics as a caller, the keys and the circuit see it: a row a reason. */
const rows: ReadonlyArray<Row> = [
  {
    reason: "Unauthorized",
    how: "401",
    fault: refusal(401, "invalid_api_key"),
    asked: "1 2 -",
    keys: removed,
    circuit: false
  },
  {
    reason: "BalanceExhausted",
    how: "of two accounts",
    fault: refusal(400, "Arrearage"),
    asked: "1 2 -",
    keys: removed,
    circuit: false
  },
  {
    reason: "BalanceExhausted",
    how: "of one account",
    fault: refusal(400, "Arrearage"),
    asked: "1 -",
    keys: removed,
    circuit: false,
    oneAccount: true
  },
  {
    reason: "PermissionDenied",
    how: "403",
    fault: refusal(403, "AccessDenied.Unpurchased"),
    asked: "1 2 -",
    keys: cooling,
    circuit: false
  },
  {
    reason: "RateLimited",
    how: "of two accounts",
    fault: refusal(429, "limit_requests"),
    asked: "1 2 -",
    keys: cooling,
    circuit: false
  },
  {
    reason: "RateLimited",
    how: "of one account",
    fault: refusal(429, "limit_requests"),
    asked: "1 -",
    keys: cooling,
    circuit: false,
    oneAccount: true
  },
  { reason: "Overloaded", how: "503", fault: refusal(503, "ModelServingError"), ...target },
  { reason: "ServerFailed", how: "500", fault: refusal(500, "internal_error"), ...target },
  { reason: "ConnectionFailed", how: "refused", fault: refused, ...target },
  {
    reason: "ConnectionFailed",
    how: "reset before an answer",
    fault: [
      [0, connected],
      [0, broken()]
    ],
    ...target
  },
  { reason: "TimedOut", how: "before it connected", fault: [], ...left, circuit: true },
  { reason: "TimedOut", how: "before it answered", fault: silent, ...left, circuit: true },
  { reason: "MalformedResponse", how: "a page", fault: json(200, "<html>"), ...target },
  { reason: "EmptyResponse", how: "blank lines", fault: json(200, "\n\n"), ...target },
  {
    reason: "Interrupted",
    how: "a part",
    fault: json(200, completion("m"), { "x-dashscope-partialresponse": "true" }),
    ...target
  },
  { reason: "ModelNotFound", how: "404", fault: refusal(404, "model_not_found"), ...left, circuit: false },
  { reason: "ContextTooLong", how: "400", fault: refusal(400, "context_length_exceeded"), ...left, circuit: false },
  {
    reason: "Unsuited",
    how: "400",
    fault: refusal(400, "invalid_parameter_error", "This model does not support image input"),
    ...left,
    circuit: false
  },
  { reason: "ContentFiltered", how: "400", fault: refusal(400, "data_inspection_failed"), ...ends },
  { reason: "InvalidRequest", how: "400", fault: refusal(400, "invalid_parameter_error", "Range of top_p"), ...ends }
]

const configOf = (oneAccount: boolean, circuit: object) => {
  const keys = ["sk-demo-q1", "sk-demo-q2"].map((value) => ({ value, ...(oneAccount ? { account: "one" } : {}) }))
  return options({ providers: { ...options().providers, qwen: { ...options().providers["qwen"]!, keys, circuit } } })
}

describe("a failure", () => {
  it("has a row for every reason that a vendor can give", () => {
    const told = new Set(rows.map(({ reason }) => reason))
    expect(tags.filter((tag) => !told.has(tag))).toEqual(["Cancelled"])
  })

  it.effect.each(rows)("as $reason ($how) asks whom the table says, and holds it against whom it says", (row) =>
    Effect.gen(function* () {
      const vendor = (seen: Seen): Play => (isQwen(seen) ? row.fault : ok(seen))
      const program = Effect.gen(function* () {
        yield* Effect.exit(call())
        return yield* (yield* Understudy).keys
      })
      const { exit, world } = yield* play(withLuck(0)(program), vendor, configOf(row.oneAccount === true, {}))
      if (exit._tag === "Failure") throw new Error(String(exit.cause))
      const asked = world.seen.map((seen) => (isQwen(seen) ? seen.key.slice("sk-demo-q".length) : "-"))
      expect(asked.join(" ")).toBe(row.asked)
      const states = exit.value
        .find(({ provider }) => provider === "qwen")
        ?.keys.map(({ models, state }) => models["qwen-turbo"]?._tag ?? state._tag)
      expect(states?.join(" ")).toBe(row.keys)
      const told = world.calls.flatMap((event) => (event._tag === "AttemptEnded" ? [outcomeOf(event.attempt)] : []))
      expect(told[0]).toMatch(new RegExp(`^${row.reason}`))
    })
  )

  it.effect.each(rows)("as $reason ($how) counts on the circuit: $circuit", (row) =>
    Effect.gen(function* () {
      const world = makeWorld()
      const vendor = (seen: Seen): Play => (isQwen(seen) ? row.fault : ok(seen))
      yield* play(Effect.exit(call()), vendor, configOf(false, { consecutiveFailures: 1 }), world)
      expect(world.events.some((event) => event._tag === "CircuitChanged" && event.to === "Open")).toBe(row.circuit)
    })
  )
})
