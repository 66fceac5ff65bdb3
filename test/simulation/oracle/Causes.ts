/**
 * Invariant 4: what the engine holds against a key or a target has a cause, at that very instant, that is the key's or the
 * target's fault. A caller's own mistake, and a caller who leaves, is none. At the end, a key that nothing was ever wrong with
 * is as it was at the beginning.
 */

import * as ApiKey from "@understudy/core/key/ApiKey"
import type { Event } from "@understudy/core/telemetry/Event"
import * as Redacted from "effect/Redacted"
import type { Entry, Exchange } from "../world/Journal.ts"
import type { Facts, KeyNews } from "./Facts.ts"
import type { Violation } from "./Violation.ts"

const removes: ReadonlySet<KeyNews> = new Set(["unauthorized", "arrears"])
const cools: ReadonlySet<KeyNews> = new Set(["limited", "forbidden"])

/** Checks what the engine tells about itself against what it was served. */
export class Causes {
  readonly #facts: Facts
  /** By provider, once something is told of its keys: each one's value by its id. */
  readonly #values = new Map<string, ReadonlyMap<string, string>>()
  #ended: Array<Exchange> = []
  #endedAt = -1

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** Looks at one entry. */
  *check(entry: Entry): Generator<Violation> {
    if (entry.tag === "ended") {
      if (entry.at !== this.#endedAt) this.#ended = []
      this.#endedAt = entry.at
      this.#ended.push(entry.exchange)
    }
    if (entry.tag !== "told") return
    const causes = this.#endedAt === entry.at ? this.#ended : []
    if (!this.#isCaused(entry.event, causes)) {
      yield { invariant: 4, message: `${JSON.stringify(entry.event)} has no cause`, at: entry.at }
    }
  }

  /** Looks at the keys at the end. */
  *end(): Generator<Violation> {
    const blamed = new Set(
      this.#facts.journal.exchanges
        .filter((exchange) => exchange.fault !== undefined)
        .flatMap((exchange) =>
          this.#account(exchange.provider, exchange.key).map((key) => `${exchange.provider}#${key}`)
        )
    )
    interface Pool {
      readonly provider: string
      readonly keys: ReadonlyArray<{
        readonly id: string
        readonly state: Record<string, unknown>
        readonly models: object
      }>
    }
    for (const { keys, provider } of JSON.parse(this.#facts.journal.keys) as ReadonlyArray<Pool>) {
      for (const { id, models, state } of keys) {
        if (state["_tag"] === "Available" && state["consecutiveFailures"] === 0 && Object.keys(models).length === 0)
          continue
        if (blamed.has(`${provider}#${this.#valueOf(provider, id) ?? ""}`)) continue
        const message = `${provider}#${id} is held ${JSON.stringify({ state, models })} against, without a fault`
        yield { invariant: 4, message, at: this.#facts.plan.horizon }
      }
    }
  }

  #isCaused(event: Event, causes: ReadonlyArray<Exchange>): boolean {
    const { provider: at } = "provider" in event ? event : { provider: undefined }
    const ofProvider = causes.filter(({ provider }) => provider === at)
    switch (event._tag) {
      case "KeyRemoved":
        return ofProvider.some((each) => this.#concerns(each, event.key) && removes.has(this.#facts.newsOf(each)))
      case "KeyCooling":
        return ofProvider.some(
          (each) => this.#concerns(each, event.key) && each.model === event.model && cools.has(this.#facts.newsOf(each))
        )
      case "CircuitChanged":
        return (
          event.to !== "Open" ||
          ofProvider.some((each) => each.model === event.model && this.#facts.isTargetsFault(each))
        )
      default:
        return true
    }
  }

  #concerns(exchange: Exchange, id: string): boolean {
    const key = this.#valueOf(exchange.provider, id)
    return key === undefined ? exchange.key === "" : this.#account(exchange.provider, exchange.key).includes(key)
  }

  #valueOf(provider: string, id: string): string | undefined {
    let values = this.#values.get(provider)
    if (values === undefined) {
      const keys = this.#facts.plan.providers[provider]?.keys ?? []
      const made = keys.map((key) => ApiKey.make(Redacted.make(typeof key === "string" ? key : key.value)))
      values = new Map(
        ApiKey.distinct(made).map(({ id: each, value }) => [each, value === undefined ? "" : Redacted.value(value)])
      )
      this.#values.set(provider, values)
    }
    return values.get(id)
  }

  #account(provider: string, key: string): ReadonlyArray<string> {
    const { keys } = this.#facts.policy(provider)
    const account = keys.find(({ value }) => value === key)?.account
    return keys.filter((each) => each.account === account).map(({ value }) => value)
  }
}
