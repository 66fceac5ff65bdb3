/**
 * What a face of promises lives on: runs effects and streams with the services of a layer, gives the error itself or the
 * reason of the caller's signal, and ends what is under way when it is closed.
 *
 * A host that is borrowed runs with services that somebody else ends, and is never closed.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import { type ChatModelError, closed } from "../../ChatModelError.ts"
import { PartIterator } from "../stream/PartIterator.ts"

/** What ends with a host. */
interface Closable {
  readonly close: () => Promise<void>
}

/** What its `Closed` errors are about. */
type Name = Parameters<typeof closed>[0]

type Runtime<R> = Pick<ManagedRuntime.ManagedRuntime<R, unknown>, "dispose" | "runPromiseExit">

/** Services, and what runs with them. */
export class Host<R> {
  readonly services: Context.Context<R>
  readonly #runtime: Runtime<R>
  readonly #name: Name | undefined
  readonly #streams = new Set<Pick<PartIterator, "stop">>()
  readonly #attached: Array<Closable> = []
  #closing: Promise<void> | undefined

  private constructor(services: Context.Context<R>, runtime: Runtime<R>, name?: Name) {
    this.services = services
    this.#runtime = runtime
    this.#name = name
  }

  /** Builds a layer and makes a face of it. Rejects with the layer's own error, with everything ended. */
  static async open<R, E, A>(
    layer: Layer.Layer<R, E>,
    name: Name,
    make: (host: Host<R>) => A | Promise<A>
  ): Promise<A> {
    const runtime = ManagedRuntime.make(layer)
    try {
      return await make(new Host(await runtime.context(), runtime, name))
    } catch (error) {
      await runtime.dispose()
      throw error
    }
  }

  /** Runs with services that it does not own. */
  static borrow<R>(services: Context.Context<R>): Host<R> {
    return new Host(services, { runPromiseExit: Effect.runPromiseExitWith(services), dispose: () => Promise.resolve() })
  }

  /** Another face over the same services, which ends before they do. */
  async attach<A extends Closable>(open: (services: Layer.Layer<R>) => Promise<A>): Promise<A> {
    const face = await open(Layer.succeedContext(this.services))
    this.#attached.push(face)
    return face
  }

  /** The value; rejects with the effect's own error, with the signal's reason, or with `Closed`. */
  async run<A>(effect: Effect.Effect<A, unknown, R>, signal: AbortSignal | undefined): Promise<A> {
    if (this.#closing !== undefined) throw this.#closedError()
    signal?.throwIfAborted()
    const exit = await this.#runtime.runPromiseExit(effect, { signal })
    if (Exit.isSuccess(exit)) return exit.value
    if (!Cause.hasInterruptsOnly(exit.cause)) throw Cause.squash(exit.cause)
    if (signal?.aborted === true) throw signal.reason
    // Interrupted by nobody's signal: what is owned was closed meanwhile.
    throw this.#closedError() ?? Cause.squash(exit.cause)
  }

  /** The elements; every iteration makes the stream and runs it anew. */
  iterate<A>(
    make: () => Stream.Stream<A, unknown, R>,
    signal: AbortSignal | undefined,
    services = this.services
  ): AsyncIterable<A, undefined> {
    return {
      [Symbol.asyncIterator]: () => {
        const inner = Stream.toAsyncIterableWith(make(), services)[Symbol.asyncIterator]()
        const iterator = new PartIterator(inner, signal, () => this.#streams.delete(iterator))
        this.#streams.add(iterator)
        if (this.#closing !== undefined) void iterator.stop(this.#closedError())
        return iterator
      }
    }
  }

  /** Ends what is under way and what is attached, then the layer; once. */
  readonly close = (): Promise<void> => (this.#closing ??= Promise.resolve().then(() => this.#end()))

  async #end(): Promise<void> {
    const streams = [...this.#streams].map((stream) => stream.stop(this.#closedError()))
    await Promise.all([...streams, ...this.#attached.map((face) => face.close())])
    await this.#runtime.dispose()
  }

  #closedError(): ChatModelError | undefined {
    return this.#name === undefined ? undefined : closed(this.#name)
  }
}
