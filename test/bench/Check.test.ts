import { describe, expect, it } from "vitest"
import { expectText, flawOf } from "./Check.ts"
import { completion, events, words } from "./Payload.ts"

const stream = (frames: ReadonlyArray<string>): Buffer => Buffer.from(frames.join(""))

describe("flawOf", () => {
  it("finds nothing wrong with the upstream's own answers", () => {
    expect(flawOf(false, 200, Buffer.from(completion))).toBeUndefined()
    expect(flawOf(true, 200, stream(events))).toBeUndefined()
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
    expect(flawOf(streamed, status, Buffer.from(body))).toContain(says)
  })
})

describe("expectText", () => {
  it("throws at any other text", () => {
    expect(() => expectText(words.join(""))).not.toThrow()
    expect(() => expectText(words.slice(1).join(""))).toThrow("wrong answer")
    expect(() => expectText(undefined)).toThrow("wrong answer")
  })
})
