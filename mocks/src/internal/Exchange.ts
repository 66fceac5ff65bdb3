/**
 * One request in the hands of an adapter: the plan to carry out and the journal entry to keep.
 */
import type { Clock } from "../Clock.ts"
import type { Draft, End, Entry } from "../Journal.ts"
import type { Plan } from "../Plan.ts"
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
  /** Bytes of the body went out. */
  sent(bytes: number, chunks: number): void
  /** The response ended. */
  ended(end: Exclude<End, "open">): void
  /** Runs once the response has ended, however it did. */
  onEnd(task: () => void): void
}

const begin = (visit: Visit.Visit, plan: Plan): Draft => {
  const { arrival, key, keyId, record, account, scene, world } = visit
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
    recipe: plan.recipe
  })
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
      journal.touch(entry)
    },
    sent: (bytes, chunks) => {
      if (entry.end !== "open") return
      entry.bytes += bytes
      entry.chunks += chunks
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
