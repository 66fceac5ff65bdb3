import { MockTransport, type Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { qwenKey, world } from "./support.ts"

/** Milliseconds until a response began, until its first content and until its end. */
const timesOf = (options: Vendors.Options, count: number, body: object = {}) => {
  const { clock, vendors } = world(options)
  const transport = MockTransport.make(vendors)
  const nothing = (): void => undefined
  const handler = { onConnected: nothing, onHeaders: nothing, onData: nothing, onEnd: nothing, onError: nothing }
  for (let index = 0; index < count; index++) {
    transport.send(
      {
        method: "POST",
        origin: "https://dashscope.aliyuncs.com",
        path: "/compatible-mode/v1/chat/completions",
        headers: { authorization: `Bearer ${qwenKey}` },
        body: JSON.stringify({ model: "qwen-turbo", messages: [{ role: "user", content: "echo: a b c d" }], ...body })
      },
      handler
    )
  }
  clock.advance("1d")
  return vendors.journal.entries.map(({ arrivedAt, bytes, chunks, endedAt = 0, firstByteAt = 0, headersAt = 0 }) => ({
    headers: headersAt - arrivedAt,
    first: firstByteAt - arrivedAt,
    end: endedAt - arrivedAt,
    bytes,
    chunks
  }))
}

const ranked = (values: ReadonlyArray<number>, share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0

describe("links", () => {
  it("make answers as late as their median, 99th percentile and tail say", () => {
    const latency = { median: "400ms", p99: "3s", tail: "60s" } as const
    const late = timesOf({ links: { qwen: { latency } } }, 4_000).map(({ headers }) => headers)
    expect(ranked(late, 0.5)).toBeGreaterThan(380)
    expect(ranked(late, 0.5)).toBeLessThan(420)
    expect(ranked(late, 0.99)).toBeGreaterThan(2_600)
    expect(ranked(late, 0.99)).toBeLessThan(3_400)
    expect(ranked(late, 0.9997)).toBeGreaterThan(10_000)
  })

  it("are as late for the same seed again, and otherwise for another", () => {
    const links = { qwen: { latency: { median: "400ms", p99: "3s" } } } as const
    const of = (seed: number) => timesOf({ links, seed }, 20)
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })

  it("keep every answer waiting for the median where nothing else is told, and a stream for its first content", () => {
    const links = { qwen: { latency: { median: "400ms" } } } as const
    expect(timesOf({ links }, 2).map(({ headers }) => headers)).toEqual([400, 400])
    const [stream] = timesOf({ links, chunkDelay: 10 }, 1, { stream: true })
    expect(stream).toMatchObject({ headers: 0, first: 0 })
    expect(stream?.end).toBe(400 + 10 * (stream?.chunks ?? 0))
  })

  it("let bytes through as fast as the bandwidth has it", () => {
    for (const stream of [false, true]) {
      const [answer] = timesOf({ links: { qwen: { bandwidth: 1_000 } } }, 1, { stream })
      expect(answer?.bytes).toBeGreaterThan(200)
      expect(answer?.end).toBe(answer?.bytes)
    }
  })

  it("hold back answers of their own vendor, and no refusals", () => {
    expect(timesOf({ links: { deepseek: { latency: { median: "1s" } } } }, 1)[0]?.headers).toBe(0)
    const faults = [{ kind: "rate.limit" }] as const
    expect(timesOf({ links: { qwen: { latency: { median: "1s" }, bandwidth: 1 } }, faults }, 1)[0]?.end).toBe(0)
  })

  it.each([
    [{ latency: { median: "0s" } }, "links.qwen.latency.median must be a duration greater than 0"],
    [{ latency: { median: "2s", p99: "1s" } }, "links.qwen.latency.p99 must be at least the median"],
    [{ latency: { median: "1s", p99: "2s", tail: "1s" } }, "links.qwen.latency.tail must be at least p99"],
    [{ bandwidth: 0 }, "links.qwen.bandwidth"]
  ] as const)("refuse %j", (qwen, message) => {
    expect(() => world({ links: { qwen } })).toThrow(message)
  })
})
