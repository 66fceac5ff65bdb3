/**
 * The body of a streamed answer: takes what the engine pushes and hands it to whoever reads. A slow reader stops the flow,
 * one who cancels gives the answer up.
 *
 * **Gotchas**
 *
 * An error that is given to a `ReadableStream` drops what waits in it: a stream that breaks off is given its error only when
 * the reader has taken the last text.
 */
import type { Flow } from "@understudy/core/failover/Failover"

/** Bytes that may wait for the reader before the flow is stopped: what node's sockets hold. */
const highWaterMark = 16_384

/** One body. */
export class StreamBody {
  readonly readable: ReadableStream<Uint8Array>
  readonly #flow: Flow
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #brokenBy: Error | undefined

  constructor(flow: Flow, onCancel: () => void) {
    this.#flow = flow
    this.readable = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          if (this.#brokenBy === undefined) this.#flow.resume()
          else this.#breakWhenRead(this.#brokenBy)
        },
        cancel: () => {
          this.#controller = undefined
          onCancel()
        }
      },
      { highWaterMark, size: (bytes) => bytes.byteLength }
    )
  }

  /** Hands bytes on. */
  write(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes)
    if ((this.#controller?.desiredSize ?? 1) <= 0) this.#flow.pause()
  }

  /** Hands a last text on and ends. */
  end(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text))
    this.#controller?.close()
    this.#controller = undefined
  }

  /** Hands a last text on and breaks off: the reader meets the error behind it. */
  breakOff(text: string, error: Error): void {
    this.#brokenBy = error
    this.#controller?.enqueue(new TextEncoder().encode(text))
  }

  /** Breaks off at once. */
  fail(error: unknown): void {
    this.#controller?.error(error)
    this.#controller = undefined
  }

  #breakWhenRead(error: Error): void {
    if (this.#controller?.desiredSize !== highWaterMark) return
    // The stream asks for more while it hands the last text over: whoever is piped behind it is given time to take that.
    setTimeout(() => this.fail(error))
  }
}
