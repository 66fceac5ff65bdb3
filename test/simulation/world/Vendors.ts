/**
 * The vendors of a plan, as an `Upstream` inside the process: each request is played from its script on the virtual clock,
 * and everything that goes over the port is written to the journal.
 */
import {
  Upstream,
  type UpstreamCall,
  type UpstreamHandler,
  type UpstreamRequest
} from "@understudy/core/upstream/Upstream"
import type { Timer, VirtualTime } from "@understudy/lab/run/VirtualTime"
import * as Prng from "@understudy/lab/traffic/Prng"
import type { Exchange, Journal } from "./Journal.ts"
import { type CallPlan, type Fault, keysOf, type Plan } from "./Plan.ts"
import * as Script from "./Script.ts"
import * as Truth from "./Truth.ts"

interface Vendor {
  readonly name: string
  readonly type: Script.Ask["type"]
  readonly keys: ReadonlySet<string>
}

/** The beginning of an answer that a request asks to be gone on with. */
const prefillOf = ({ messages }: Record<string, unknown>): string | undefined => {
  const last = (messages as ReadonlyArray<{ readonly role: string; readonly content: string }>).at(-1)
  return last?.role === "assistant" ? last.content : undefined
}

/** The origin at which a provider of a plan listens. */
export const originOf = (provider: string): string => `http://${provider}.test`

class Play implements UpstreamCall {
  readonly #world: World
  readonly #exchange: Exchange
  readonly #handler: UpstreamHandler
  readonly #steps: ReadonlyArray<Script.Step>
  #next = 0
  /** Choices that are not finished. */
  #open: number
  #timer: Timer | undefined
  #paused = false
  #held = false

  constructor(world: World, exchange: Exchange, steps: ReadonlyArray<Script.Step>, handler: UpstreamHandler) {
    this.#world = world
    this.#exchange = exchange
    this.#steps = steps
    this.#open = exchange.choices
    this.#handler = handler
    this.#schedule()
  }

