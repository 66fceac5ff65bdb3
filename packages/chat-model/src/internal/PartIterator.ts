/**
 * A stream of parts as an async iterator that can be stopped from outside, by a signal or by closing its model. A stop is
 * an error to whoever reads: a stream that was stopped never looks complete.
 */
import type { ChatPart } from "../ChatPart.ts"

type Step<A> = IteratorResult<A, undefined>

/** One reading of a stream. */
export class PartIterator<A = ChatPart> implements AsyncIterator<A, undefined> {
  readonly #inner: AsyncIterator<A>
  readonly #signal: AbortSignal | undefined
  readonly #onEnd: (iterator: PartIterator<A>) => void
  readonly #onAbort = (): void => void this.stop(this.#signal?.reason)
  #stopped: { readonly reason: unknown } | undefined
  #ended = false

  constructor(inner: AsyncIterator<A>, signal: AbortSignal | undefined, onEnd: (iterator: PartIterator<A>) => void) {
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

  async next(): Promise<Step<A>> {
    this.#throwIfStopped()
    try {
      const step = await this.#inner.next()
      this.#throwIfStopped()
      if (step.done !== true) return step
    } catch (error) {
      this.#end()
      throw error
    }
    this.#end()
    return { done: true, value: undefined }
  }

  async return(): Promise<Step<A>> {
    this.#end()
    await this.#inner.return?.()
    return { done: true, value: undefined }
  }

  #throwIfStopped(): void {
    if (this.#stopped !== undefined) throw this.#stopped.reason
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#signal?.removeEventListener("abort", this.#onAbort)
    this.#onEnd(this)
  }
}
