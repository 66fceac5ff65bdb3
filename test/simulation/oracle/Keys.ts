/**
 * Invariants 3 and 6 for keys, and the bound on probes of 5.
 *
 * 3: a key that is out (removed, or limited for a stated time) sees no request of a caller's but as the last resort: no other
 * key of its pool is well, and no other target that the call has not asked could be.
 * 6: once nothing has been wrong with a key for as long as its probes may be apart, it is back.
 */
import type { CallRecord, Entry, Exchange } from "../world/Journal.ts"
import * as Truth from "../world/Truth.ts"
import { type Facts, type Policy, spec, tick } from "./Facts.ts"
import type { Ledger } from "./Ledger.ts"
import type { Violation } from "./Violation.ts"

/** Checks the keys. */
export class Keys {
  readonly #facts: Facts
  readonly #ledger: Ledger
  /** Since when a key is removed, for those that are. */
  readonly #removed = new Map<string, { provider: string; key: string; since: number }>()
  readonly #probes = new Map<string, { failures: number; sentAt: number }>()

  constructor(facts: Facts, ledger: Ledger) {
    this.#facts = facts
    this.#ledger = ledger
  }

  /** Looks at one entry; the books stand as of just before it. */
  *before(entry: Entry): Generator<Violation> {
    if (entry.tag !== "sent") return
    const { exchange } = entry
    if (exchange.call === undefined) yield* this.#probe(exchange)
    else yield* this.#traffic(exchange, this.#facts.call(exchange.call))
  }

