/** Compressed bodies are decoded by node's own threads: these tests run on the real clock, and wait for nothing but them. */
import {
  brotliCompressSync,
  constants,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync
} from "node:zlib"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Failover } from "../../src/failover/Failover.ts"
import { maxMessage, redact } from "../../src/failure/AttemptFailure.ts"
import * as Body from "../../src/internal/wire/Body.ts"
import type { Understudy } from "../../src/Understudy.ts"
import type { UpstreamHandler } from "../../src/upstream/Upstream.ts"
import { call, collect, error, isQwen, outcomes, stream, value } from "../play.ts"
import {
  completion,
  connected,
  done,
  end,
  makeWorld,
  options,
  type Play,
  role,
  type Seen,
  sse,
  stop,
  text,
  understudy
} from "../support.ts"

const live = <A, E>(program: Effect.Effect<A, E, Failover | Understudy>, vendor: (seen: Seen) => Play) => {
  const world = makeWorld()
  const run = Effect.exit(program.pipe(Effect.provide(understudy(world, vendor, options()))))
  return Effect.runPromise(Effect.map(run, (exit) => ({ exit, world })))
}

const sent =
  (chunk: Buffer) =>
  (handler: UpstreamHandler): void =>
    handler.onData(chunk)

/** An answer in pieces of the given size, labelled as given. */
const body = (status: number, headers: Record<string, string>, bytes: Buffer, size = bytes.length): Play => [
  [0, connected],
  [0, (handler) => handler.onHeaders(status, headers)],
  ...Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, at) => [0, sent(bytes.subarray(at * size, (at + 1) * size))] as const
  ),
  [0, end]
]

const whole = Buffer.from(JSON.stringify(completion("m", "通义千问 😀")))
const streamed = Buffer.from(role + text("通义") + text("千问") + stop + done)
const refusal = Buffer.from(
  JSON.stringify({ error: { message: "温度太高了", type: "invalid_request_error", code: "bad_temperature" } })
)

const encodings: ReadonlyArray<readonly [name: string, label: string | undefined, encode: (bytes: Buffer) => Buffer]> =
  [
    ["gzip", "gzip", gzipSync],
    ["x-gzip in upper case", "X-GZIP", gzipSync],
    ["gzip without a label", undefined, gzipSync],
    ["br", "br", brotliCompressSync],
    ["zstd", "zstd", zstdCompressSync],
    ["zstd without a label", undefined, zstdCompressSync],
    ["deflate", "deflate", deflateSync],
    ["deflate without its header", "deflate", deflateRawSync],
    ["gzip in br", "gzip, br", (bytes) => brotliCompressSync(gzipSync(bytes))],
    ["identity by name", "identity", (bytes) => bytes],
    ["nothing, under the label of gzip", "gzip", (bytes) => bytes],
    ["nothing, under the label of zstd", "zstd", (bytes) => bytes],
    ["nothing, under the label of br", "br", (bytes) => bytes],
    ["nothing, under the label of deflate", "deflate", (bytes) => bytes],
    ["nothing, under the labels of two", "gzip, br", (bytes) => bytes],
    ["nothing, under a label that nobody knows", "UTF8", (bytes) => bytes],
    ["nothing, under another header's label", "chunked", (bytes) => bytes],
    ["gzip under the label of br", "br", gzipSync],
    ["gzip under a label that nobody knows", "aws-chunked", gzipSync]
  ]

