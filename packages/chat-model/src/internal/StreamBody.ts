/**
 * The body of a streamed answer: takes what the engine pushes and hands it to whoever reads. A slow reader stops the flow,
 * one who cancels gives the answer up.
 */
import type { Flow } from "@understudy/core/failover/StreamReader"

/** Bytes that may wait for the reader before the flow is stopped: what node's sockets hold. */
const highWaterMark = 16_384

/** One body. */
export class StreamBody {
  readonly readable: ReadableStream<Uint8Array>
  readonly #flow: Flow
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined

  constructor(flow: Flow, onCancel: () => void) {
    this.#flow = flow
    this.readable = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => this.#flow.resume(),
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

  /** Breaks off. */
  fail(error: unknown): void {
    this.#controller?.error(error)
    this.#controller = undefined
  }
}
