/**
 * One request in the hands of an adapter: the plan to carry out and the journal entry to keep.
 */
import type { Clock } from "../../Clock.ts"
import type { Draft, End, Entry } from "../../Journal.ts"
import type { Batch, Plan } from "../../Plan.ts"
import { mask } from "../key/KeyMask.ts"
import * as Director from "../plan/Director.ts"
import * as Visit from "../plan/Visit.ts"
import type { World } from "../plan/World.ts"
import type { Message } from "../vendor/ChatRequest.ts"

/** What an adapter gets for an arrival. It reports what it did; the first ending counts. */
export interface Delivery {
  readonly plan: Plan
  readonly clock: Clock
  readonly entry: Entry
  /** The head of the response went out. */
  opened(): void
  /** So many bytes went out, which are that batch of the body. */
  sent(bytes: number, batch: Batch): void
  /** The response ended. */
  ended(end: Exclude<End, "open">): void
  /** Runs once the response has ended, however it did. */
  onEnd(task: () => void): void
}

const longestResult = 200

const noResults: ReadonlyArray<string> = []

const resultsIn = (messages: ReadonlyArray<Message>): ReadonlyArray<string> => {
  if (messages.at(-1)?.role === "user") return noResults
  const last = messages.findLastIndex(({ role }) => role === "user")
  return messages
    .slice(last + 1)
    .filter(({ role }) => role === "tool")
    .map(({ text }) => text.slice(0, longestResult))
}

const begin = (visit: Visit.Visit, plan: Plan): Draft => {
  const { arrival, key, keyId, record, account, scene, world, call, attempt, reading } = visit
  const { clock, journal } = world
  const entry: Draft = {
    ordinal: journal.total + 1,
    arrivedAt: clock.now(),
    status: 0,
    bytes: 0,
    chunks: 0,
    end: "open",
    adapter: arrival.adapter,
    vendor: arrival.vendor,
    method: arrival.method,
    path: arrival.path,
    key: key === "" ? "" : mask(key),
    keyId,
    keyName: record?.name ?? keyId,
    account,
    model: scene.model,
    stream: scene.stream,
    recipe: plan.recipe
  }
  if (call !== undefined) {
    entry.call = call
    entry.attempt = attempt
  }
  if (reading?._tag === "Request") {
    const { maxTokens, messages } = reading.request
    if (maxTokens !== undefined) entry.maxTokens = maxTokens
    const results = resultsIn(messages)
    if (results.length > 0) entry.toolResults = results
  }
  const totalTokens = plan.steps.findLast((step) => step.totalTokens !== undefined)?.totalTokens
  if (totalTokens !== undefined) entry.totalTokens = totalTokens
  return journal.begin(entry)
}

/** Milliseconds of a plan's Retry-After, which is in the time of those who call. */
const waitOf = (plan: Plan, clock: Clock): number | undefined => {
  const value = plan.headers.find(([name]) => name === "retry-after")?.[1]
  if (value === undefined) return undefined
  const { now, speed } = clock.callers ?? { now: clock.now, speed: 1 }
  return (/^\d+$/.test(value) ? Number(value) * 1000 : Math.max(0, Date.parse(value) - now())) * speed
}

class Living implements Delivery {
  readonly plan: Plan
  readonly clock: Clock
  readonly entry: Draft
  readonly #visit: Visit.Visit
  readonly #admitted: boolean
  #tasks: Array<() => void> | undefined

  constructor(visit: Visit.Visit, { admitted, plan }: Director.Decision) {
    this.plan = plan
    this.clock = visit.world.clock
    this.entry = begin(visit, plan)
    this.#visit = visit
    this.#admitted = admitted
  }

  opened(): void {
    const { clock, entry, plan } = this
    entry.status = plan.status
    entry.headersAt = clock.now()
    const wait = waitOf(plan, clock)
    if (wait !== undefined) entry.retryAfter = wait
    this.#touch()
  }

  sent(bytes: number, { chunks, finish }: Batch): void {
    const { clock, entry } = this
    if (entry.end !== "open") return
    entry.bytes += bytes
    entry.chunks += chunks
    if (finish !== undefined) entry.finish = finish
    entry.firstByteAt ??= clock.now()
    this.#touch()
  }

  ended(end: Exclude<End, "open">): void {
    const { clock, entry } = this
    if (entry.end !== "open") return
    entry.end = end
    entry.endedAt = clock.now()
    if (end === "client-left") entry.left = { after: entry.endedAt - entry.arrivedAt, chunk: entry.chunks }
    const { account, scene, world } = this.#visit
    if (this.#admitted) world.limits.release(account, scene.model)
    for (const task of this.#tasks ?? []) task()
    this.#touch()
  }

  onEnd(task: () => void): void {
    this.#tasks ??= []
    this.#tasks.push(task)
  }

  #touch(): void {
    this.#visit.world.journal.touch(this.entry)
  }
}

/** Receives a request: decides, and opens its journal entry. */
export const receive = (world: World, arrival: Visit.Arrival): Delivery => {
  const visit = Visit.make(world, arrival)
  return new Living(visit, Director.decide(visit))
}