describe("a body that comes compressed", () => {
  for (const [name, label, encode] of encodings) {
    for (const size of [1, 7, 100_000]) {
      it(`is read as JSON, as a stream and as an error: ${name}, ${size} bytes at a time`, async () => {
        const labelled = (type: string) => ({
          "content-type": type,
          ...(label === undefined ? {} : { "content-encoding": label })
        })
        // Whoever sends no label is told by the first two bytes.
        const pieces = label === undefined ? Math.max(size, 4) : size
        const json = value(await live(call(), () => body(200, labelled("application/json"), encode(whole), pieces)))
        expect(json.completion.choices[0]?.message.content).toBe("通义千问 😀")
        expect(JSON.parse(json.bytes.toString())).toEqual(json.completion)
        const out = collect()
        value(await live(stream(out.sink), () => body(200, labelled("text/event-stream"), encode(streamed), pieces)))
        expect(out.text()).toBe(role + text("通义") + text("千问") + stop)
        const refused = error(
          await live(call(), () => body(400, labelled("application/json"), encode(refusal), pieces))
        )
        expect(refused.reason).toMatchObject({
          _tag: "Rejected",
          failure: { vendor: { message: "温度太高了", code: "bad_temperature" } }
        })
      })
    }
  }

  it("is handed on frame by frame, as the frames come", async () => {
    const gzip = createGzip()
    const pieces: Array<Buffer> = []
    gzip.on("data", (piece: Buffer) => pieces.push(piece))
    const flushed = (bytes: string) =>
      new Promise<Buffer>((resolve) => {
        gzip.write(bytes)
        gzip.flush(constants.Z_SYNC_FLUSH, () => resolve(Buffer.concat(pieces.splice(0))))
      })
    const first = await flushed(text("a"))
    let begun: (() => void) | undefined
    const written = new Promise<void>((resolve) => {
      begun = resolve
    })
    const out = collect()
    const sink = {
      begin: out.sink.begin,
      write: (batch: Parameters<typeof out.sink.write>[0]) => {
        out.sink.write(batch)
        begun?.()
      }
    }
    const vendor = (): Play => [
      [0, connected],
      [0, (handler) => handler.onHeaders(200, { "content-type": "text/event-stream", "content-encoding": "gzip" })],
      [0, sent(first)],
      [
        0,
        (handler) =>
          void written.then(async () => {
            handler.onData(await flushed(text("b") + stop + done))
            gzip.destroy()
            handler.onEnd()
          })
      ]
    ]
    value(await live(stream(sink), vendor))
    expect(out.log.slice(1)).toEqual([text("a"), text("b") + stop])
  })

  const other = (seen: Seen): Play =>
    seen.body["stream"] === true
      ? sse(text("b") + stop + done)
      : [
          [0, connected],
          [0, (handler) => handler.onHeaders(200, {})],
          [0, sent(whole)],
          [0, end]
        ]

  for (const [name, label, bytes] of [
    ["cut", "gzip", gzipSync(whole).subarray(0, 40)],
    ["cut", "br", brotliCompressSync(whole).subarray(0, 40)],
    ["cut", "zstd", zstdCompressSync(whole).subarray(0, 40)],
    ["bent", "gzip", Buffer.from(gzipSync(whole)).fill(0xff, 20, 40)],
    ["no such thing", "br", Buffer.from("\xff\xff\xff\xff not br", "latin1")]
  ] as const) {
    it(`moves to the next target when it is ${name} (${label})`, async () => {
      const vendor = (seen: Seen) =>
        isQwen(seen) ? body(200, { "content-type": "application/json", "content-encoding": label }, bytes) : other(seen)
      const answer = value(await live(call(), vendor))
      expect(outcomes(answer.trail)[0]).toBe("qwen MalformedResponse")
      expect(answer.provider).toBe("deepseek")
    })
  }

  it("breaks the stream when it is cut behind content, though half of it was read", async () => {
    const out = collect()
    const half = gzipSync(Buffer.from(role + text("a"))).subarray(0, -9)
    const failure = error(
      await live(stream(out.sink), () =>
        body(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }, half)
      )
    )
    expect(outcomes(failure.trail)).toEqual(["qwen Interrupted after content"])
  })

  it("names an encoding that nobody here can undo, and asks the next target", async () => {
    const vendor = (seen: Seen) =>
      isQwen(seen)
        ? body(
            200,
            { "content-type": "application/json", "content-encoding": "compress" },
            Buffer.from([31, 157, 144, 123])
          )
        : other(seen)
    const { trail } = value(await live(call(), vendor))
    const message = expect.stringContaining("compress encoding cannot be undone")
    expect(trail[0]).toMatchObject({ reason: { _tag: "MalformedResponse" }, message })
  })

  it("is given up at the bound of an answer, however little of it came", async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20))
    expect(bomb.length).toBeLessThan(200_000)
    const vendor = (seen: Seen) =>
      isQwen(seen)
        ? body(
            200,
            { "content-type": "application/json", "content-encoding": "gzip" },
            Buffer.concat([gzipSync("{"), bomb])
          )
        : other(seen)
    const { trail } = value(await live(call(), vendor))
    const message = expect.stringContaining("more than 67108864 bytes")
    expect(trail[0]).toMatchObject({ reason: { _tag: "MalformedResponse" }, message })
  })
})

