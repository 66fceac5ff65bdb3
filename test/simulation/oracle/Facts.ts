/**
 * What the oracle knows before it looks at a journal: the steps of each route, the limits and policies with their defaults as
 * the specification states them, and what each exchange means by the schedule.
 *
 * Written from the specification, not from the engine: the defaults are repeated here on purpose.
 */
import type { ProviderOptions, RouteOptions } from "@understudy/core/config/Options"
import type { CallRecord, Exchange, Journal } from "../world/Journal.ts"
import { type KeyPlan, keysOf, millis, type Nature, type Plan } from "../world/Plan.ts"
import * as Truth from "../world/Truth.ts"

/** The clock's resolution, and what the engine may take to act. */
export const tick = 2

/** One (provider, model) pair of a route. */
export interface Step {
  readonly provider: string
  readonly model: string
  readonly isFirst: boolean
}

/** A provider's policies, defaults filled in. Times in milliseconds. */
export interface Policy {
  readonly keys: ReadonlyArray<KeyPlan>
  readonly failureThreshold: number
  readonly successThreshold: number
  readonly interval: number
  readonly timeout: number
  readonly whenExhausted: string
  readonly openCap: number
  readonly slowStart: number
  readonly connect: number
  readonly firstContent: number | undefined
  readonly idle: number
  readonly answer: number | undefined
  readonly nature: Nature
}

/** A route, defaults filled in. */
export interface RouteFacts {
  readonly steps: ReadonlyArray<Step>
  readonly total: number
  readonly waitUpTo: number
  readonly buffered: boolean
  readonly folded: boolean
  readonly continues: boolean
  readonly hedges: boolean
  readonly on: NonNullable<RouteOptions["on"]>
}

/** Constants of the specification, in milliseconds. */
export const spec = {
  failureWindow: 600_000,
  balanceInterval: 60_000,
  probeCap: 600_000,
  coolDown: 1_000,
  coolDownCap: 60_000,
  permissionCoolDown: 600_000,
  permissionCap: 3_600_000,
  firstContent: 10_000,
  answer: 120_000,
  /** Jitter takes up to a fifth off a backoff, and puts up to a fifth on top of a stated wait, or this many milliseconds. */
  jitter: 0.8,
  jitterLeast: 250,
  /** A stated wait counts for so long. */
  statedCap: 3_600_000,
  again: 300,
  linger: 1_000
} as const

const or = (text: string | undefined, fallback: number): number => (text === undefined ? fallback : millis(text))

const policyOf = (options: ProviderOptions, nature: Nature): Policy => {
  const { circuit, deadlines, keyFailover } = options
  return {
    keys: keysOf(options),
    failureThreshold: keyFailover?.failureThreshold ?? 1,
    successThreshold: keyFailover?.successThreshold ?? 1,
    interval: or(keyFailover?.healthCheckInterval, 5_000),
    timeout: or(keyFailover?.healthCheckTimeout, 10_000),
    whenExhausted: keyFailover?.whenExhausted ?? "fallback",
    openCap: or(circuit?.openCap, 120_000),
    slowStart: or(circuit?.slowStart, 10_000),
    connect: or(deadlines?.connect, 5_000),
    firstContent: deadlines?.firstContent === undefined ? undefined : millis(deadlines.firstContent),
    idle: or(deadlines?.idle, 20_000),
    answer: deadlines?.answer === undefined ? undefined : millis(deadlines.answer),
    nature
  }
}

const routeOf = (route: RouteOptions): RouteFacts => ({
  steps: [
    ...route.targets.map(({ model, provider }) => ({
      provider,
      model: model ?? "",
      isFirst: route.targets.length === 1
    })),
    ...(route.fallback ?? []).map(({ model, provider }) => ({ provider, model: model ?? "", isFirst: false }))
  ],
  total: or(route.deadlines?.total, 600_000),
  waitUpTo: or(route.waitUpTo, 3_000),
  buffered: route.delivery === "buffered",
  folded: route.upstream === "streamed",
  continues: route.afterCommit === "continue",
  hedges: route.hedge !== undefined,
  on: route.on ?? {}
})

