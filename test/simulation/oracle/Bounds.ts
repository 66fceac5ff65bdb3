/**
 * Invariant 5 for calls, 7, the second half of 8, and 9.
 *
 * 5: a target gets at most one request a key, one repeat and one as the last resort; a key at most as often as the table says.
 * 7: a call ends by its deadline; what it had open is closed when its caller leaves, and soon after it ended.
 * 8: the trail tells what was really sent, in order.
 * 9: no key's value in anything that the engine shows.
 */
import { isSent } from "@understudy/core/failure/Trail"
import type { CallRecord } from "../world/Journal.ts"
import { keysOf } from "../world/Plan.ts"
import { type Facts, spec, tick } from "./Facts.ts"
import type { Violation } from "./Violation.ts"

/** Checks the number of attempts of one call. */
export function* attempts(facts: Facts, call: CallRecord): Generator<Violation> {
  const byTarget = Map.groupBy(facts.exchangesOf(call), ({ model, provider }) => `${provider}/${model ?? ""}`)
  for (const [target, exchanges] of byTarget) {
    const { keys } = facts.policy(exchanges[0]!.provider)
    const at = exchanges.at(-1)!.sentAt
    // Asked to go on with a broken stream: once with its beginning, once for the whole.
    const most = keys.length + 2 + (facts.route(call).continues ? keys.length : 0)
    if (exchanges.length > most) {
      const message = `${target} was asked ${exchanges.length} times with ${keys.length} keys`
      yield { invariant: 5, message, at, call: call.plan.id }
    }
    for (const [key, same] of Map.groupBy(exchanges, (each) => each.key)) {
      if (same.length <= 3) continue
      yield { invariant: 5, message: `${target} was asked ${same.length} times with ${key}`, at, call: call.plan.id }
    }
  }
}

/** Checks when one call and its exchanges ended. */
export function* ends(facts: Facts, call: CallRecord): Generator<Violation> {
  const due = facts.dueAt(call)
  const broken = (message: string, at: number): Violation => ({ invariant: 7, message, at, call: call.plan.id })
  if (call.endedAt === undefined) return yield broken("never ended", facts.plan.horizon)
  if (call.endedAt > due + tick) yield broken(`ended ${call.endedAt - due} ms after its deadline`, call.endedAt)
  if (call.ending?.tag === "failed" && call.ending.reason === "DeadlineExceeded" && call.endedAt < due - tick) {
    yield broken(`called out of time ${due - call.endedAt} ms before its deadline`, call.endedAt)
  }
  if (call.leftAt !== undefined && call.endedAt > call.leftAt + tick)
    yield broken("went on after its caller left", call.endedAt)
  const grace = call.ending?.tag === "answered" ? spec.linger : 0
  for (const exchange of facts.exchangesOf(call)) {
    const closed = exchange.endedAt ?? Number.POSITIVE_INFINITY
    if (exchange.sentAt > call.endedAt) yield broken("asked a vendor after its end", exchange.sentAt)
    if (closed <= call.endedAt + grace + tick) continue
    yield broken(`left a request to ${exchange.provider} open until ${closed}`, call.endedAt)
  }
}

/** Checks that the trail of one call tells what was sent. */
export function* truthful(facts: Facts, call: CallRecord): Generator<Violation> {
  if (call.ending?.tag !== "answered" && call.ending?.tag !== "failed") return
  const isOrdered = !facts.route(call).hedges
  const inOrder = (names: ReadonlyArray<string>) => (isOrdered ? names : names.toSorted())
  const attempts = call.trail.filter(isSent)
  const told = inOrder(attempts.map(({ model, provider }) => `${provider}/${model}`))
  const seen = inOrder(facts.exchangesOf(call).map(({ model, provider }) => `${provider}/${model ?? ""}`))
  if (told.join() === seen.join()) return
  const message = `the trail tells ${told.join(", ")} and the vendors saw ${seen.join(", ")}`
  yield { invariant: 8, message, at: call.endedAt ?? 0, call: call.plan.id }
}

/** What texts begin with alike; where it is not found, none of them is. */
const headOf = (texts: ReadonlyArray<string>): string => {
  let head = texts[0] ?? ""
  for (const text of texts) while (!text.startsWith(head)) head = head.slice(0, -1)
  return head
}

/** True when a text within a value holds one of the texts. Without closures: everything that was told goes through it. */
const holds = (value: unknown, texts: ReadonlyArray<string>): boolean => {
  if (typeof value === "string") {
    for (const text of texts) if (value.includes(text)) return true
  } else if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) if (holds(each, texts)) return true
  }
  return false
}

/** Checks that no key's value was shown. */
export function* secrets(facts: Facts): Generator<Violation> {
  const { calls, entries, explained, keys, logs } = facts.journal
  const places = {
    "an event": entries.flatMap((entry) => (entry.tag === "told" ? entry.event : [])),
    "a log": logs,
    "the keys' states": keys,
    "an explanation": explained,
    "an error": calls.map(({ shown }) => shown),
    "a trail": calls.map(({ trail, trailLine }) => [trailLine, trail])
  }
  const values = Object.values(facts.plan.providers).map((provider) =>
    keysOf(provider).flatMap(({ value }) => (value === "" ? [] : value))
  )
  const heads = values.filter(({ length }) => length > 0).map(headOf)
  for (const [place, shown] of Object.entries(places)) {
    // No text holds a key that does not hold what the keys begin with.
    if (!holds(shown, heads)) continue
    for (const value of values.flat()) {
      if (holds(shown, [value])) yield { invariant: 9, message: `${place} shows ${value}`, at: facts.plan.horizon }
    }
  }
}
