/** Replicas of the core on the test's clock, and the way between them: as slow as is wanted, cut where it is wanted. */
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { UnderstudyOptions } from "../../src/config/Options.ts"
import type { Failover } from "../../src/failover/Failover.ts"
import * as ChangeText from "../../src/internal/sharing/ChangeText.ts"
import { type Change, isNewer, type Member, Sharing, subjectOf } from "../../src/internal/sharing/Sharing.ts"
import type { Understudy } from "../../src/Understudy.ts"
import { makeWorld, type Play, type Seen, understudy, type World } from "../support.ts"

/** What stands between the replicas, as Redis would. */
export class Hub {
  readonly members = new Map<string, Member>()
  readonly stored = new Map<string, Change>()
  readonly leases = new Set<string>()
  /** Milliseconds from one replica to another. */
  latency: number
  isDown = false

  constructor(latency: number) {
    this.latency = latency
  }

  /** How one replica shares. */
  sharing(origin: string): Effect.Effect<Sharing> {
    return Effect.map(Effect.context<never>(), (context): Sharing => {
      const later = (run: () => void): void =>
        void Effect.runForkWith(context)(Effect.andThen(Effect.sleep(Duration.millis(this.latency)), Effect.sync(run)))
      const publish = (change: Change): void => {
        if (this.isDown) return
        // Over the wire, so that nothing is shared that could not be sent.
        const sent = Option.getOrThrow(ChangeText.fromText(ChangeText.toText(change)))
        const subject = subjectOf(sent)
        if (isNewer(sent, this.stored.get(subject))) this.stored.set(subject, sent)
        for (const member of this.members.values()) later(() => this.isDown || member.hear(sent))
      }
      const sync = (member: Member): void => {
        for (const change of this.stored.values()) member.hear(change)
        for (const change of member.known()) if (isNewer(change, this.stored.get(subjectOf(change)))) publish(change)
      }
      return {
        origin,
        publish,
        join: (member) =>
          Effect.gen({ self: this }, function* () {
            this.members.set(origin, member)
            yield* Effect.addFinalizer(() => Effect.sync(() => this.members.delete(origin)))
            const each = Effect.andThen(
              Effect.sync(() => this.isDown || sync(member)),
              Effect.sleep(Duration.seconds(5))
            )
            yield* Effect.forkScoped(Effect.forever(each))
          }),
        lease: (name, millis) =>
          Effect.gen({ self: this }, function* () {
            yield* Effect.sleep(Duration.millis(this.latency))
            if (this.isDown) return true
            if (this.leases.has(name)) return false
            this.leases.add(name)
            const over = Effect.sync(() => this.leases.delete(name))
            Effect.runForkWith(context)(Effect.andThen(Effect.sleep(Duration.millis(millis)), over))
            return true
          })
      }
    })
  }
}

/** One replica of the core. */
export interface Replica {
  readonly world: World
  readonly context: Context.Context<Understudy | Failover>
}

/** Starts a replica, which lives as long as the scope. */
export const start = (
  hub: Hub,
  origin: string,
  vendor: (seen: Seen) => Play,
  config?: UnderstudyOptions
): Effect.Effect<Replica, never, Scope.Scope> =>
  Effect.gen(function* () {
    const world = makeWorld()
    const layer = understudy(world, vendor, config).pipe(Layer.provide(Layer.effect(Sharing, hub.sharing(origin))))
    return { world, context: yield* Effect.orDie(Layer.build(layer)) }
  })