  /** Looks at one entry; the books stand as of just after it. */
  *after(entry: Entry): Generator<Violation> {
    if (entry.tag !== "ended") return
    const { key, provider } = entry.exchange
    if (entry.exchange.call === undefined) this.#probed(entry.exchange)
    else if (entry.exchange.whole) this.#probes.delete(`${provider}#${key}`)
    for (const { value } of this.#facts.policy(provider).keys) {
      const since = this.#ledger.removedAt(provider, value)
      // Most keys are in and were in.
      if (since === undefined && this.#removed.size === 0) continue
      yield* this.#watch(provider, value, since, entry.at)
    }
  }

  /** Looks at the keys that are still out at the end. */
  *end(now: number): Generator<Violation> {
    for (const { key, provider, since } of this.#removed.values()) yield* this.#judgeReturn(provider, key, since, now)
  }

  *#traffic(exchange: Exchange, call: CallRecord): Generator<Violation> {
    const { key, provider, sentAt } = exchange
    const model = exchange.model ?? ""
    const out = this.#ledger.outBecause(provider, key, model, sentAt)
    if (out === undefined) return
    const earlier = this.#facts.exchangesOf(call).filter(({ n }) => n < exchange.n)
    const broken = (message: string): Violation => ({ invariant: 3, message, at: sentAt, call: call.plan.id })
    const used = new Set(
      earlier.filter((each) => each.provider === provider && each.model === model).map((each) => each.key)
    )
    const { keys, whenExhausted } = this.#facts.policy(provider)
    const other = keys.find(({ value }) => !used.has(value) && !this.#ledger.mayBeOut(provider, value, model, sentAt))
    const what = `${provider}/${model} was asked with ${key}, ${out.says},`
    if (other !== undefined && !this.#sharesAccountWith(keys, other.account, used)) {
      yield broken(`${what} though ${other.value} is well`)
    }
    if (whenExhausted !== "wait") {
      const target = this.#facts.route(call).steps.find((step) => this.#couldAnswer(step, earlier, exchange))
      if (target !== undefined) yield broken(`${what} though ${target.provider}/${target.model} could be asked`)
    }
    const again = earlier.filter((each) => each.provider === provider && each.model === model && each.key === key)
    const since = again.filter((each) => each.sentAt > out.since)
    if (since.length > 1) yield broken(`${what} for the ${since.length + 1}th time since`)
  }

  #sharesAccountWith(keys: Policy["keys"], account: string, used: ReadonlySet<string>): boolean {
    return keys.some((each) => each.account === account && used.has(each.value))
  }

  /** True when another target that this call has not asked has a key that is well and a circuit that is closed. */
  #couldAnswer(
    { model, provider }: { readonly model: string; readonly provider: string },
    earlier: ReadonlyArray<Exchange>,
    exchange: Exchange
  ): boolean {
    if (provider === exchange.provider && model === exchange.model) return false
    if (earlier.some((each) => each.provider === provider && each.model === model)) return false
    if (this.#ledger.isExcused(provider, model, exchange.sentAt)) return false
    // Half open, or starting slowly: it may have been passed over.
    const target = this.#ledger.target({ provider, model })
    const settled = target.provenAt === undefined ? target.open.size === 0 && target.lastOkAt < 0 : true
    if (!settled) return false
    return this.#facts
      .policy(provider)
      .keys.some(({ value }) => !this.#ledger.mayBeOut(provider, value, model, exchange.sentAt))
  }

  /** Probes of a key that stays bad come apart. */
  *#probe(exchange: Exchange): Generator<Violation> {
    const { key, provider, sentAt } = exchange
    const known = this.#probes.get(`${provider}#${key}`)
    const { interval } = this.#facts.policy(provider)
    if (known !== undefined) {
      const gap = sentAt - known.sentAt
      const least = spec.jitter * Math.min(Math.max(interval, spec.probeCap), interval * 2 ** known.failures)
      if (gap < Math.floor(least) - tick) {
        const message = `${key} was probed ${gap} ms after probe ${known.failures} in a row that failed, not ${least}`
        yield { invariant: 5, message, at: sentAt }
      }
    }
    this.#probes.set(`${provider}#${key}`, { failures: known?.failures ?? 0, sentAt })
  }

  #probed(exchange: Exchange): void {
    const name = `${exchange.provider}#${exchange.key}`
    const known = this.#probes.get(name)
    // One that was under way when its removal ended counts for no other.
    if (known === undefined || known.sentAt !== exchange.sentAt) return
    // One that a reload gave up says nothing, and is made again.
    if (this.#facts.isGivenUp(exchange)) return void this.#probes.delete(name)
    // A paid probe is proved by any 200 with a body, whatever is wrong with the completion in it.
    const answered = exchange.how === "end" && exchange.status === 200
    const failed = !answered || (exchange.fault !== undefined && exchange.model === undefined)
    this.#probes.set(name, { ...known, failures: failed ? known.failures + 1 : 0 })
  }

  *#watch(provider: string, key: string, since: number | undefined, now: number): Generator<Violation> {
    const name = `${provider}#${key}`
    const known = this.#removed.get(name)
    if (since === undefined) {
      this.#removed.delete(name)
      if (known !== undefined) yield* this.#judgeReturn(provider, key, known.since, now)
    } else if (known?.since !== since) {
      this.#removed.set(name, { provider, key, since })
      if (known === undefined) this.#probes.delete(name)
    }
  }

  *#judgeReturn(provider: string, key: string, since: number, now: number): Generator<Violation> {
    const { healthCheckModel } = this.#facts.plan.providers[provider]?.keyFailover ?? {}
    const well = this.#facts.plan.faults
      .filter((fault) => fault.from < now && Truth.strikes(fault, provider, fault.model, key))
      .filter(({ model }) => model === undefined || model === healthCheckModel)
      .reduce((last, fault) => Math.max(last, Math.min(fault.until, now)), since)
    const policy = this.#facts.policy(provider)
    const limit = well + this.#patience(policy, well - since)
    if (now <= limit) return
    const message = `${key}, removed at ${since} and well since ${well}, was still out at ${Math.round(now)}, not back by ${Math.round(limit)}`
    yield { invariant: 6, message, at: now }
  }

  /** The longest that a key may stay out after it is well, given how long it was not: what its last wait can have grown to. */
  #patience({ interval, nature, successThreshold, timeout }: Policy, bad: number): number {
    const base = Math.max(interval, spec.balanceInterval)
    const wait = Math.min(Math.max(base, spec.probeCap), (bad + timeout) / spec.jitter + base)
    const round = interval + Math.min(timeout, nature.latency[1]) + tick
    return wait + timeout + successThreshold * round + 1_000
  }
}
