import { type Fault, type Journal, MockTransport, type Recording, VendorList, type Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, qwenKey, world } from "./support.ts"

const frame = (delta: object, rest: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null, ...rest }], usage: null })}\n\n`

const usage = `data: ${JSON.stringify({ choices: [], usage: { total_tokens: 9 } })}\n\n`

const stream: Recording.Recording = {
  vendor: "qwen",
  model: "qwen-plus",
  stream: true,
  status: 200,
  headers: [
    ["Content-Type", "text/event-stream"],
    ["X-Request-Id", "r-1"],
    ["Transfer-Encoding", "chunked"]
  ],
  frames: [
    { after: 300, data: `: queued\n\n${frame({ role: "assistant", content: "" })}` },
    { after: 20, data: frame({ reasoning_content: "hm" }) },
    { after: 40, data: frame({ content: "one" }) + frame({ content: " two" }) },
    { after: 10, data: frame({ content: "" }, { finish_reason: "stop" }) },
    { after: 0, data: `${usage}data: [DONE]\n\n` }
  ],
  end: "complete"
}

const body = (content: string, model = "qwen-plus") =>
  JSON.stringify({ model, choices: [{ message: { content }, finish_reason: "length" }], usage: { total_tokens: 5 } })

const plain = (content: string): Recording.Recording => ({
  ...stream,
  stream: false,
  headers: [["content-length", "5"]],
  frames: [
    { after: 100, data: "\n\n" },
    { after: 50, data: body(content) }
  ]
})

const request = { vendor: "qwen", model: "qwen-plus", stream: true } as const

/** Plays one request against a recording, and gives what came and its entry. */
const played = (recording: Recording.Recording, faults: ReadonlyArray<Fault.FaultSpec> = []) => {
  const { clock, vendors } = world({ recordings: [recording], faults })
  const heard: Array<[at: number, text: string]> = []
  const start = clock.now()
  const note = (text: string) => heard.push([clock.now() - start, text])
  MockTransport.make(vendors).send(
    {
      method: "POST",
      origin: "https://dashscope.aliyuncs.com",
      path: "/compatible-mode/v1/chat/completions",
      headers: { authorization: `Bearer ${qwenKey}` },
      body: JSON.stringify({ ...request, stream: recording.stream, messages: [{ role: "user", content: "hi" }] })
    },
    {
      onConnected: () => undefined,
      onHeaders: () => note("headers"),
      onData: (chunk) => note(chunk.toString()),
      onEnd: () => note("end"),
      onError: ({ code }) => note(code)
    }
  )
  clock.advance("1h")
  return { heard, entry: vendors.journal.entries[0] as Journal.Entry }
}

describe("recordings", () => {
  it("plays frames with the waits between them, byte for byte", () => {
    const { heard, entry } = played(stream)
    expect(heard).toEqual([
      [0, "headers"],
      [300, stream.frames[0]?.data],
      [320, stream.frames[1]?.data],
      [360, stream.frames[2]?.data],
      [370, `${stream.frames[3]?.data}${stream.frames[4]?.data}`],
      [370, "end"]
    ])
    expect(entry).toMatchObject({
      recipe: "recording",
      status: 200,
      chunks: 3,
      finish: "stop",
      totalTokens: 9,
      end: "complete"
    })
  })

  it("plays a plain body, and leaves its framing to the adapter", () => {
    const { heard, entry } = played(plain("one"))
    expect(heard).toEqual([
      [0, "headers"],
      [100, "\n\n"],
      [150, body("one")],
      [150, "end"]
    ])
    expect(entry).toMatchObject({ chunks: 1, finish: "length", totalTokens: 5 })
    const { headers } = ask(world({ recordings: [stream] }).vendors, request)
    expect([...headers]).toEqual([
      ["content-type", "text/event-stream"],
      ["x-request-id", "r-1"],
      ["transfer-encoding", "chunked"]
    ])
  })

  it("plays several in turn, then again from the first, and anew after a reset", () => {
    const { vendors } = world({ recordings: [plain("one"), plain("two")] })
    const content = () => ask(vendors, { ...request, stream: false }).json().choices[0].message.content
    expect([content(), content(), content()]).toEqual(["one", "two", "one"])
    vendors.addRecording(plain("three"))
    vendors.reset()
    expect([content(), content(), content()]).toEqual(["one", "two", "one"])
  })

  it("leaves other models, vendors and ways of calling to the mock", () => {
    const { vendors } = world({ recordings: [plain("one")] })
    ask(vendors, request)
    ask(vendors, { ...request, model: "qwen-turbo", stream: false })
    ask(vendors, { vendor: "deepseek" })
    expect(new Set(vendors.journal.entries.map(({ recipe }) => recipe))).toEqual(new Set(["answer"]))
  })

  it("makes its model one that exists, for a vendor that has not heard of it", () => {
    const models = { qwen: "qwen-next-max", deepseek: "deepseek-v9" } as const
    for (const vendor of ["qwen", "deepseek"] as const) {
      const { vendors } = world({ recordings: [{ ...plain("one"), vendor, model: models[vendor] }] })
      const send = (rest: object) => ask(vendors, { vendor, model: models[vendor], ...rest })
      expect(send({ stream: false }).json().choices[0].message.content).toBe("one")
      expect([send({ stream: true }).status, send({ model: "gpt-x" }).status]).toEqual([
        200,
        vendor === "qwen" ? 404 : 400
      ])
    }
  })

  it("counts for a vendor's health where it is a refusal or breaks off", () => {
    const question = { vendor: "qwen", key: qwenKey, model: "qwen-next-max", stream: false } as const
    const good = { ...plain("one"), model: "qwen-next-max" }
    const healthOf = (...recordings: ReadonlyArray<Recording.Recording>) =>
      world({ recordings }).vendors.health(question)
    expect(healthOf()).toEqual({ ok: false, certain: true, because: "model.gone" })
    expect(healthOf(good)).toEqual({ ok: true })
    expect(healthOf(good, { ...good, end: "cut" })).toEqual({ ok: false, certain: false, because: "recording" })
    expect(healthOf({ ...good, status: 500 })).toEqual({ ok: false, certain: true, because: "recording" })
  })

  it("is not used up by requests that are refused before", () => {
    const { vendors } = world({ recordings: [plain("one"), plain("two")], faults: [{ kind: "edge.html", times: 1 }] })
    const send = (rest: object = {}) => ask(vendors, { ...request, stream: false, ...rest })
    expect([send().status, send({ key: "sk-stranger" }).status, send({ max_tokens: 0 }).status]).toEqual([
      502, 401, 400
    ])
    expect(send().json().choices[0].message.content).toBe("one")
  })

  it.each([
    ["cut.midstream", 2, ["hm", "one"], "UND_ERR_SOCKET"],
    ["reset.midstream", 1, ["hm"], "ECONNRESET"],
    ["frame.malformed", 2, ["hm", "one", " two", "[DONE]"], "end"],
    ["eof.noDone", 3, ["hm", "one", " two"], "end"]
  ] as const)("is bent by %s after %i chunks", (kind, afterChunks, words, last) => {
    const { heard, entry } = played(stream, [{ kind, afterChunks }])
    const text = heard.map(([, said]) => said).join("")
    expect(["hm", "one", " two", "[DONE]"].filter((word) => text.includes(word))).toEqual(words)
    expect([heard.at(-1)?.[1], entry.recipe]).toEqual([last, `recording+${kind}`])
  })

  it("ends as it was recorded", () => {
    expect(played({ ...stream, end: "reset" }).heard.at(-1)).toEqual([370, "ECONNRESET"])
    const stalled = played({ ...stream, end: "stall" })
    expect([stalled.heard.at(-1)?.[0], stalled.entry.end]).toEqual([370, "open"])
  })

  it("is refused at load time when an attached adapter cannot end it so", () => {
    const { vendors } = world()
    vendors.attach("network")
    expect(() => vendors.addRecording({ ...stream, end: "half-close" })).toThrow("MockServer and MockTransport can")
  })

  it.each([
    [{ vendor: "openai" }, `recording.vendor must be one of ${VendorList.names.join(", ")}; got "openai"`],
    [{ model: "" }, 'recording.model must be text that is not empty; got ""'],
    [{ stream: 1 }, "recording.stream must be true or false; got 1"],
    [{ status: 0 }, "recording.status must be an integer >= 200; got 0"],
    [{ headers: {} }, "recording.headers must be a list of [name, value]; got {}"],
    [{ headers: [["a"]] }, 'recording.headers[0] must be [name, value]; got ["a"]'],
    [{ frames: "x" }, 'recording.frames must be a list of { after, data }; got "x"'],
    [{ frames: [{ after: -1, data: "x" }] }, "recording.frames[0].after must be milliseconds >= 0; got -1"],
    [{ frames: [{ after: 0 }] }, "recording.frames[0].data must be text that is not empty; got nothing"],
    [{ end: "never" }, 'recording.end must be one of complete, cut, reset, half-close, stall; got "never"'],
    [{ colour: 1 }, /^a field of recording must be one of vendor, .*; got "colour"$/]
  ])("refuses %j and says why", (wrong, message) => {
    const vendors: Vendors.Vendors = world().vendors
    expect(() => vendors.addRecording({ ...stream, ...wrong } as Recording.Recording)).toThrow(message)
  })
})
