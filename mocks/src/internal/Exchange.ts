/**
 * One request in the hands of an adapter: the plan to carry out and the journal entry to keep.
 */
import type { Clock } from "../Clock.ts"
import type { Draft, End, Entry } from "../Journal.ts"
import type { Batch, Plan } from "../Plan.ts"
import * as Director from "./Director.ts"
import { mask } from "./KeyMask.ts"
import * as Visit from "./Visit.ts"
import type { World } from "./World.ts"

/** What an adapter gets for an arrival. It reports what it did; the first ending counts. */
export interface Exchange {
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

const begin = (visit: Visit.Visit, plan: Plan): Draft => {
  const { arrival, key, keyId, record, account, scene, world, call, attempt, reading } = visit
  const maxTokens = reading?._tag === "Request" ? reading.request.maxTokens : undefined
  const totalTokens = plan.steps.findLast((step) => step.totalTokens !== undefined)?.totalTokens
  return world.journal.begin({
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
    recipe: plan.recipe,
    ...(call === undefined ? {} : { call, attempt }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(totalTokens === undefined ? {} : { totalTokens })
  })
}

/** Milliseconds of a plan's Retry-After. */
const waitOf = (plan: Plan, now: number): number | undefined => {
  const value = plan.headers.find(([name]) => name === "retry-after")?.[1]
  if (value === undefined) return undefined
  return /^\d+$/.test(value) ? Number(value) * 1000 : Math.max(0, Date.parse(value) - now)
}

/** Receives a request: decides, and opens its journal entry. */
export const receive = (world: World, arrival: Visit.Arrival): Exchange => {
  const visit = Visit.make(world, arrival)
  const { plan, admitted } = Director.decide(visit)
  const { clock, journal, limits } = world
  const entry = begin(visit, plan)
  const tasks: Array<() => void> = admitted ? [() => limits.release(visit.account, visit.scene.model)] : []
  return {
    plan,
    clock,
    entry,
    opened: () => {
      entry.status = plan.status
      entry.headersAt = clock.now()
      const wait = waitOf(plan, entry.headersAt)
      if (wait !== undefined) entry.retryAfter = wait
      journal.touch(entry)
    },
    sent: (bytes, { chunks, finish }) => {
      if (entry.end !== "open") return
      entry.bytes += bytes
      entry.chunks += chunks
      if (finish !== undefined) entry.finish = finish
      entry.firstByteAt ??= clock.now()
      journal.touch(entry)
    },
    ended: (end) => {
      if (entry.end !== "open") return
      entry.end = end
      entry.endedAt = clock.now()
      if (end === "client-left") entry.left = { after: entry.endedAt - entry.arrivedAt, chunk: entry.chunks }
      for (const task of tasks) task()
      journal.touch(entry)
    },
    onEnd: (task) => void tasks.push(task)
  }
}