  abort(): void {
    if (this.#exchange.endedAt !== undefined) return
    if (this.#timer !== undefined) this.#world.time.cancel(this.#timer)
    this.#world.ended(this.#exchange, "aborted")
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    if (!this.#held || this.#exchange.endedAt !== undefined) return
    this.#held = false
    this.#timer = this.#world.time.after(0, () => this.#play())
  }

  #schedule(): void {
    const step = this.#steps[this.#next]
    if (step !== undefined) this.#timer = this.#world.time.after(step.after, () => this.#play())
  }

  #play(): void {
    if (this.#paused) {
      this.#held = true
      return
    }
    const step = this.#steps[this.#next++]
    if (step === undefined || this.#exchange.endedAt !== undefined) return
    this.#do(step)
    if (this.#exchange.endedAt === undefined) this.#schedule()
  }

  #do(step: Script.Step): void {
    const exchange = this.#exchange
    const { now } = this.#world.time
    switch (step.tag) {
      case "connected":
        exchange.connectedAt = now
        return this.#handler.onConnected()
      case "headers":
        exchange.status = step.status
        return this.#handler.onHeaders(step.status, step.headers)
      case "data": {
        exchange.frames.push(...step.frames)
        if (step.content) exchange.contentAt.push(now)
        if (!exchange.stream) exchange.body += step.text
        if (exchange.stream) this.#finish(step.frames, now)
        return this.#handler.onData(Buffer.from(step.text))
      }
      case "end":
        if (!exchange.stream) this.#whole(now)
        this.#world.ended(exchange, "end")
        return this.#handler.onEnd()
      case "error":
        this.#world.ended(exchange, "error")
        return this.#handler.onError({ code: step.code, message: `read ${step.code}` })
    }
  }

  #finish(frames: ReadonlyArray<string>, now: number): void {
    for (const each of frames) if (each.includes('"finish_reason":"stop"')) this.#open--
    if (this.#open <= 0) this.#whole(now)
  }

  #whole(now: number): void {
    const { fault, flawed } = this.#exchange
    if (flawed || (fault !== undefined && fault.kind !== "slow") || this.#exchange.wholeAt !== undefined) return
    this.#exchange.whole = true
    this.#exchange.wholeAt = now
  }
}

/** The vendors and the journal of one run. */
export class World {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly journal: Journal
  readonly upstream: Upstream["Service"]
  readonly #vendors: ReadonlyMap<string, Vendor>
  readonly #calls: ReadonlyMap<string, CallPlan>
  readonly #nth = new Map<string, number>()
  readonly #faults = new Map<string, ReadonlyArray<Fault>>()

  constructor(plan: Plan, time: VirtualTime, journal: Journal) {
    this.plan = plan
    this.time = time
    this.journal = journal
    this.#calls = new Map(plan.calls.map((call) => [call.id, call]))
    this.#vendors = new Map(
      Object.entries(plan.providers).map(([name, provider]) => [
        originOf(name),
        { name, type: provider.type, keys: new Set(keysOf(provider).map(({ value }) => value)) }
      ])
    )
    for (const name of Object.keys(plan.providers)) {
      this.#faults.set(
        name,
        plan.faults.filter(({ provider }) => provider === name)
      )
    }
    this.upstream = Upstream.of({ send: (request, handler) => this.#send(request, handler) })
  }

  /** Writes the end of an exchange. */
  ended(exchange: Exchange, how: NonNullable<Exchange["how"]>): void {
    exchange.endedAt = this.time.now
    exchange.how = how
    this.journal.entries.push({ at: this.time.now, tag: "ended", exchange })
  }

  #send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const vendor = this.#vendors.get(request.origin)
    if (vendor === undefined) throw new Error(`nobody listens at ${request.origin}`)
    const key = (request.headers["authorization"] ?? "").slice("Bearer ".length)
    if (!vendor.keys.has(key)) throw new Error(`${vendor.name} was sent a key of somebody else's`)
    const body = request.body === undefined ? undefined : (JSON.parse(request.body) as Record<string, unknown>)
    const model = body === undefined ? undefined : String(body["model"])
    const call = body === undefined ? undefined : this.#calls.get(String(body["user"]))
    const nth = this.#count(`${call?.id ?? `probe/${key}`}/${vendor.name}`)
    const luck = Prng.stream(this.plan.seed, `vendor/${vendor.name}/${call?.id ?? `probe/${key}`}/${nth}`)
    const fault = this.#strike(vendor, model, key, luck)
    const exchange: Exchange = {
      n: this.journal.exchanges.length,
      provider: vendor.name,
      model,
      key,
      call: call?.id,
      stream: body?.["stream"] === true,
      choices: call?.choices ?? 1,
      prefill: body === undefined ? undefined : prefillOf(body),
      sentAt: this.time.now,
      fault,
      flawed: fault === undefined && call?.flaw !== undefined,
      id: `${vendor.name}-${call?.id ?? "probe"}-${nth}`,
      contentAt: [],
      frames: [],
      body: "",
      whole: false
    }
    this.journal.exchanges.push(exchange)
    this.journal.entries.push({ at: this.time.now, tag: "sent", exchange })
    return new Play(this, exchange, this.#script(vendor, exchange, request.path, call, luck), handler)
  }

  #count(name: string): number {
    const nth = (this.#nth.get(name) ?? 0) + 1
    this.#nth.set(name, nth)
    return nth
  }

  #strike(vendor: Vendor, model: string | undefined, key: string, luck: Prng.Prng): Fault | undefined {
    return this.#faults.get(vendor.name)?.find((fault) => {
      if (!Truth.isOn(fault, this.time.now) || !Truth.strikes(fault, vendor.name, model, key)) return false
      if (model === undefined && !Truth.isShownToProbes(fault)) return false
      return fault.share === undefined || luck.chance(fault.share)
    })
  }

  #script(
    vendor: Vendor,
    exchange: Exchange,
    path: string,
    call: CallPlan | undefined,
    luck: Prng.Prng
  ): ReadonlyArray<Script.Step> {
    const { choices, fault, id, key, model, prefill, stream } = exchange
    const nature = this.plan.natures[vendor.name]!
    const unix = this.time.unix - (this.plan.skew ?? 0)
    const ask: Script.Ask = {
      type: vendor.type,
      id,
      model: model ?? "",
      stream,
      nature,
      luck,
      key,
      choices,
      prefill,
      unix
    }
    const isBalance = path.endsWith("/balance")
    if (fault !== undefined) {
      const poor = Truth.truths[fault.kind].scope === "account"
      // An endpoint of balances answers 200 to an account in arrears, and says so in the body.
      return poor && isBalance ? Script.listing(ask, true, false) : Script.faulty(ask, fault)
    }
    if (model === undefined) return Script.listing(ask, isBalance, true)
    if (prefill !== undefined && luck.chance(0.2)) return Script.flawed(ask, "invalid")
    return call?.flaw === undefined ? Script.good(ask) : Script.flawed(ask, call.flaw)
  }
}
