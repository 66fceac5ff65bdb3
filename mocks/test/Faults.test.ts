import { type Fault, FaultKind, type Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"
import { ask, deepseekKey, qwenKey, world } from "./support.ts"

describe("faults", () => {
  it("strikes in the order of adding, so often as told, after those to skip", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", vendor: "qwen", skip: 1, times: 1 })
    vendors.addFault({ kind: "rate.limit", vendor: "qwen", skip: 1, times: 1 })
    const statuses = Array.from({ length: 4 }, () => ask(vendors, { vendor: "qwen" }).status)
    expect(statuses).toEqual([200, 500, 429, 200])
    expect(ask(vendors, { vendor: "deepseek" }).status).toBe(200)
  })

  it("is used up only by requests that come so far", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", times: 1 })
    ask(vendors, { vendor: "qwen", key: "sk-stranger" })
    ask(vendors, { vendor: "qwen", path: "/nowhere" })
    expect(ask(vendors, { vendor: "qwen" }).status).toBe(500)
  })

  it("fits by key, account, model and streaming", () => {
    const { vendors } = world()
    const statusWith = (fault: Partial<Fault.FaultSpec>) => {
      const { remove } = vendors.addFault({ kind: "server.error", ...fault })
      const { status } = ask(vendors, { vendor: "qwen" })
      remove()
      return status
    }
    expect([{ key: qwenKey }, { key: "qw" }, { model: "qwen-turbo" }, { stream: false }].map(statusWith)).toEqual([
      500, 500, 500, 500
    ])
    expect(
      [{ key: deepseekKey }, { key: "ds" }, { model: "qwen-max" }, { stream: true }, { account: "x" }].map(statusWith)
    ).toEqual([200, 200, 200, 200, 200])
  })

  it("begins and ends by the clock", () => {
    const { vendors, clock } = world()
    vendors.addFault({ kind: "overload.fast", from: "10s", for: "30s" })
    const at = (by: Vendors.Options["chunkDelay"]) => {
      clock.advance(by ?? 0)
      return ask(vendors, { vendor: "qwen" }).status
    }
    expect([at(9999), at(1), at(29_999), at(1)]).toEqual([200, 500, 500, 200])
  })

  it("strikes a share of requests, the same ones for the same seed", () => {
    const draw = (seed: number) => {
      const { vendors } = world({ seed })
      vendors.addFault({ kind: "overload.fast", ratio: 0.3 })
      return Array.from({ length: 40 }, () => ask(vendors, { vendor: "qwen" }).status === 500)
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    const share = draw(1).filter(Boolean).length
    expect(share).toBeGreaterThan(4)
    expect(share).toBeLessThan(22)
  })

  it("strikes exactly the ordinals it is told", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", ordinals: [2, 4], model: "qwen-turbo" })
    const statusOf = (model: string) => ask(vendors, { vendor: "qwen", model }).status
    const models = ["qwen-turbo", "qwen-plus", "qwen-turbo", "qwen-turbo", "qwen-turbo", "qwen-turbo"]
    expect(models.map(statusOf)).toEqual([200, 200, 500, 200, 500, 200])
  })

  it("strikes the attempts of marked calls that it is told, and no unmarked request", () => {
    const { vendors } = world()
    const statuses = (content: string) => [1, 2, 3].map(() => ask(vendors, { vendor: "qwen", content }).status)
    vendors.addFault({ kind: "overload.fast", attempt: 2 })
    expect([statuses("[call:a]"), statuses("[call:b]"), statuses("no mark")]).toEqual([
      [200, 500, 200],
      [200, 500, 200],
      [200, 200, 200]
    ])
    vendors.addFault({ kind: "rate.limit", attempt: [1, 3] })
    expect(statuses("[call:c]")).toEqual([429, 500, 429])
  })

  it("flaps between its beginning and its end", () => {
    const { vendors, clock } = world()
    vendors.addFault({ kind: "overload.fast", from: "10s", for: "25s", flap: { every: "10s", on: "3s" } })
    const struck = Array.from({ length: 40 }, (_, second) => {
      const { status } = ask(vendors, { vendor: "qwen" })
      clock.advance("1s")
      return status === 500 ? [second] : []
    })
    expect(struck.flat()).toEqual([10, 11, 12, 20, 21, 22, 30, 31, 32])
  })

  it("is called by its name in lists and errors, and not in the journal", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "overload.fast", name: "evening storm" })
    ask(vendors, { vendor: "qwen" })
    expect([vendors.faults()[0]?.name, vendors.journal.entries[0]?.recipe]).toEqual(["evening storm", "overload.fast"])
    expect(() => vendors.addFault({ kind: "overload.fast", name: "night", times: 0 })).toThrow(
      'fault "night".times must be an integer >= 1; got 0'
    )
    vendors.attach("server")
    expect(() => vendors.addFault({ kind: "dns", name: "night" })).toThrow('fault "night".kind must be one that')
  })

  it("adds up on answers", () => {
    const { vendors } = world()
    vendors.addFault({ kind: "slow.firstToken", delay: "2s" })
    vendors.addFault({ kind: "cut.midstream", afterChunks: 2 })
    const { plan } = ask(vendors, { vendor: "deepseek", stream: true })
    expect(plan.recipe).toBe("slow.firstToken+cut.midstream")
    expect(plan.steps.map((step) => [step.after, step.chunks])).toEqual([
      [0, 0],
      [2000, 1],
      [0, 1]
    ])
    expect(plan.ending).toEqual({ after: 0, as: "cut" })
  })

  it.each([
    [{ kind: "cut" }, /^fault\.kind must be one of refuse, .*; got "cut"$/],
    [{ kind: "rate.burst", vendor: "deepseek" }, /^fault\.vendor must be qwen for "rate\.burst"/],
    [{ kind: "server.error", times: 0 }, "fault.times must be an integer >= 1; got 0"],
    [{ kind: "server.error", ratio: 2 }, "fault.ratio must be a number greater than 0 and at most 1; got 2"],
    [
      { kind: "server.error", for: "soon" },
      'fault.for must be a duration such as 500ms, 5s, 2m, 1h, or milliseconds >= 0; got "soon"'
    ],
    [{ kind: "server.error", attempt: 0 }, "fault.attempt must be an integer >= 1 or a list of those; got 0"],
    [{ kind: "server.error", attempt: [] }, "fault.attempt must be an integer >= 1 or a list of those; got []"],
    [{ kind: "server.error", ordinals: [0] }, "fault.ordinals must be a list of integers >= 1; got [0]"],
    [{ kind: "server.error", ordinals: 3 }, "fault.ordinals must be a list of integers >= 1; got 3"],
    [
      { kind: "server.error", ordinals: [1], ratio: 0.5 },
      "fault.ratio must be left out where ordinals say which requests are struck; got 0.5"
    ],
    [{ kind: "server.error", name: "" }, 'fault.name must be text that is not empty; got ""'],
    [
      { kind: "server.error", flap: { every: "1s", on: "1s" } },
      'fault.flap.on must be a duration greater than 0 and shorter than every; got "1s"'
    ],
    [{ kind: "server.error", flap: { every: "1s" } }, /^fault\.flap\.on must be a duration .*; got nothing$/],
    [{ kind: "overload.queue", every: 0 }, "fault.every must be a duration greater than 0; got 0"],
    [{ kind: "server.error", afterChunk: 1 }, /^a field of fault must be one of kind, .*; got "afterChunk"$/],
    [{ kind: "server.error", key: "sk with spaces" }, /\(hidden\)/]
  ])("refuses %j and says why", (spec, message) => {
    expect(() => world().vendors.addFault(spec as Fault.FaultSpec)).toThrow(message)
  })

  it("refuses at load time what an attached adapter cannot do, and names the one that can", () => {
    const { vendors } = world()
    const detach = vendors.attach("server")
    expect(() => vendors.addFault({ kind: "refuse" })).toThrow(
      'MockServer cannot do "refuse" (connection refused); MockNetwork and MockTransport can'
    )
    expect(() => vendors.setKey(qwenKey, { vendor: "qwen", state: "dns" })).toThrow("MockNetwork and MockTransport can")
    vendors.addFault({ kind: "refuse", adapter: "network" })
    detach()
    vendors.addFault({ kind: "halfclose.midstream" })
    expect(() => vendors.attach("network")).toThrow("MockServer and MockTransport can")
  })

  it.each([
    ["answer", []],
    ["recording+slow.headers+cut.midstream", ["late", "broken"]],
    ["billing.shrinking", ["limit"]],
    ["request.maxTokens", ["caller"]],
    ["path.unknown", []]
  ])("says what %s in the journal means", (recipe, meanings) => {
    expect(FaultKind.meaningsOf(recipe)).toEqual(meanings)
  })

  it("can do every kind exactly without a socket", () => {
    for (const name of FaultKind.names) expect(FaultKind.catalogue[name].transport, name).toBe("exact")
  })
})

