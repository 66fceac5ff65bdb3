/**
 * A streamed answer of the core's as a `Stream` of parts.
 *
 * The core pushes frames into a mailbox and the reader takes whatever has gathered, as one array: no Effect operator runs a
 * part, and a reader that waits is woken at once, without a turn of the event loop. A reader that falls behind by more than
 * `highWater` parts stops the flow from the vendor until it has caught up. Ending the stream, in whatever way, interrupts the
 * call, and that aborts the upstream request.
 */
import type { Call, Failover } from "@understudy/core/failover/Failover"
import type { Flow } from "@understudy/core/failover/StreamReader"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type ChatModelError, fromFailover } from "../ChatModelError.ts"
import type { ChatPart } from "../ChatPart.ts"
import { PartMapper } from "./PartMapper.ts"

/** Parts that may wait for a slow reader before the flow is stopped. */
export const highWater = 256

type Pull = Effect.Effect<NonEmptyReadonlyArray<ChatPart>, ChatModelError | Cause.Done>

/** Parts on their way from the core to one reader. */
class Mailbox {
  flow: Flow | undefined
  #parts: Array<ChatPart> = []
  #end: Pull | undefined
  #paused = false
  #wake: ((pull: Pull) => void) | undefined

  /** What has gathered; waits while there is nothing. */
  readonly pull: Pull = Effect.suspend(() => {
    if (this.#parts.length > 0) return this.#take()
    return (
      this.#end ??
      Effect.callback((resume) => {
        this.#wake = resume
      })
    )
  })

  put(parts: ReadonlyArray<ChatPart>): void {
    for (const part of parts) this.#parts.push(part)
    if (parts.length > 0) this.#woken()
    if (this.#paused || this.#parts.length <= highWater) return
    this.#paused = true
    this.flow?.pause()
  }

  end(end: Pull): void {
    this.#end = end
    this.#woken()
  }

  #take(): Pull {
    const taken = this.#parts as unknown as NonEmptyReadonlyArray<ChatPart>
    this.#parts = []
    if (this.#paused) {
      this.#paused = false
      this.flow?.resume()
    }
    return Effect.succeed(taken)
  }

  #woken(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.(this.pull)
  }
}

/** The parts of the answer to a call. Each run of the stream is a call of its own. */
export const make = (failover: Failover["Service"], call: Call): Stream.Stream<ChatPart, ChatModelError> =>
  Stream.unwrap(
    Effect.suspend(() => {
      const mailbox = new Mailbox()
      let mapper: PartMapper | undefined
      const read = failover
        .stream(call, {
          begin: (head, flow) => {
            mailbox.flow = flow
            mapper = new PartMapper(head)
          },
          write: ({ chunks }) => {
            const batch: Array<ChatPart> = []
            for (const chunk of chunks) mapper?.push(chunk, batch)
            mailbox.put(batch)
          }
        })
        .pipe(
          Effect.matchCause({
            onFailure: (cause) => mailbox.end(Effect.failCause(Cause.map(cause, fromFailover))),
            onSuccess: ({ trail }) => {
              const batch: Array<ChatPart> = []
              mapper?.end(batch, trail)
              mailbox.put(batch)
              mailbox.end(Cause.done())
            }
          })
        )
      return Effect.as(
        Effect.forkScoped(read, { startImmediately: true }),
        Stream.fromPull(Effect.succeed(mailbox.pull))
      )
    })
  )
