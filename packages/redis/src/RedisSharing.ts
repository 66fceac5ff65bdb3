/**
 * `Sharing` of the core over Redis or Valkey: a hash holds the latest change about each subject, a channel carries new ones, and a
 * key that expires is a lease.
 *
 * Nobody waits for the server: a change is told in the background, and what could not be told is told by the next comparison of
 * the hash with what this replica knows, every five seconds and as soon as the server is back. While it is away each replica
 * goes on by what it knows and finds out, and probes for itself.
 *
 * **Gotchas**: whoever can write to the server can take keys out; give it a password, and `rediss:` across machines.
 *
 * **Example** (Two processes that share)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Understudy from "@understudy/core/Understudy"
 * import * as RedisSharing from "@understudy/redis/RedisSharing"
 *
 * const program = Effect.never.pipe(
 *   Effect.provide(Understudy.layerYaml().pipe(Layer.provide(RedisSharing.layer({ url: "redis://127.0.0.1:6379" }))))
 * )
 * ```
 */
import { ChangeText, Sharing } from "@understudy/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import { Connection, type News } from "./internal/Connection.ts"

/** How a server is reached. Durations in milliseconds. */
export interface Options {
  /** `redis://[[user]:password@]host[:port][/database]`, `rediss://…` over TLS. */
  readonly url: string
  /** What names on the server begin with: another one for other replicas on the same server. Default `understudy`. */
  readonly prefix?: string | undefined
  /** Told when the server is out of reach, and when it is back; each once, beside a warning and a message to the loggers. */
  readonly onNews?: ((news: News) => void) | undefined
}

export type { News } from "./internal/Connection.ts"

/** Time between two comparisons with the server, and so the oldest that a state may be whose message was lost. 5 s. */
const interval = 5_000

/** Time that a server has to say who may probe. 1 s: after that everybody may. */
const patience = 1_000

const log = (news: News): Effect.Effect<void> =>
  news._tag === "Lost"
    ? Effect.logWarning(`Replicas are on their own: ${news.reason}. Each goes on by what it knows.`)
    : Effect.logInfo("Replicas share their state again.")

/** Shares over a server, for as long as the scope is open. A server that is away is waited for in the background. */
export const make = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Sharing.Sharing, never, Scope.Scope> {
  const origin = `${(yield* Random.next).toString(36)}${(yield* Random.next).toString(36)}`.replaceAll("0.", "")
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  const clock = yield* Clock.Clock
  const members = new Set<Sharing.Member>()
  const ignored = (promise: Promise<unknown>): void => void promise.catch(() => {})

  const store = (change: Sharing.Change): Promise<unknown> =>
    connection.store(Sharing.subjectOf(change), change, ChangeText.toText(change))

  const hear = (text: string): void => {
    const change = ChangeText.fromText(text)
    if (Option.isSome(change)) for (const member of members) member.hear(change.value)
  }

  const compare = async (): Promise<void> => {
    const stored = new Map<string, Sharing.Change>()
    for (const [subject, text] of Object.entries(await connection.stored())) {
      const change = ChangeText.fromText(text)
      // What a replica of another version has written is its own affair.
      if (Option.isNone(change)) continue
      if (Sharing.isOver(change.value, clock.currentTimeMillisUnsafe())) await connection.forget(subject)
      else stored.set(subject, change.value)
    }
    for (const member of members) {
      for (const change of stored.values()) member.hear(change)
      for (const change of member.known())
        if (Sharing.isNewer(change, stored.get(Sharing.subjectOf(change)))) ignored(store(change))
    }
  }

  const connection = yield* Connection.open({
    url: options.url,
    prefix: options.prefix ?? "understudy",
    hear,
    onReady: () => ignored(compare()),
    onNews: (news) => {
      fork(log(news))
      options.onNews?.(news)
    }
  })

  const comparing = Effect.sync(() => ignored(compare())).pipe(
    Effect.delay(Duration.millis(interval)),
    Effect.forever,
    Effect.forkScoped
  )
  yield* comparing

  return {
    origin,
    publish: (change) => ignored(store(change)),
    join: (member) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          members.add(member)
          ignored(compare())
        }),
        () => Effect.sync(() => members.delete(member))
      ),
    lease: (name, millis) =>
      Effect.tryPromise(() => connection.lease(name, origin, millis)).pipe(
        Effect.timeout(Duration.millis(patience)),
        Effect.orElseSucceed(() => true)
      )
  }
})

/** The same as a layer, to be provided to the core. */
export const layer = (options: Options): Layer.Layer<never> => Layer.effect(Sharing.Sharing, make(options))
