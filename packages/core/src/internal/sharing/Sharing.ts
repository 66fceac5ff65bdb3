/**
 * What replicas of one configuration tell each other: which keys are out, limited or back, which circuits are open, and who of
 * them probes. By default there is one replica, and nothing is told.
 *
 * ```
 * KeyPool, Circuits ──change──▶ Replica ──publish──▶ Sharing (IPC, Redis, a test's hub) ──▶ Replica ──▶ KeyPool, Circuits
 * ```
 *
 * A call reads its own replica's memory and never waits for another: what is shared is as old as its way took. A change says
 * when it happened and at whom; of two about the same thing the later one holds, so that each may come twice, late, or in any
 * order. Times are Unix milliseconds of the replicas' clocks, which agree as well as the machines' do.
 *
 * @see Replica for what one of them keeps
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { KeyChange } from "../../key/KeyPool.ts"
import type { CircuitChange } from "../health/Circuits.ts"

/** What is known of one key, of one key for one model, or of one circuit. */
export type Fact = KeyChange | CircuitChange

/** A fact, and when and where it came about. */
export interface Change {
  /** The provider's name, and a fingerprint of its address: another vendor under the same name is another provider. */
  readonly provider: string
  readonly fact: Fact
  /** Unix milliseconds; later than every change that its replica knew then. */
  readonly at: number
  /** The replica that found it out. */
  readonly origin: string
}

/** One replica, for those who carry changes. */
export interface Member {
  /** Takes a change from elsewhere. One that is known, or older than what is known, changes nothing. */
  readonly hear: (change: Change) => void
  /** What this replica knows, for those who lack it. */
  readonly known: () => ReadonlyArray<Change>
}

/** Carries changes between replicas. */
export interface Sharing {
  /** The name of this replica: no other has it, nor had it. */
  readonly origin: string
  /** Tells the others. Returns at once, and must not throw: what cannot be told now is told by `known` later. */
  readonly publish: (change: Change) => void
  /** Brings a replica in for as long as the scope is open. Returns at once: what others know comes when it comes. */
  readonly join: (member: Member) => Effect.Effect<void, never, Scope.Scope>
  /**
   * Leave to do what is named, for one replica: whoever asks again within `millis` milliseconds has none. Where the others
   * cannot be asked, everybody has leave.
   */
  readonly lease: (name: string, millis: number) => Effect.Effect<boolean>
}

/** One replica: tells nobody, and may do everything. */
export const alone: Sharing = {
  origin: "",
  publish: () => {},
  join: () => Effect.void,
  lease: () => Effect.succeed(true)
}

/** How this replica shares. */
export const Sharing: Context.Reference<Sharing> = Context.Reference<Sharing>("understudy/core/Sharing", {
  defaultValue: () => alone
})

/** What a change is about. Of two changes about the same, the later one holds. */
export const subjectOf = ({ fact, provider }: Change): string => {
  switch (fact._tag) {
    case "Key":
      return JSON.stringify([fact._tag, provider, fact.key])
    case "KeyModel":
      return JSON.stringify([fact._tag, provider, fact.key, fact.model, fact.reason])
    case "Circuit":
      return JSON.stringify([fact._tag, provider, fact.model])
  }
}

/** True when a change holds against the other one about the same; the replica's name decides between two of one millisecond. */
export const isNewer = (change: Change, than: Change | undefined): boolean =>
  than === undefined || change.at > than.at || (change.at === than.at && change.origin > than.origin)

/** Time after which nobody needs a change any more, in milliseconds: no limit and no circuit lasts as long. A day. */
const keep = 86_400_000

/** True when a change may be forgotten. What an operator said holds until an operator says something else. */
export const isOver = ({ at, fact }: Change, now: number): boolean =>
  now - at > keep && !(fact._tag === "Key" && fact.state._tag === "Disabled")
