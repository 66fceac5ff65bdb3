import { describe, expect, it } from "vitest"
import * as SseDecoder from "../src/internal/wire/SseDecoder.ts"

const decode = (pieces: ReadonlyArray<Buffer>): ReadonlyArray<string | undefined> => {
  const decoder = SseDecoder.make()
  return pieces.flatMap((piece) => decoder.push(piece).frames.map((frame) => frame.data))
}

const cases: ReadonlyArray<[name: string, text: string, frames: ReadonlyArray<string | undefined>]> = [
  ["one frame", "data: a\n\n", ["a"]],
  ["a frame without a space", "data:a\n\n", ["a"]],
  ["two frames", "data: a\n\ndata: b\n\n", ["a", "b"]],
  ["a comment", ": keep-alive\n\ndata: a\n\n", [undefined, "a"]],
  ["multi-line data", "data: a\ndata: b\n\n", ["a\nb"]],
  ["other fields", "id: 1\nevent: result\ndata: a\n\n", ["a"]],
  ["CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
  ["CR alone, closed by the next byte", "data: a\r\rdata: b\r\r", ["a"]],
  ["a byte order mark", "\uFEFFdata: a\n\n", ["a"]],
  ["characters of several bytes", "data: 通义千问 😀\n\n", ["通义千问 😀"]],
  ["an unfinished frame", "data: a\n\ndata: b\n", ["a"]],
  [
    "events without a blank line between them",
    'data: {"a":1}\ndata:{"b":2}\ndata: [DONE]\n\n',
    ['{"a":1}', '{"b":2}', "[DONE]"]
  ],
  ["the same with CRLF", 'data: {"a":1}\r\ndata: {"b":2}\r\n\r\n', ['{"a":1}', '{"b":2}']],
  ["JSON in several lines of data", 'data: {"a":\ndata: {"b":1}\ndata: }\n\n', ['{"a":\n{"b":1}\n}']],
  ["JSON on the line behind an empty data", 'data:\n {"a":1}\n\n', ['{"a":1}']],
  ["stray blank lines", "\n\ndata: a\n\n", [undefined, undefined, "a"]]
]

describe("SseDecoder", () => {
  it.each(cases)("decodes %s", (_, text, frames) => {
    expect(decode([Buffer.from(text)])).toEqual(frames)
  })

  it.each(cases)("decodes %s cut at every byte", (_, text, frames) => {
    const pieces = [...Buffer.from(text)].map((byte) => Buffer.from([byte]))
    expect(decode(pieces)).toEqual(frames)
  })

  it.each(cases)("decodes %s cut in two at any place", (_, text, frames) => {
    const bytes = Buffer.from(text)
    for (let at = 1; at < bytes.length; at++) {
      expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(frames)
    }
  })

  it("hands out the bytes of whole frames only, so that they can be forwarded as they came", () => {
    const decoder = SseDecoder.make()
    const first = decoder.push(Buffer.from("data: a\n\ndata: b"))
    expect(first.bytes.toString()).toBe("data: a\n\n")
    expect(first.frames.map((frame) => frame.end)).toEqual([9])
    expect(decoder.pending()).toBe(7)
    expect(decoder.push(Buffer.from("\n\n")).bytes.toString()).toBe("data: b\n\n")
    expect(decoder.pending()).toBe(0)
  })
})
