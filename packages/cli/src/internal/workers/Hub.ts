/**
 * What stands between the processes of one machine: keeps the latest change about each subject for those who come later, hands on
 * what is new, and leases probes. The first process is a replica as well, which is how an operator sees and changes keys.
 */
import { Sharing } from "@understudy/core"
import * as Effect from "effect/Effect"

/** Where changes are handed on to. */
export type Hear = (changes: ReadonlyArray<Sharing.Change>) => void

/** Between processes. */
export class Hub {
  readonly #now: () => number
  readonly #known = new Map<string, Sharing.Change>()
  readonly #members = new Map<string, Hear>()
  readonly #leases = new Map<string, number>()

  /** Makes one; `now` is Unix milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Lets one in, and tells it what is known; the result lets it out. */
  join(origin: string, hear: Hear): () => void {
    this.#members.set(origin, hear)
    const now = this.#now()
    for (const [subject, change] of this.#known) if (Sharing.isOver(change, now)) this.#known.delete(subject)
    hear([...this.#known.values()])
    return () => void this.#members.delete(origin)
  }

  /** Keeps a change and hands it on, unless a later one is known. */
  tell(origin: string, change: Sharing.Change): void {
    const subject = Sharing.subjectOf(change)
    if (!Sharing.isNewer(change, this.#known.get(subject))) return
    this.#known.set(subject, change)
    for (const [other, hear] of this.#members) if (other !== origin) hear([change])
  }

  /** Leave for the first that asks within the time. */
  lease(name: string, millis: number): boolean {
    const now = this.#now()
    for (const [other, until] of this.#leases) if (until <= now) this.#leases.delete(other)
    if (this.#leases.has(name)) return false
    this.#leases.set(name, now + millis)
    return true
  }

  /** How the process that the hub is in shares. */
  sharing(origin: string): Sharing.Sharing {
    return {
      origin,
      publish: (change) => this.tell(origin, change),
      lease: (name, millis) => Effect.sync(() => this.lease(name, millis)),
      join: (member) =>
        Effect.acquireRelease(
          Effect.sync(() => this.join(origin, (changes) => changes.forEach(member.hear))),
          (leave) => Effect.sync(leave)
        )
    }
  }
}
