import * as Catalogue from "@understudy/mocks/Catalogue"
import * as Clock from "@understudy/mocks/Clock"
import * as FaultKind from "@understudy/mocks/FaultKind"
import type * as VendorList from "@understudy/mocks/VendorList"
import type { Options } from "@understudy/mocks/Vendors"
import { expect, it } from "vitest"
import type { Exchange } from "../../src/record/Cassette.ts"
import * as Drift from "../../src/record/Drift.ts"
import * as DriftText from "../../src/record/DriftText.ts"
import { ask, chat, recorder, vendorsOnSocket } from "./support.ts"

type Vendor = VendorList.VendorName

const usual: Partial<Record<Vendor, string>> = { deepseek: "deepseek-chat", qwen: "qwen-plus" }

/** What a recorder makes of one answer of our own mocks. */
const recorded = async (vendor: Vendor, body: object, options: Options = {}, keepText = false): Promise<Exchange> => {
  const { server } = await vendorsOnSocket({ clock: Clock.real(), ...options })
  const { exchanges, urls } = await recorder(server.urls, { keepText })
  await ask(urls[vendor], { body })
  await expect.poll(() => exchanges.length).toBe(1)
  return exchanges[0] as Exchange
}

const usage = { stream_options: { include_usage: true } }
const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }]
const weather = { tools, messages: [{ role: "user", content: "get_weather of Berlin" }] }

it.each([
  ["deepseek", chat("deepseek-chat")],
  ["deepseek", chat("deepseek-chat", { stream: true })],
  ["deepseek", chat("deepseek-reasoner", { stream: true, ...usage })],
  ["deepseek", chat("deepseek-reasoner", { max_tokens: 5 })],
  ["deepseek", chat("deepseek-chat", { stream: true, ...weather })],
  ["deepseek", chat("deepseek-chat", weather)],
  ["deepseek", chat("deepseek-v4-flash", { stream: true, thinking: { type: "disabled" } })],
  ["deepseek", chat("deepseek-chat", { max_tokens: 0 })],
  ["deepseek", chat("deepseek-nonsense")],
  ["deepseek", chat("deepseek-chat", { response_format: { type: "json_object" } })],
  ["qwen", chat("qwen-plus")],
  ["qwen", chat("qwen-plus", { stream: true, enable_thinking: true })],
  ["qwen", chat("qwen-plus", { stream: true, ...usage })],
  ["qwen", chat("qwen-plus", { stream: true, ...weather, ...usage })],
  ["qwen", chat("qwen-plus", weather)],
  ["qwen", chat("qwq-32b")],
  ["qwen", chat("qwen-nonsense", { stream: true })],
  ["qwen", chat("qwen-plus", { temperature: 7 })]
] as const)("finds nothing in a recording of our own %s's answer to %j", async (vendor, body) => {
  const catalogue = body.model.includes("v4") ? "2026" : "2025"
  for (const keepText of [false, true]) {
    const drift = Drift.of([await recorded(vendor, body, { catalogue }, keepText)])
    expect(drift).toEqual({ compared: 1, skipped: [], differences: [] })
  }
})

const refusals = FaultKind.names.flatMap((kind) => {
  const { stage, vendors } = FaultKind.catalogue[kind]
  const isOpening = /^(?:refuse|dns|.*\.before)$/.test(kind)
  return (stage !== "answer" && !isOpening) || ["overload.queue", "content.output", "finish.resource"].includes(kind)
    ? vendors.map((vendor) => [vendor, kind] as const)
    : []
})

it.each(refusals)("finds nothing in a recording of our own %s with %s", async (vendor, kind) => {
  const quick = kind === "overload.queue" ? { delay: 4, every: 2 } : {}
  const model = usual[vendor] ?? Catalogue.listed(vendor)[0] ?? ""
  for (const stream of [true, false]) {
    const exchange = await recorded(vendor, chat(model, { stream }), { faults: [{ kind, ...quick }] })
    expect(Drift.of([exchange]).differences).toEqual([])
  }
})

it.each([
  "cut.midstream",
  "reset.midstream"
] as const)("compares an answer that broke off (%s) as far as it goes", async (kind) => {
  const faults = [{ kind, afterChunks: 2 }]
  expect(Drift.of([await recorded("qwen", chat("qwen-plus", { stream: true }), { faults })])).toEqual({
    compared: 1,
    skipped: [],
    differences: []
  })
  expect(Drift.of([await recorded("qwen", chat("qwen-plus"), { faults })])).toEqual({
    compared: 0,
    skipped: [1],
    differences: []
  })
})

/** Changes the texts of a recording by hand. */
const edited = (exchange: Exchange, change: (data: string) => string): Exchange => ({
  ...exchange,
  recording: {
    ...exchange.recording,
    frames: exchange.recording.frames
      .map(({ after, data }) => ({ after, data: change(data) }))
      .filter(({ data }) => data !== "")
  }
})

