/**
 * A streamed answer of the core's as a `Stream` of parts.
 *
 * The core pushes frames in, the reader takes whatever has gathered, as one array: no Effect operator runs a part, and a
 * reader that waits goes on at once, without a turn of the event loop. A reader that falls behind by more than `highWater`
 * parts stops the flow from the vendor until it has caught up. Ending the stream, in whatever way, interrupts the call, and
 * that aborts the upstream request.
 */
import type { Batch, Call, Failover, Flow, Head, Report, Sink } from "@understudy/core/failover/Failover"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import type { NonEmptyReadonlyArray } from "effect/Array"
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type ChatModelError, fromFailover } from "../../ChatModelError.ts"
import type { ChatPart } from "../../ChatPart.ts"
import { PartMapper } from "./PartMapper.ts"

/** Parts that may wait for a slow reader before the flow is stopped. */
export const highWater = 256

type Pull = Effect.Effect<NonEmptyReadonlyArray<ChatPart>, ChatModelError | Cause.Done>

/** Parts on their way from the core to one reader. */
class Mailbox implements Sink {
  #mapper: PartMapper | undefined
  #flow: Flow | undefined
  #paused = false
  #parts: Array<ChatPart> = []
  #end: Pull | undefined
  #wake: ((pull: Pull) => void) | undefined

  /** What has gathered; waits while there is nothing. */
  readonly pull: Pull = Effect.suspend(() => (this.#isEmpty ? (this.#end ?? this.#more) : this.#take()))

  readonly #more: Pull = Effect.callback((resume) => {
    this.#wake = resume
  })

  begin(head: Head, flow: Flow): void {
    this.#mapper = new PartMapper(head)
    this.#flow = flow
  }

  write({ chunks }: Batch): void {
    for (const chunk of chunks) this.#mapper?.push(chunk, this.#parts)
    if (this.#isEmpty) return
    this.#wakeReader()
    if (this.#paused || this.#parts.length <= highWater) return
    this.#paused = true
    this.#flow?.pause()
  }

  /** The call has ended. */
  end(exit: Exit.Exit<Report, FailoverError>): void {
    if (Exit.isSuccess(exit)) this.#mapper?.end(this.#parts, exit.value.trail)
    this.#end = Exit.isSuccess(exit) ? Cause.done() : Effect.failCause(Cause.map(exit.cause, fromFailover))
    this.#wakeReader()
  }

  get #isEmpty(): boolean {
    return this.#parts.length === 0
  }

  #take(): Pull {
    const taken = this.#parts as unknown as NonEmptyReadonlyArray<ChatPart>
    this.#parts = []
    if (this.#paused) {
      this.#paused = false
      this.#flow?.resume()
    }
    return Effect.succeed(taken)
  }

  #wakeReader(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.(this.pull)
  }
}

/** The parts of the answer to a call. Each run of the stream is a call of its own. */
export const make = (
  failover: Failover["Service"],
  toCall: () => Result.Result<Call, ChatModelError>
): Stream.Stream<ChatPart, ChatModelError> =>
  Stream.fromChannel(
    Channel.fromTransform((_, scope) =>
      Effect.suspend(() => {
        const made = toCall()
        if (Result.isFailure(made)) return Effect.fail(made.failure)
        const mailbox = new Mailbox()
        const fork = Effect.forkIn(failover.stream(made.success, mailbox), scope, { startImmediately: true })
        return Effect.map(fork, (fiber) => {
          fiber.addObserver((exit) => mailbox.end(exit))
          return mailbox.pull
        })
      })
    )
  )
