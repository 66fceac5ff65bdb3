/**
 * One at a time for each key. A key that nobody holds or waits for takes no room.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"

/** The locks. */
export interface KeyedLock {
  /** Runs an effect while it holds a key. */
  readonly hold: <A, E, R>(key: string, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, Exclude<R, Scope.Scope>>
}

/** Makes locks. */
export const make = (): KeyedLock => {
  const open = new Map<string, { readonly semaphore: Semaphore.Semaphore; users: number }>()
  const enter = (key: string) => {
    const entry = open.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), users: 0 }
    entry.users++
    open.set(key, entry)
    return entry
  }
  const acquire = (key: string): Effect.Effect<void, never, Scope.Scope> =>
    Effect.flatMap(
      Effect.acquireRelease(
        Effect.sync(() => enter(key)),
        (entry) =>
          Effect.sync(() => {
            entry.users--
            if (entry.users === 0) open.delete(key)
          })
      ),
      ({ semaphore }) => Semaphore.takeScoped(semaphore, 1)
    )
  return { hold: (key, effect) => Effect.scoped(Effect.andThen(acquire(key), effect)) }
}