describe("what an answer is", () => {
  const types = [
    "text/event-stream",
    "text/event-stream; charset=UTF-8",
    "text/plain",
    "application/octet-stream",
    "application/json",
    "text/html",
    undefined
  ]
  const labelled = (type: string | undefined): Record<string, string> =>
    type === undefined ? {} : { "content-type": type }

  for (const type of types) {
    it(`is told by its bytes, not by its label: ${type}`, async () => {
      for (const prefix of ["", "\uFEFF", "\n\n  \r\n", ": keep-alive\n\n", "\n\uFEFF", "\n\n  \n\uFEFF"]) {
        const events = Buffer.concat([Buffer.from(prefix), streamed])
        for (const size of [1, events.length]) {
          const out = collect()
          value(await live(stream(out.sink), () => body(200, labelled(type), events, size)))
          expect(out.text().endsWith(role + text("通义") + text("千问") + stop)).toBe(true)
          const folded = value(await live(call(), () => body(200, labelled(type), events, size)))
          expect(folded.completion.choices[0]?.message.content).toBe("通义千问")
          expect(JSON.parse(folded.bytes.toString())).toEqual(folded.completion)
        }
        if (prefix.startsWith(":")) continue
        const json = Buffer.concat([Buffer.from(prefix), whole])
        for (const size of [1, 7, json.length]) {
          const answer = value(await live(call(), () => body(200, labelled(type), json, size)))
          expect(JSON.parse(answer.bytes.toString())).toEqual(completion("m", "通义千问 😀"))
        }
      }
    })
  }

  it("is unfolded for a caller who wants a stream: role, content, calls, finish, usage", async () => {
    const calls = [{ id: "c", type: "function", function: { name: "f", arguments: '{"a":1}' } }]
    const message = { role: "assistant", content: "hi", reasoning_content: "hm", tool_calls: calls }
    const answer = {
      ...completion("m"),
      seed: 1,
      choices: [{ index: 0, message, logprobs: null, finish_reason: "tool_calls" }]
    }
    const bytes = Buffer.from(JSON.stringify(answer).replace('"seed":1', '"seed":9223372036854775807'))
    const out = collect()
    const asked = stream(out.sink, "qwen-turbo", { stream_options: { include_usage: true } })
    const report = value(await live(asked, () => body(200, { "content-type": "application/json" }, bytes)))
    expect(report.usage).toEqual(answer.usage)
    expect(out.text()).toContain('"seed":9223372036854775807')
    const events = out
      .text()
      .trimEnd()
      .split("\n\n")
      .map((event) => JSON.parse(event.slice("data: ".length)))
    expect(events.map(({ object }) => object)).toEqual(Array(4).fill("chat.completion.chunk"))
    expect(events.flatMap(({ choices }) => choices).map(({ delta, finish_reason }) => [delta, finish_reason])).toEqual([
      [{ role: "assistant", content: "" }, null],
      [{ content: "hi", reasoning_content: "hm", tool_calls: [{ index: 0, ...calls[0] }] }, null],
      [{}, "tool_calls"]
    ])
    expect([events[3].choices, events[3].usage]).toEqual([[], answer.usage])
  })

  it("is unfolded without usage where none was asked for, and still counted", async () => {
    const out = collect()
    const report = value(await live(stream(out.sink), () => body(200, { "content-type": "application/json" }, whole)))
    expect(report.usage).toMatchObject({ total_tokens: 2 })
    expect(out.text()).not.toContain("usage")
  })

  it("is an error where the JSON for a streaming caller is one", async () => {
    const busy = Buffer.from(JSON.stringify({ error: { message: "busy", code: "ServiceUnavailable" } }))
    const vendor = (seen: Seen) =>
      isQwen(seen) ? body(200, { "content-type": "application/json" }, busy) : sse(text("b") + stop + done)
    expect(outcomes(value(await live(stream(collect().sink), vendor)).trail)[0]).toBe("qwen Overloaded")
  })
})

describe("the words of an error", () => {
  const words = "请求参数有误：温度 😀 太高"
  const bytes = Buffer.from(JSON.stringify({ error: { message: words, code: "bad_temperature" } }))

  it("survive any cut between two pieces", async () => {
    for (let at = 1; at < bytes.length; at++) {
      const pieces: Play = [
        [0, connected],
        [0, (handler) => handler.onHeaders(400, { "content-type": "application/json" })],
        [0, sent(bytes.subarray(0, at))],
        [0, sent(bytes.subarray(at))],
        [0, end]
      ]
      expect(error(await live(call(), () => pieces)).reason).toMatchObject({ failure: { vendor: { message: words } } })
    }
  })

  it("survive the end of the body in the middle of a character, and the bound", () => {
    const plain = Buffer.from("温度太高 😀")
    for (let length = 0; length <= plain.length; length++) {
      expect(Body.toText(plain.subarray(0, length))).not.toContain("\uFFFD")
      expect("温度太高 😀".startsWith(Body.toText(plain.subarray(0, length)))).toBe(true)
    }
    const bounded = Body.make(4)
    expect([bounded.push(Buffer.from("温")), bounded.push(Buffer.from("度")), Body.toText(bounded.bytes())]).toEqual([
      true,
      false,
      "温"
    ])
  })

  it("are cut to size between characters", () => {
    for (const pad of ["", "a"]) {
      const cut = redact(pad + "😀".repeat(maxMessage))
      expect([cut.isWellFormed(), cut.endsWith("😀…")]).toEqual([true, true])
    }
  })

  it("are read in the charset that they are labelled with, unless they are UTF-8 after all", async () => {
    const gbk = Buffer.from([0xce, 0xc2, 0xb6, 0xc8])
    expect(Body.toText(gbk, "text/html; charset=GBK")).toBe("温度")
    expect(Body.toText(Buffer.from("温度"), "text/html; charset=GBK")).toBe("温度")
    const bent = Buffer.from("温度太高，请降低").fill(0xff, 4, 5)
    expect(Body.toText(bent, "text/html; charset=GBK")).toContain("太高")
    expect(Body.toText(gbk, "text/html; charset=no-such")).toContain("\uFFFD")
    const page: Play = body(502, { "content-type": "text/html; charset=gbk" }, gbk)
    const failure = error(await live(call(), () => page))
    expect(failure.trail[0]).toMatchObject({ message: expect.stringContaining("温度") })
  })
})
