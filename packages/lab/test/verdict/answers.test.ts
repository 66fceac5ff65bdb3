/** What is found in what callers got: availability, speed, and whole answers. */
import * as ReplyText from "@understudy/lab/traffic/ReplyText"
import { describe, expect, it } from "vitest"
import { type AttemptOptions, type CallOptions, kinds, open, type RunOptions } from "./Build.ts"

const any = { availability: 0 }
const answered: CallOptions = { at: 0, attempts: [{}] }
const failed: CallOptions = { at: 0, attempts: [{ recipe: "server.error" }] }
const nothingWell: RunOptions["well"] = [[0]]

describe("low-availability", () => {
  it("is found when a smaller share was answered than expected", () => {
    expect(kinds({ calls: [answered, failed], well: nothingWell })).toEqual(["low-availability"])
  })

  it("is not found when that share is what the scenario expects", () => {
    expect(kinds({ calls: [answered, failed], well: nothingWell, expect: { availability: 0.5 } })).toEqual([])
  })

  it("does not count callers who left", () => {
    expect(kinds({ calls: [answered, { ...failed, outcome: "left" }] })).toEqual([])
  })

  it("is told by the attempts when the client's view is unknown", () => {
    const unknown = { outcome: "unknown", text: "" } as const
    expect(kinds({ calls: [{ ...answered, ...unknown }] })).toEqual([])
    expect(kinds({ calls: [{ ...failed, ...unknown }] })).toEqual(["low-availability"])
  })

  it("counts the caller's own fault, where it is expected, as a good ending", () => {
    const refused: CallOptions = {
      at: 0,
      attempts: [{ recipe: "request.invalid" }],
      error: { message: "no", status: 400 }
    }
    expect(kinds({ calls: [refused], expect: { outcome: "rejected" } })).toEqual([])
    const disguised = { ...refused, error: { message: "bad gateway", status: 502 } }
    expect(kinds({ calls: [disguised], expect: { outcome: "rejected" } })).toEqual(["low-availability"])
    const unasked = (error: CallOptions["error"]): CallOptions => ({ at: 0, outcome: "failed", error: error! })
    const own = unasked({ message: "The prompt is not allowed", status: 400 })
    expect(kinds({ calls: [refused, own], expect: { outcome: "rejected" } })).toEqual([])
    const broken = unasked({ message: "x is not a function" })
    expect(kinds({ calls: [refused, broken], expect: { outcome: "rejected" } })).toEqual(["low-availability"])
  })
})

describe("failed-while-healthy", () => {
  const beside: RunOptions["well"] = [[0, "deepseek-1"]]

  it("is found when one path was certain to answer all the while", () => {
    expect(kinds({ calls: [failed], well: beside, expect: any })).toEqual(["failed-while-healthy"])
    const unfinished: CallOptions = {
      at: 0,
      attempts: [{ recipe: "stall.before", took: 200_000 }],
      outcome: "unfinished"
    }
    expect(kinds({ calls: [unfinished], well: beside, expect: { ...any, stallWithin: "5m" } })).toEqual([
      "failed-while-healthy"
    ])
  })

  it("is not found when no single path was well from beginning to end", () => {
    const well: RunOptions["well"] = [
      [0, "deepseek-1"],
      [50, "deepseek-2"]
    ]
    expect(kinds({ calls: [failed], well, expect: any })).toEqual([])
  })

  it("is not found when the path was well again for too short a time to be known", () => {
    const well: RunOptions["well"] = [[0], [10_000, "deepseek-1"]]
    expect(kinds({ calls: [{ ...failed, at: 60_000 }], well, expect: any })).toEqual([])
    expect(kinds({ calls: [{ ...failed, at: 200_000 }], well, expect: any })).toEqual(["failed-while-healthy"])
  })

  it("is not found for a stream that broke after content, nor for a request that was refused", () => {
    const broken: CallOptions = {
      at: 0,
      stream: true,
      text: "Reply 1 of qwen: al",
      attempts: [{ recipe: "cut.midstream" }]
    }
    expect(kinds({ calls: [broken], well: beside, expect: any })).toEqual([])
    const refused: CallOptions = { at: 0, attempts: [{ recipe: "content.input" }] }
    expect(kinds({ calls: [refused], well: beside, expect: any })).toEqual([])
  })
})

describe("too-slow", () => {
  const slow: CallOptions = { at: 0, attempts: [{ took: 5_001 }] }

  it("is found when an answer takes longer than expected", () => {
    expect(kinds({ calls: [slow], expect: { within: "5s" } })).toEqual(["too-slow"])
  })

  it("is not found within the time, nor for calls that failed", () => {
    expect(kinds({ calls: [{ at: 0, attempts: [{ took: 5_000 }] }], expect: { within: "5s" } })).toEqual([])
    const late: CallOptions = { at: 0, attempts: [{ recipe: "server.error", took: 9_000 }] }
    expect(kinds({ calls: [late], well: nothingWell, expect: { ...any, within: "5s" } })).toEqual([])
  })
})