it("tells a field that only the vendor has, one that only the mock has, and another type, once each", async () => {
  const exchange = edited(await recorded("qwen", chat("qwen-plus")), (data) =>
    data
      .replace('"logprobs":null', '"logprobs":0')
      .replace(',"system_fingerprint":null', "")
      .replace('"prompt_tokens":', '"audio":{"seconds":1,"parts":[]},"prompt_tokens":')
  )
  const found = { vendor: "qwen", exchanges: [1, 2] }
  expect(Drift.of([exchange, exchange]).differences).toEqual([
    { ...found, place: "body choices[].logprobs", real: "number", mock: "null" },
    { ...found, place: "body usage.audio", real: "object", mock: undefined },
    { ...found, place: "body system_fingerprint", real: undefined, mock: "null" }
  ])
})

it("tells another order of keys, other forms of ids and other finish reasons", async () => {
  const exchange = edited(await recorded("qwen", chat("qwen-plus")), (data) =>
    data
      .replace(/"object":"chat.completion",(.*),"id":"[^"]*"/, '"id":"cmpl-0a0a0a0a","object":"chat.completion",$1')
      .replace('"finish_reason":"stop"', '"finish_reason":"sensitive"')
  )
  expect(Drift.of([exchange]).differences).toEqual([
    {
      vendor: "qwen",
      exchanges: [1],
      place: "body choices[].finish_reason",
      real: '"sensitive"',
      mock: "stop | length | tool_calls"
    },
    { vendor: "qwen", exchanges: [1], place: "body id", real: "cmpl-hex×8", mock: "chatcmpl-uuid-v9" },
    {
      vendor: "qwen",
      exchanges: [1],
      place: "body (order of keys)",
      real: "choices, id, object, usage, created, system_fingerprint, model",
      mock: "choices, object, usage, created, system_fingerprint, model, id"
    }
  ])
})

it("tells frames that are missing, added or ordered otherwise", async () => {
  const exchange = await recorded("qwen", chat("qwen-plus", { stream: true, ...usage }))
  const places = (change: (data: string) => string) =>
    Drift.of([edited(exchange, change)]).differences.map(({ mock, place, real }) => [place, real, mock])
  const [whole, ending] = [
    "role → content → finish → usage → [DONE]",
    ["end of a frame", '"\\n\\n", "\\r\\n\\r\\n"', '"\\n\\n"']
  ]
  expect(places((data) => (data.includes("[DONE]") ? "" : data))).toEqual([
    ["frames", "role → content → finish → usage", whole],
    ["[DONE]", undefined, '"data: [DONE]"']
  ])
  expect(places((data) => (data.includes("[DONE]") ? data.replaceAll("\n", "\r\n") : data))).toEqual([ending])
  expect(places((data) => (data.includes('"role"') ? `: warming up\n\n${data}` : data))).toEqual([
    ["frames", `keep-alive → ${whole}`, whole],
    ["keep-alive", '": warming up"', undefined]
  ])
})

it("tells headers that came, went or changed", async () => {
  const exchange = await recorded("deepseek", chat("deepseek-chat"))
  const headers = exchange.recording.headers
    .filter(([name]) => name !== "vary")
    .map(([name, value]) => [name, name === "server" ? "cloud" : value] as const)
  const recording = { ...exchange.recording, headers: [...headers, ["x-ratelimit-limit", "60"] as const] }
  expect(Drift.of([{ ...exchange, recording }]).differences).toMatchObject([
    { place: "header server", real: "cloud", mock: "openresty" },
    { place: "header x-ratelimit-limit", real: "N", mock: undefined },
    { place: "header vary", real: undefined }
  ])
})

it("compares a refusal with the nearest of that status, and tells one that the mocks do not have", async () => {
  const exchange = await recorded("qwen", chat("qwen-plus"), { faults: [{ kind: "rate.burst" }] })
  const changed = edited(exchange, (data) => data.replace("increased too quickly", "grew too fast"))
  expect(Drift.of([changed]).differences).toMatchObject([{ place: "body error.message" }])
  const teapot = { ...exchange, recording: { ...exchange.recording, status: 418 } }
  expect(Drift.of([teapot]).differences).toMatchObject([
    { place: "status", real: expect.stringMatching(/^418 \{"error"/), mock: "200" }
  ])
})

it("tells that the mocks refuse a model that the vendor has", async () => {
  const exchange = await recorded("qwen", chat("qwen-plus"))
  const recording = { ...exchange.recording, model: "qwen9-ultra" }
  expect(Drift.of([{ ...exchange, recording }]).differences).toMatchObject([{ place: "status", mock: "404" }])
})

it("reports in both languages what only one of them sends", async () => {
  const exchange = edited(await recorded("qwen", chat("qwen-plus")), (data) =>
    data.replace(',"system_fingerprint":null', "").replace('"logprobs":null', '"logprobs":0')
  )
  const drift = Drift.of([exchange])
  expect(DriftText.render(drift, "en")).toBe(`2 differences in 1 compared:

The mock sends what Qwen does not
  body system_fingerprint  #1
      mock: null

Qwen and the mock differ
  body choices[].logprobs  #1
      vendor: number
      mock: null`)
  expect(DriftText.render(drift, "zh")).toContain(
    "模拟厂商有而 Qwen 没有\n  body system_fingerprint  #1\n      模拟: null"
  )
  expect(DriftText.render({ compared: 3, skipped: [2], differences: [] }, "en")).toBe(
    "The mocks answer as the vendors did: 3 compared, nothing drifted.\n\nNot compared, as they broke off too early or were refused for a limit: #2"
  )
})
