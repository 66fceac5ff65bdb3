import { getEventListeners } from "node:events"
import { describe, expect, it } from "vitest"
import { PartIterator } from "../src/internal/stream/PartIterator.ts"

async function* numbers(count: number): AsyncGenerator<number> {
  for (let each = 0; each < count; each++) yield each
}

async function* failing(): AsyncGenerator<number> {
  yield 0
  throw new Error("broken")
}

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length

const ends: ReadonlyArray<
  readonly [string, AsyncIterator<number>, (iterator: PartIterator<number>) => Promise<unknown>]
> = [
  [
    "has ended",
    numbers(1),
    async (iterator) => {
      await iterator.next()
      await iterator.next()
    }
  ],
  ["was left", numbers(9), (iterator) => iterator.return()],
  ["was stopped", numbers(9), (iterator) => iterator.stop(new Error("closed"))],
  [
    "broke",
    failing(),
    async (iterator) => {
      await iterator.next()
      await iterator.next().catch(() => undefined)
    }
  ]
]

describe("PartIterator", () => {
  it.each(ends)("leaves nothing behind on a signal that lives longer than a stream that %s", async (_, inner, end) => {
    const { signal } = new AbortController()
    const iterator = new PartIterator(inner, signal, () => {})
    expect(listeners(signal)).toBe(1)
    await end(iterator)
    expect(listeners(signal)).toBe(0)
  })

  it("listens to no signal that has aborted before", () => {
    const signal = AbortSignal.abort()
    const iterator = new PartIterator(numbers(1), signal, () => {})
    expect(iterator).toBeDefined()
    expect(listeners(signal)).toBe(0)
  })
})
