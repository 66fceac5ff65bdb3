/**
 * The load generator: so many connections, each asking again as soon as its answer is read and checked. It speaks to
 * undici through `dispatch`, which is the cheapest way there is: what it takes is taken from the processes it measures.
 */
import { type Dispatcher, Pool } from "undici"
import { flawOf } from "../Check.ts"
import { bodyOf } from "../Payload.ts"
import type { Load, Loaded } from "../Protocol.ts"
import { quantile } from "../Statistics.ts"
import * as Worker from "./Worker.ts"

const path = "/v1/chat/completions"
const ours = { "content-type": "application/json", authorization: "Bearer sk-demo-caller" }

interface Exchange {
  readonly status: number
  readonly body: Buffer
  readonly firstByteAt: number
}

class Handler implements Dispatcher.DispatchHandler {
  readonly #resolve: (exchange: Exchange) => void
  readonly #reject: (error: Error) => void
  readonly #pieces: Array<Buffer> = []
  #status = 0
  #firstByteAt = 0

  constructor(resolve: (exchange: Exchange) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#pieces.length === 0) this.#firstByteAt = performance.now()
    this.#pieces.push(piece)
  }

  onResponseEnd(): void {
    this.#resolve({ status: this.#status, body: Buffer.concat(this.#pieces), firstByteAt: this.#firstByteAt })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}

const run = async ({ connections, headers: others, kind, millis, origin }: Load): Promise<Loaded> => {
  const headers = { ...ours, ...others }
  const pool = new Pool(origin, { connections, headersTimeout: 10_000, bodyTimeout: 10_000 })
  const body = bodyOf(kind)
  const latencies: Array<number> = []
  const firstBytes: Array<number> = []
  const startedAt = performance.now()
  const until = startedAt + millis
  const ask = async (): Promise<void> => {
    for (let sentAt = performance.now(); sentAt < until; sentAt = performance.now()) {
      const answer = await new Promise<Exchange>((resolve, reject) => {
        pool.dispatch({ method: "POST", path, headers, body }, new Handler(resolve, reject))
      })
      latencies.push(performance.now() - sentAt)
      firstBytes.push(answer.firstByteAt - sentAt)
      const flaw = flawOf(kind, answer.status, answer.body)
      if (flaw !== undefined) throw new Error(`${origin} answered ${flaw}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, ask))
  } finally {
    await pool.destroy()
  }
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  firstBytes.sort((a, b) => a - b)
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    firstByte50: quantile(firstBytes, 0.5),
    firstByte99: quantile(firstBytes, 0.99)
  }
}

Worker.serve({}, { run })
