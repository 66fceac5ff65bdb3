import { describe, expect, it } from "vitest"
import { expectText, flawOf } from "./Check.ts"
import { long, short } from "./Payload.ts"

const { completion, events, text } = short

const stream = (frames: ReadonlyArray<string>): Buffer => Buffer.from(frames.join(""))

describe("flawOf", () => {
  it("finds nothing wrong with the upstream's own answers", () => {
    expect(flawOf("json", 200, Buffer.from(completion))).toBeUndefined()
    expect(flawOf("sse", 200, stream(events))).toBeUndefined()
    expect(flawOf("long-json", 200, Buffer.from(long.completion))).toBeUndefined()
    expect(flawOf("long-sse", 200, stream(long.events))).toBeUndefined()
  })

  it.each([
    ["another status", false, 502, completion, "status 502"],
    ["another model", false, 200, completion.replace("qwen-turbo", "qwen-plus"), "qwen-plus instead of qwen-turbo"],
    ["another text", false, 200, completion.replace("next", "last"), "another text"],
    ["no [DONE]", true, 200, events.slice(0, -1).join(""), "ends in"],
    ["a lost frame", true, 200, events.toSpliced(5, 1).join(""), "60 frames"],
    ["a doubled frame", true, 200, events.toSpliced(5, 0, events[5] ?? "").join(""), "62 frames"],
    ["an error in band", true, 200, `${events[0]}data: {"error":{}}\n\n`, "ends in"]
  ])("tells of %s", (_, streamed, status, body, says) => {
    expect(flawOf(streamed ? "sse" : "json", status, Buffer.from(body))).toContain(says)
  })
})

describe("expectText", () => {
  it("throws at any other text", () => {
    expect(() => expectText(text)).not.toThrow()
    expect(() => expectText(text.slice(1))).toThrow("wrong answer")
    expect(() => expectText(undefined)).toThrow("wrong answer")
  })
})
