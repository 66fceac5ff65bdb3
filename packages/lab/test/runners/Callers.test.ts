import * as Clock from "@understudy/mocks/Clock"
import OpenAI from "openai"
import { describe, expect, it } from "vitest"
import * as Callers from "../../src/run/Callers.ts"
import type { LabRequest, Observer } from "../../src/run/Client.ts"
import type { PlannedCall } from "../../src/scenario/Scenario.ts"

const planned = (more: Partial<PlannedCall> = {}): PlannedCall => ({
  id: "c1",
  at: 0,
  model: "qwen-plus",
  stream: true,
  leaves: undefined,
  text: "Hello [call:c1]",
  ...more
})

/** Callers of a session that a test answers by hand. */
const callers = (begin: (observer: Observer) => void = () => undefined) => {
  const clock = Clock.manual()
  const started = clock.now()
  const seen: Array<{ readonly request: LabRequest; readonly observer: Observer }> = []
  let left = 0
  const session = {
    start: (request: LabRequest, observer: Observer) => {
      seen.push({ request, observer })
      begin(observer)
      return () => {
        left++
      }
    }
  }
  const made = Callers.make(session, () => clock.now() - started, clock.after)
  return { ...made, clock, last: () => seen.at(-1)!, left: () => left }
}

describe("callers", () => {
  it("remember what they were given, and when", () => {
    const { call, clock, last, open, records } = callers()
    call(planned())
    expect(open()).toBe(1)
    const { observer, request } = last()
    expect(request).toEqual({
      id: "c1",
      model: "qwen-plus",
      stream: true,
      messages: [{ role: "user", content: "Hello [call:c1]" }],
      text: "Hello [call:c1]"
    })
    clock.advance(30)
    observer.content("")
    clock.advance(10)
    observer.content("Hel")
    observer.content("lo")
    clock.advance(60)
    observer.end({ reply: { text: "Hello", finish: "stop", model: "qwen-plus-latest" } })
    expect([records, open()]).toEqual([
      [
        {
          id: "c1",
          at: 0,
          model: "qwen-plus",
          stream: true,
          outcome: "answered",
          firstContentAt: 30,
          endedAt: 100,
          text: "Hello",
          finish: "stop",
          answeredBy: "qwen-plus-latest"
        }
      ],
      0
    ])
  })

  it("leave when they want to, once, and hear nothing after that", () => {
    const { call, clock, last, left, open, records } = callers()
    call(planned({ leaves: 250 }))
    last().observer.content("Hel")
    clock.advance(250)
    last().observer.content("lo")
    last().observer.end({ reply: { text: "Hello" } })
    expect(records).toMatchObject([{ outcome: "left", endedAt: 250, text: "Hel" }])
    expect([left(), open()]).toEqual([1, 0])
  })

  it("stay to the end of an answer that is over in time", () => {
    const { call, clock, last, left, records } = callers()
    call(planned({ leaves: 250 }))
    last().observer.end({ reply: { text: "Hello" } })
    clock.advance("1s")
    expect([records[0]?.outcome, left()]).toEqual(["answered", 0])
  })

  it("take an answer that is there at once, and wait for none after it", () => {
    const { call, clock, left, open, records } = callers((observer) => observer.end({ reply: { text: "Hi" } }))
    call(planned({ leaves: 250 }))
    clock.advance("1s")
    expect([records[0]?.outcome, left(), open()]).toEqual(["answered", 0, 0])
  })

  it("keep what they had of an answer that failed, and leave calls unfinished that never end", () => {
    const { call, last, open, records } = callers()
    call(planned())
    last().observer.content("Hel")
    last().observer.end({ error: new Error("broken") })
    call(planned({ id: "c2" }))
    expect(records).toMatchObject([
      { outcome: "failed", text: "Hel", error: { message: "broken", type: "Error" } },
      { id: "c2", outcome: "unfinished", text: "" }
    ])
    expect(open()).toBe(1)
  })
})

describe("toSeenError", () => {
  const body = { message: "no such key", type: "invalid_request_error", code: "invalid_api_key" }
  it.each([
    [
      "openai",
      OpenAI.APIError.generate(401, { error: body }, undefined, new Headers()),
      { message: "401 no such key", status: 401, code: "invalid_api_key", type: "invalid_request_error" }
    ],
    [
      "the AI SDK",
      Object.assign(new Error("too many"), { name: "AI_APICallError", statusCode: 429 }),
      { message: "too many", status: 429, type: "AI_APICallError" }
    ],
    [
      "Understudy",
      Object.assign(new Error("all failed"), { reason: { _tag: "UpstreamFailed" }, retryAfter: 2_000 }),
      { message: "all failed", code: "UpstreamFailed", type: "Error", retryAfter: 2_000 }
    ],
    [
      "node",
      Object.assign(new TypeError("fetch failed"), { code: "ECONNRESET" }),
      { message: "fetch failed", code: "ECONNRESET", type: "TypeError" }
    ],
    ["a text", "gone", { message: "gone" }],
    ["nothing", undefined, { message: "undefined" }]
  ])("reads errors of %s", (_, error, seen) => {
    expect(Callers.toSeenError(error)).toEqual(seen)
  })
})