/** What an exchange did to the key that it used, by the schedule. */
export type KeyNews = "ok" | "unauthorized" | "arrears" | "limited" | "forbidden" | "none"

const news: Partial<Record<Truth.Scope, KeyNews>> = {
  key: "unauthorized",
  account: "arrears",
  limit: "limited",
  permission: "forbidden"
}

/** Everything that follows from a journal's plan alone, with the calls and exchanges sorted to one another. */
export class Facts {
  readonly plan: Plan
  readonly journal: Journal
  readonly #policies: ReadonlyMap<string, Policy>
  readonly #routes: ReadonlyMap<string, RouteFacts>
  readonly #calls: ReadonlyMap<string, CallRecord>
  readonly #exchanges: ReadonlyMap<string | undefined, ReadonlyArray<Exchange>>

  constructor(journal: Journal) {
    this.journal = journal
    this.plan = journal.plan
    const { natures, providers, routes } = this.plan
    this.#policies = new Map(
      Object.entries(providers).map(([name, options]) => [name, policyOf(options, natures[name]!)])
    )
    this.#routes = new Map(routes.map((route) => [route.match.model.exact ?? "", routeOf(route)]))
    this.#calls = new Map(journal.calls.map((call) => [call.plan.id, call]))
    this.#exchanges = Map.groupBy(journal.exchanges, ({ call }) => call)
  }

  /** A provider's policy. */
  policy(provider: string): Policy {
    return this.#policies.get(provider)!
  }

  /** A call's route. */
  route(call: CallRecord): RouteFacts {
    return this.#routes.get(call.plan.model)!
  }

  /** A call by its id. */
  call(id: string): CallRecord {
    return this.#calls.get(id)!
  }

  /** The exchanges of a call in the order in which they were sent. */
  exchangesOf(call: CallRecord): ReadonlyArray<Exchange> {
    return this.#exchanges.get(call.plan.id) ?? []
  }

  /** The probes of keys in the order in which they were sent. */
  get probes(): ReadonlyArray<Exchange> {
    return this.#exchanges.get(undefined) ?? []
  }

  /** When the call's time is up. */
  dueAt(call: CallRecord): number {
    return call.startedAt + this.route(call).total
  }

  /** True when the caller was gone by the end of the exchange: the engine need not have learnt from it. */
  isUnheard(exchange: Exchange): boolean {
    const left = exchange.call === undefined ? undefined : this.call(exchange.call).leftAt
    return left !== undefined && left <= (exchange.endedAt ?? left)
  }

  /** True when the engine need not have learnt from a whole answer: its caller was gone, or the other side of a hedge had won. */
  isUncertain(exchange: Exchange): boolean {
    const { call, how } = exchange
    if (this.isUnheard(exchange)) return true
    return how === "aborted" && call !== undefined && this.route(this.call(call)).hedges
  }

  /** True for a probe that ended with the configuration it was made under. */
  isGivenUp({ call, endedAt, how }: Exchange): boolean {
    return call === undefined && how === "aborted" && this.plan.reloads?.includes(endedAt ?? -1) === true
  }

  /** What an exchange that has ended says of its key. */
  newsOf(exchange: Exchange): KeyNews {
    if (exchange.whole) return "ok"
    if (exchange.fault === undefined || exchange.how !== "end") return "none"
    return news[Truth.truths[exchange.fault.kind].scope] ?? "none"
  }

  /** True when an exchange that has ended counts against its target. */
  isTargetsFault(exchange: Exchange): boolean {
    if (exchange.whole || exchange.model === undefined || this.isUnheard(exchange)) return false
    // Silence until a deadline, whatever would have been answered at last.
    if (exchange.how === "aborted") return true
    return !exchange.flawed && exchange.fault !== undefined && Truth.truths[exchange.fault.kind].scope === "target"
  }
}