describe("truncated-accepted", () => {
  const half = (ordinals: ReadonlyArray<number>): string => ReplyText.make(ordinals[0]!, "qwen").slice(0, 40)
  const cut = (attempt: AttemptOptions, call: Partial<CallOptions> = {}): RunOptions => ({
    calls: [{ at: 0, outcome: "answered", text: half, attempts: [attempt], ...call }],
    expect: any
  })

  it("is found when a part of an answer was taken for a whole one", () => {
    for (const attempt of [
      { recipe: "eof.noDone" },
      { recipe: "cut.midstream", end: "cut" },
      { recipe: "finish.resource", finish: "insufficient_system_resource" },
      { recipe: "partial.200", finish: "stop" }
    ] as const) {
      expect(kinds(cut({ ...attempt, stream: true }))).toEqual(["truncated-accepted"])
    }
  })

  it("is called garbled when a broken frame was left out of the text", () => {
    const holed = (ordinals: ReadonlyArray<number>): string =>
      ReplyText.make(ordinals[0]!, "qwen").replace("bravo ", "")
    expect(kinds(cut({ recipe: "frame.malformed", finish: "stop" }, { text: holed }))).toEqual(["garbled-answer"])
  })

  it("is found by the attempts where recordings were played, whose texts are not the lab's", () => {
    const played = { recipe: "recording+cut.midstream", end: "cut" } as const
    expect(kinds(cut(played, { text: "something else" }))).toEqual(["truncated-accepted"])
    expect(kinds(cut({ recipe: "recording", finish: "stop" }, { text: "something else" }))).toEqual([])
  })

  it("is not found when the text is whole, when its finish says why it is short, or when the caller was told", () => {
    const whole = (ordinals: ReadonlyArray<number>): string => ReplyText.make(ordinals[0]!, "qwen")
    expect(kinds(cut({ recipe: "finish.missing" }, { text: whole }))).toEqual([])
    expect(kinds(cut({ recipe: "content.output", finish: "content_filter" }))).toEqual([])
    expect(kinds(cut({ finish: "length" }, { finish: "length" }))).toEqual([])
    expect(kinds(cut({ recipe: "cut.midstream", end: "cut" }, { outcome: "failed", stream: true }))).toEqual([])
  })
})

describe("spliced", () => {
  const attempts: ReadonlyArray<AttemptOptions> = [
    { recipe: "cut.midstream", end: "cut", stream: true },
    { key: "deepseek-1" }
  ]
  const mixed = ([first = 0, second = 0]: ReadonlyArray<number>): string =>
    ReplyText.make(first, "qwen").slice(0, 40) + ReplyText.make(second, "deepseek")

  it("is found when two answers were given as one, also to callers who got an error in the end", () => {
    const spliced: CallOptions = { at: 0, stream: true, text: mixed, attempts }
    expect(kinds({ calls: [spliced], expect: any })).toEqual(["spliced"])
    expect(kinds({ calls: [{ ...spliced, outcome: "failed" }], expect: any })).toEqual(["spliced"])
  })

  it("is found when a caller was given the answer to another's call", () => {
    const mine: CallOptions = { at: 0, attempts: [{}], text: ReplyText.make(1, "qwen") }
    const stolen: CallOptions = { at: 1_000, attempts: [{}], text: ReplyText.make(1, "qwen") }
    const cached: CallOptions = { at: 2_000, outcome: "answered", text: ReplyText.make(1, "qwen") }
    expect(kinds({ calls: [mine, stolen, cached], expect: any })).toEqual(["spliced"])
    expect(kinds({ calls: [mine, stolen] })).toEqual(["spliced"])
  })

  it("is not found when nobody can say whose call an answer was for", () => {
    const unmarked: AttemptOptions = { path: "/v1/chat/completions", model: "qwen-plus", recipe: "answer" }
    const lost: CallOptions = { at: 0, outcome: "answered", text: ReplyText.make(1, "qwen") }
    expect(kinds({ calls: [lost], probes: [unmarked] })).toEqual([])
  })

  it("is not found when the second attempt went on with the text of the first", () => {
    const continued: CallOptions = {
      at: 0,
      stream: true,
      text: ([first = 0]) => ReplyText.make(first, "qwen"),
      attempts
    }
    expect(kinds({ calls: [continued] })).toEqual([])
  })
})

