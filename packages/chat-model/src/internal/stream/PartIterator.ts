/**
 * A stream of parts as an async iterator that can be stopped from outside, by a signal or by closing its model. A stop is
 * an error to whoever reads: a stream that was stopped never looks complete.
 *
 * `next()` may be called ahead: what was asked for first comes first. Leaving (`return`, `throw`) ends what is waited for.
 */
import type { ChatPart } from "../../ChatPart.ts"

type Step<A> = IteratorResult<A, undefined>

const end: Step<never> = { done: true, value: undefined }
const ended = Promise.resolve(end)

/** One reading of a stream. */
export class PartIterator<A = ChatPart> implements AsyncIterableIterator<A, undefined> {
  readonly #inner: AsyncIterator<A>
  readonly #signal: AbortSignal | undefined
  readonly #onEnd: () => void
  readonly #onAbort = (): void => void this.stop(this.#signal?.reason)
  #stopped: { readonly reason: unknown } | undefined
  #ended = false
  /** How many parts are waited for, and the last of them. */
  #waiting = 0
  #last: Promise<Step<A>> = ended

  constructor(inner: AsyncIterator<A>, signal: AbortSignal | undefined, onEnd: () => void) {
    this.#inner = inner
    this.#signal = signal
    this.#onEnd = onEnd
    if (signal?.aborted) this.#stopped = { reason: signal.reason }
    else signal?.addEventListener("abort", this.#onAbort, { once: true })
  }

  /** Ends the stream with an error, and the request at the vendor with it. */
  async stop(reason: unknown): Promise<void> {
    if (this.#ended) return
    this.#stopped ??= { reason }
    await this.return()
  }

  next(): Promise<Step<A>> {
    const ahead = this.#waiting++ > 0
    this.#last = ahead ? this.#last.then(this.#step, this.#step) : this.#step()
    return this.#last
  }

  async return(): Promise<Step<A>> {
    this.#end()
    await this.#inner.return?.()
    return end
  }

  async throw(error: unknown): Promise<never> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  readonly #step = async (): Promise<Step<A>> => {
    try {
      this.#throwIfStopped()
      const step = await this.#inner.next()
      this.#throwIfStopped()
      if (step.done !== true) return step
      this.#end()
      return end
    } catch (error) {
      this.#end()
      throw error
    } finally {
      this.#waiting--
    }
  }

  #throwIfStopped(): void {
    if (this.#stopped !== undefined) throw this.#stopped.reason
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#signal?.removeEventListener("abort", this.#onAbort)
    this.#onEnd()
  }
}
