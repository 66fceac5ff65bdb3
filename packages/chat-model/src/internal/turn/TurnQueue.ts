/**
 * One turn at a time for each conversation, in the order in which they came. A turn leaves when it ends, and, where others
 * wait, when its reader has taken nothing for a while: a reader who is gone without a word (a closed tab, a forgotten
 * iterator) must not keep a conversation for ever.
 *
 * A turn that had to leave goes on for its reader, should they come back; the others only wait for it no longer. A reader who
 * waits for the model or for a tool is not silent.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** A turn in the queue of its conversation. */
class Place {
  readonly #queue: Array<Place>
  /** Since when its reader has taken nothing; undefined while they wait for more. */
  silentSince: number | undefined
  wake: (() => void) | undefined

  constructor(queue: Array<Place>) {
    this.#queue = queue
    queue.push(this)
  }

  get first(): Place | undefined {
    return this.#queue[0]
  }

  leave(): void {
    const at = this.#queue.indexOf(this)
    if (at === -1) return
    this.#queue.splice(at, 1)
    if (at === 0) this.first?.wake?.()
  }
}

/** The queues. */
export class TurnQueue {
  readonly #open = new Map<string, Array<Place>>()
  readonly #idle: number

  /** `idle` is how long a reader may take nothing before others no longer wait, in milliseconds. */
  constructor(idle: number) {
    this.#idle = idle
  }

  /** Runs a stream when its turn has come. */
  run<A, E, R, E2, R2>(
    key: string,
    begin: Effect.Effect<Stream.Stream<A, E, R>, E2, R2>
  ): Stream.Stream<A, E | E2, R | Exclude<R2, Scope.Scope>> {
    const place = Effect.acquireRelease(
      Effect.sync(() => this.#enter(key)),
      (entered) => Effect.sync(() => this.#leave(key, entered))
    )
    return Stream.unwrap(
      Effect.flatMap(place, (entered) =>
        Effect.andThen(
          this.#turn(entered),
          Effect.map(Effect.all([begin, Clock.Clock]), ([stream, clock]) => watched(stream, entered, clock))
        )
      )
    )
  }

  #enter(key: string): Place {
    const queue = this.#open.get(key) ?? []
    this.#open.set(key, queue)
    return new Place(queue)
  }

  #leave(key: string, place: Place): void {
    place.leave()
    if (this.#open.get(key)?.length === 0) this.#open.delete(key)
  }

  /** Waits until the place is the first. */
  #turn(place: Place): Effect.Effect<void> {
    const called = Effect.callback<void>((resume) => {
      place.wake = () => resume(Effect.void)
    })
    return Effect.suspend(() => (place.first === place ? Effect.void : Effect.raceFirst(called, this.#watch(place))))
  }

  /** Lets the first leave once its reader has been silent for too long. */
  #watch(place: Place): Effect.Effect<never> {
    return Clock.clockWith((clock) =>
      Effect.forever(
        Effect.suspend(() => {
          const now = clock.currentTimeMillisUnsafe()
          const left = (place.first?.silentSince ?? now) + this.#idle - now
          if (left <= 0) place.first?.leave()
          return Effect.sleep(Math.max(left, 1))
        })
      )
    )
  }
}

const watched = <A, E, R>(stream: Stream.Stream<A, E, R>, place: Place, clock: Clock.Clock): Stream.Stream<A, E, R> =>
  Stream.transformPull(stream, (pull) => {
    const taken = Effect.map(pull, (parts) => {
      place.silentSince = clock.currentTimeMillisUnsafe()
      return parts
    })
    return Effect.succeed(
      Effect.suspend(() => {
        place.silentSince = undefined
        return taken
      })
    )
  })
