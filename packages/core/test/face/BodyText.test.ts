import { expect, it } from "vitest"
import * as BodyText from "../../src/internal/face/BodyText.ts"

it.each([
  ["你好 \ufffd 😀", "你好 \ufffd 😀"],
  ["", ""],
  ["\ufeff{}", "{}"],
  ["\ufeff\ufeff", "\ufeff"]
])("takes UTF-8, and reads one byte order mark over: %j", (sent, text) => {
  expect(BodyText.decode(Buffer.from(sent))).toEqual({ text })
})

it.each<[string, Buffer, string]>([
  ["GBK", Buffer.from([0x7b, 0xc4, 0xe3, 0xba, 0xc3, 0x7d]), "0xC4 at byte 1 (line 1, column 2)"],
  [
    "a Latin letter behind Chinese ones",
    Buffer.concat([Buffer.from("你好\nab"), Buffer.from([0xe9, 0x22])]),
    "0xE9 at byte 9 (line 2, column 3)"
  ],
  ["a character that is cut short", Buffer.from("😀").subarray(0, 3), "0xF0 at byte 0 (line 1, column 1)"],
  ["a surrogate", Buffer.from([0x61, 0xed, 0xa0, 0x80]), "0xED at byte 1"],
  ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), "0xFF at byte 0"],
  [
    "one byte far behind",
    Buffer.concat([Buffer.from("你好😀".repeat(5_000)), Buffer.from([0x80]), Buffer.from("你".repeat(5_000))]),
    "0x80 at byte 50000"
  ]
])("says where a body stops being UTF-8: %s", (_, bytes, place) => {
  const { problem } = BodyText.decode(bytes)
  expect(problem).toMatchObject({ status: 400, code: "invalid_encoding", type: "invalid_request_error" })
  expect(problem?.message).toContain(`The request body is not UTF-8: ${place}`)
})
