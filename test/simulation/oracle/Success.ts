/**
 * Invariant 1: while a healthy path exists within the deadline, the call succeeds. In three parts, so that it says what went
 * wrong and needs no bound on how long everything before the path may take:
 *
 * - a call does not give up with time left while a healthy path is there;
 * - an attempt is not waited for beyond its deadline while a healthy path of another target waits to be asked;
 * - a call does not rest longer than a stated wait while one does.
 *
 * A call may fail when a refusal that ends calls was really served to it, or its stream broke after content, or a pool that
 * must `fail` when exhausted may have been.
 */
import type { CallRecord, Entry, Exchange } from "../world/Journal.ts"
import * as Truth from "../world/Truth.ts"
import { type Facts, type RouteFacts, type Step, spec, tick } from "./Facts.ts"
import type { Ledger } from "./Ledger.ts"
import type { Paths } from "./Paths.ts"
import type { Violation } from "./Violation.ts"

const margin = 500

/** What may come on top of a stated wait. */
const jitterOf = (wait: number): number => Math.max(spec.jitterLeast, wait * (1 - spec.jitter))

/** True when a failure that was served to the call may end it, by the route's overrides. */
const mayEnd = (exchange: Exchange, on: RouteFacts["on"]): boolean => {
  const reasons = exchange.fault === undefined ? [] : Truth.truths[exchange.fault.kind].reasons
  const status =
    exchange.status === undefined ? [] : [String(exchange.status), `${Math.floor(exchange.status / 100)}xx`]
  const names = [...reasons, "TimedOut", "Interrupted", ...status]
  return names.some((name) => on[name]?.fallback === false)
}

/** Checks invariant 1. */
export class Success {
  readonly #facts: Facts
  readonly #ledger: Ledger
  readonly #paths: Paths
  /** How many calls were checked to have a healthy path beside something broken. */
  guarded = 0

  constructor(facts: Facts, ledger: Ledger, paths: Paths) {
    this.#facts = facts
    this.#ledger = ledger
    this.#paths = paths
  }

  /** Looks at one entry; the books stand as of just after it. */
  *check(entry: Entry): Generator<Violation> {
    if (entry.tag === "finished") yield* this.#finished(entry.call, entry.at)
    else if (entry.tag === "sent" && entry.exchange.call !== undefined) {
      const call = this.#facts.call(entry.exchange.call)
      if (call.plan.rests === undefined && call.plan.flaw === undefined) yield* this.#sent(call, entry.exchange)
    }
  }

  *#finished(call: CallRecord, now: number): Generator<Violation> {
    const { ending } = call
    if (ending?.tag === "died") {
      yield { invariant: 1, message: `the engine died: ${ending.text}`, at: now, call: call.plan.id }
    }
    if (call.plan.flaw !== undefined || ending === undefined) return
    const exchanges = this.#facts.exchangesOf(call)
    if (ending.tag === "answered" && exchanges.some(({ whole }) => !whole)) this.guarded++
    if (ending.tag !== "failed" || ending.reason === "Broken") return
    const { on } = this.#facts.route(call)
    if (exchanges.some((exchange) => mayEnd(exchange, on)) || this.#mustFail(call, now)) return
    const path = this.#paths.find(call, now, { circuits: false })
    if (path === undefined || now + path.need + margin > this.#facts.dueAt(call)) return
    const left = this.#facts.dueAt(call) - now
    const message = `gave up (${ending.reason}) with ${left} ms left while ${label(path.step)} could answer`
    yield { invariant: 1, message, at: now, call: call.plan.id }
  }

  *#sent(call: CallRecord, exchange: Exchange): Generator<Violation> {
    const rested = this.#restBefore(call, exchange)
    const { waitUpTo } = this.#facts.route(call)
    if (
      rested !== undefined &&
      rested > Math.max(waitUpTo + jitterOf(waitUpTo), spec.again) + tick &&
      !this.#mayWait(call)
    ) {
      yield* this.#whileWaiting(call, exchange, `rested ${rested} ms`, exchange.sentAt - rested)
    }
    const over = this.#overstayed(call, exchange)
    if (over !== undefined) yield* this.#whileWaiting(call, exchange, over, exchange.sentAt)
  }

  /** A violation when a healthy path of a target that the call has not asked was there. */
  *#whileWaiting(call: CallRecord, exchange: Exchange, what: string, since: number): Generator<Violation> {
    const asked = this.#facts.exchangesOf(call).filter(({ sentAt }) => sentAt <= exchange.sentAt)
    const isAsked = (step: Step): boolean =>
      asked.some(({ model, provider }) => provider === step.provider && model === step.model)
    const path = this.#paths.find(call, since, { circuits: true, except: isAsked })
    if (path === undefined || since + path.need + margin > this.#facts.dueAt(call)) return
    const message = `${what} at ${label(exchange)} while ${label(path.step)} could answer`
    yield { invariant: 1, message, at: since, call: call.plan.id }
  }

  /** How long nothing was asked before an exchange; with a hedge one of the others may be under way. */
  #restBefore(call: CallRecord, exchange: Exchange): number {
    const ends = this.#facts
      .exchangesOf(call)
      .filter(({ n }) => n < exchange.n)
      .map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY)
    return exchange.sentAt - Math.max(call.startedAt, ...ends)
  }

  /** Says how an attempt stayed longer than its deadlines allow while another target could answer. */
  #overstayed(call: CallRecord, exchange: Exchange): string | undefined {
    const policy = this.#facts.policy(exchange.provider)
    const end = exchange.endedAt ?? this.#facts.plan.horizon
    const connected = exchange.connectedAt ?? end
    if (connected - exchange.sentAt > policy.connect + tick) return "waited to be connected"
    if (call.leftAt !== undefined) return undefined
    const first = exchange.stream ? (policy.firstContent ?? spec.firstContent) : (policy.answer ?? spec.answer)
    const good = (exchange.stream ? exchange.contentAt[0] : exchange.wholeAt) ?? end
    return good - exchange.sentAt > first + tick ? `waited ${good - exchange.sentAt} ms` : undefined
  }

  /** True when a pool of the route waits for its keys. */
  #mayWait(call: CallRecord): boolean {
    return this.#facts.route(call).steps.some(({ provider }) => this.#facts.policy(provider).whenExhausted === "wait")
  }

  /** True when a pool of the route that fails a call when it is exhausted may be so. */
  #mustFail(call: CallRecord, now: number): boolean {
    return this.#facts.route(call).steps.some(({ model, provider }) => {
      const { keys, whenExhausted } = this.#facts.policy(provider)
      return whenExhausted === "fail" && keys.every(({ value }) => this.#ledger.mayBeOut(provider, value, model, now))
    })
  }
}

const label = ({ model, provider }: { readonly model: string | undefined; readonly provider: string }): string =>
  `${provider}/${model ?? ""}`