describe("faults that bend answers", () => {
  const bent = (fault: Fault.FaultSpec, request: Parameters<typeof ask>[1]) => {
    const { vendors } = world()
    vendors.addFault(fault)
    return ask(vendors, request)
  }
  const stream = { vendor: "deepseek", stream: true, content: "echo: a b c d" } as const

  it("stops after k content chunks", () => {
    for (const [kind, as] of [
      ["cut.midstream", "cut"],
      ["reset.midstream", "reset"],
      ["stall.midstream", "stall"]
    ] as const) {
      const { plan, frames } = bent({ kind, afterChunks: 2 }, stream)
      expect(frames().map((frame) => frame.choices[0].delta.content)).toEqual(["", "a", " b"])
      expect(plan.ending.as).toBe(as)
    }
  })

  it("stops in the middle of the reasoning", () => {
    const { frames } = bent(
      { kind: "stall.thinking", afterChunks: 2 },
      { vendor: "deepseek", model: "deepseek-reasoner", stream: true }
    )
    expect(frames().at(-1).choices[0].delta).toEqual({ content: null, reasoning_content: "，" })
  })

  it("counts from the end of the reasoning where it is told to, and breaks off before a word all the same", () => {
    const last = (fault: Omit<Parameters<typeof bent>[0], "kind">): object => {
      const { frames } = bent(
        { kind: "cut.midstream", ...fault },
        { vendor: "deepseek", model: "deepseek-flash", stream: true }
      )
      return frames().at(-1).choices[0].delta
    }
    expect(last({ afterChunks: 2, afterThinking: true })).toMatchObject({ content: "！", reasoning_content: null })
    expect(last({ afterChunks: 0, afterThinking: true })).toMatchObject({ content: null })
    expect(last({ afterChunks: 2 })).toMatchObject({ content: null })
    expect(() => bent({ kind: "cut.midstream", afterThinking: 1 as never }, stream)).toThrow("afterThinking")
  })

  it("cuts a JSON body in half", () => {
    const whole = ask(world().vendors, { vendor: "deepseek" }).text
    const { text, plan } = bent({ kind: "cut.midstream" }, { vendor: "deepseek" })
    expect([
      Buffer.from(whole)
        .subarray(0, Math.floor(Buffer.byteLength(whole) / 2))
        .toString(),
      "cut"
    ]).toEqual([text, plan.ending.as])
  })

  it("ends cleanly without finish_reason and [DONE]", () => {
    const { text, plan } = bent({ kind: "eof.noDone" }, stream)
    expect([text.includes("[DONE]"), text.includes('"finish_reason":"stop"'), plan.ending.as]).toEqual([
      false,
      false,
      "complete"
    ])
    const early = bent({ kind: "eof.noDone", afterChunks: 1 }, stream)
    expect(text.startsWith(early.text) && early.text.length < text.length).toBe(true)
    expect(early.plan.ending.as).toBe("complete")
    const missing = bent({ kind: "finish.missing" }, stream).text
    expect([missing.includes("[DONE]"), missing.includes('"finish_reason":"stop"')]).toEqual([true, false])
  })

  it("finishes for want of resources, or of decency, with half the text", () => {
    const reasons = (["finish.resource", "content.output"] as const).map((kind) => {
      const { finish_reason, message } = bent({ kind }, { vendor: "deepseek", content: "echo: a b c d" }).json()
        .choices[0]
      return [finish_reason, message.content]
    })
    expect(reasons).toEqual([
      ["insufficient_system_resource", "a b"],
      ["content_filter", "a b"]
    ])
  })

  it("ends Qwen's inspected stream with an error event", () => {
    const { text, status } = bent({ kind: "content.output", afterChunks: 1 }, { ...stream, vendor: "qwen" })
    expect(status).toBe(200)
    expect(
      text.endsWith(
        'data: {"error":{"message":"Output data may contain inappropriate content.","type":"data_inspection_failed","param":null,"code":"data_inspection_failed"}}\n\n'
      )
    ).toBe(true)
    expect(bent({ kind: "content.output" }, { vendor: "qwen" }).status).toBe(400)
  })

  it("sends an error event inside a 200", () => {
    const { text, status } = bent({ kind: "error.midstream", afterChunks: 1, message: "gone" }, stream)
    expect([status, text.includes("[DONE]")]).toEqual([200, false])
    expect(JSON.parse(text.split("\n\n").at(-2)?.slice(6) ?? "")).toMatchObject({ error: { message: "gone" } })
  })

  it("puts a frame that is not JSON between good ones", () => {
    const { text } = bent({ kind: "frame.malformed", afterChunks: 1 }, stream)
    expect(text.split("\n\n").filter((frame) => frame.endsWith('"content":"'))).toHaveLength(1)
    expect(text).toContain("[DONE]")
  })

  it("answers nothing with 200", () => {
    expect(bent({ kind: "empty.200" }, { vendor: "deepseek" }).text).toBe("\n\n\n\n")
    expect(bent({ kind: "empty.200" }, { vendor: "qwen" }).json()).toMatchObject({
      choices: [],
      object: "chat.completion"
    })
  })

  it("says half and marks it as partial", () => {
    const { headers, json } = bent({ kind: "partial.200" }, { vendor: "qwen", content: "echo: a b c d" })
    expect([headers.get("x-dashscope-partialresponse"), json().choices[0].message.content]).toEqual(["true", "a b"])
  })

  it("promises more bytes than it sends", () => {
    const { headers, plan, text } = bent({ kind: "body.short", afterChunks: 1 }, stream)
    expect(Number(headers.get("content-length"))).toBeGreaterThan(Buffer.byteLength(text))
    expect([headers.has("transfer-encoding"), plan.ending.as]).toEqual([false, "cut"])
  })

  it("slices across characters and frames without changing a byte", () => {
    const request = { vendor: "qwen", stream: true } as const
    const { plan, text } = bent({ kind: "bytes.sliced", size: 5 }, request)
    expect(plan.steps.slice(0, -1).every((step) => step.data.length === 5)).toBe(true)
    expect(text).toBe(ask(world().vendors, request).text)
    expect(
      plan.steps.some((step) =>
        Buffer.from(step.data as Uint8Array)
          .toString()
          .includes("\ufffd")
      )
    ).toBe(true)
  })

  it("queues with comments or blank lines, then answers or closes", () => {
    const queue = { kind: "overload.queue", delay: "12s", every: "5s" } as const
    const streamed = bent(queue, stream)
    expect(streamed.text.startsWith(": keep-alive\n\n: keep-alive\n\n: keep-alive\n\ndata: {")).toBe(true)
    expect(streamed.plan.steps.slice(0, 4).map((step) => step.after)).toEqual([0, 5000, 5000, 2000])
    expect(bent(queue, { vendor: "deepseek" }).text.startsWith("\n\n\n{")).toBe(true)
    const closed = bent({ ...queue, finally: "close" }, stream)
    expect([closed.plan.steps.length, closed.plan.ending]).toEqual([3, { after: 2000, as: "cut" }])
  })
})