describe("cancelled-left-running", () => {
  const left = (attempt: AttemptOptions): RunOptions => ({
    calls: [{ at: 0, outcome: "left", endedAt: 500, attempts: [attempt] }],
    duration: 60_000
  })

  it("is found when a request went on, was finished or was made after its caller had gone", () => {
    expect(kinds(left({ took: 5_000, end: "client-left" }))).toEqual(["cancelled-left-running"])
    expect(kinds(left({ took: 900 }))).toEqual(["cancelled-left-running"])
    expect(kinds(left(open))).toEqual(["cancelled-left-running"])
    expect(kinds(left({ at: 900, took: 10, end: "client-left" }))).toEqual(["cancelled-left-running"])
  })

  it("is not found when the request was aborted, or was done by then", () => {
    expect(kinds(left({ took: 510, end: "client-left" }))).toEqual([])
    expect(kinds(left({ took: 600 }))).toEqual([])
    expect(kinds(left({ took: 300 }))).toEqual([])
  })
})

describe("double-billing", () => {
  it("is found when two attempts of a call were answered to the end", () => {
    expect(
      kinds({ calls: [{ at: 0, attempts: [{ took: 3_000 }, { at: 1_000, took: 4_000, key: "deepseek-1" }] }] })
    ).toEqual(["double-billing"])
  })

  it("is not found when the loser was called off, or was done at the same time", () => {
    const hedge = (second: AttemptOptions): RunOptions => ({
      calls: [
        {
          at: 0,
          outcome: "answered",
          attempts: [{ took: 3_000 }, { at: 1_000, key: "deepseek-1", ...second }],
          text: ([o = 0]) => ReplyText.make(o, "qwen")
        }
      ]
    })
    expect(kinds(hedge({ took: 2_000, end: "client-left", finish: "" }))).toEqual([])
    expect(kinds(hedge({ took: 2_030 }))).toEqual([])
  })

  it("is not found when the first answer could not be taken", () => {
    for (const recipe of [
      "frame.malformed",
      "empty.200",
      "partial.200",
      "content.output",
      "bytes.sliced+partial.200"
    ]) {
      const unusable: AttemptOptions = { recipe, finish: "stop", tokens: 20 }
      expect(kinds({ calls: [{ at: 0, attempts: [unusable, { key: "deepseek-1" }] }] })).toEqual([])
    }
  })
})

describe("leaked-upstream-error", () => {
  const shown = (recipe: string, error: CallOptions["error"], status?: number): RunOptions => ({
    calls: [{ at: 0, attempts: [{ recipe, ...(status === undefined ? {} : { status }) }], error: error! }],
    well: nothingWell,
    expect: any
  })

  it("is found when the refusal of the client's own key came out as the caller's", () => {
    expect(kinds(shown("auth.invalid", { message: "401 Incorrect API key", status: 401 }))).toEqual([
      "leaked-upstream-error"
    ])
    expect(kinds(shown("billing.exhausted", { message: "Arrearage", status: 400 }, 400))).toEqual([
      "leaked-upstream-error"
    ])
  })

  it("is found when a key, the end of one, or a page is shown", () => {
    for (const message of [
      "Bad key sk-demo-qwen-1",
      "Authentication Fails, Your api key: ****en-1 is invalid",
      "502 <html>\r\n<head><title>502 Bad Gateway</title></head>"
    ]) {
      expect(kinds(shown("edge.html", { message }))).toEqual(["leaked-upstream-error"])
    }
  })

  it("is not found for an error of the client's own that says which upstream failed", () => {
    const quoted =
      "Every target failed; the last with Unauthorized: deepseek answered 401: Your api key: ****ek-1 is invalid"
    expect(kinds(shown("auth.invalid", { message: quoted, status: 502 }))).toEqual([])
    expect(kinds(shown("auth.invalid", { message: quoted }))).toEqual([])
    const config: RunOptions["config"] = {
      version: 1,
      providers: { main: { type: "qwen", keys: ["qwen-1"] } },
      routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "main" }] }]
    }
    const named =
      "Every target failed; the last with Unauthorized: main answered 401: Your api key: ****en-1 is invalid"
    expect(kinds({ ...shown("auth.invalid", { message: named }), config })).toEqual([])
    const page = "Every target failed; the last with ServerFailed: deepseek answered 502: <html></html>"
    expect(kinds(shown("edge.html", { message: page, status: 502 }))).toEqual([])
  })

  it("is not found for a status of the caller's own fault", () => {
    const attempts = [{ recipe: "billing.exhausted", status: 400 }, { recipe: "request.tooLong" }]
    const call: CallOptions = { at: 0, attempts, error: { message: "too long", status: 400 } }
    expect(kinds({ calls: [call], well: nothingWell, expect: any })).toEqual([])
  })
})
