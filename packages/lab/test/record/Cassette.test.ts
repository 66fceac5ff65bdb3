import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import * as Clock from "@understudy/mocks/Clock"
import * as MockTransport from "@understudy/mocks/MockTransport"
import * as Vendors from "@understudy/mocks/Vendors"
import * as Result from "effect/Result"
import { expect, it } from "vitest"
import * as Cassette from "../../src/record/Cassette.ts"
import { ask, chat, folder, recorder, vendorsOnSocket } from "./support.ts"

const exchange = (change: Partial<Cassette.Exchange["recording"]> = {}): Cassette.Exchange => ({
  asked: { path: "/chat/completions", options: {}, body: "0123456789abcdef" },
  waited: 12,
  recording: {
    vendor: "qwen",
    model: "qwen-plus",
    stream: true,
    status: 200,
    headers: [["content-type", "text/event-stream"]],
    frames: [
      { after: 300, data: ": keep-alive\n\n" },
      { after: 40, data: 'data: {"choices":[{"delta":{"content":"one"}}]}\n\n' },
      { after: 0, data: "data: [DONE]\n\n" }
    ],
    end: "complete",
    ...change
  }
})

it("reads what it writes, one exchange a line, in a fixed order of fields", () => {
  const exchanges = [exchange(), { ...exchange({ end: "stall" }), brokenOff: true }]
  const text = Cassette.encode(exchanges)
  const file = path.join(folder(), "cassette.json")
  writeFileSync(file, text)
  expect(Cassette.load(file)).toEqual(Result.succeed(exchanges))
  expect(text.split("\n")).toHaveLength(9)
  const { asked, recording, waited } = exchange()
  const { end, frames, headers, model, status, stream, vendor } = recording
  const turned = { recording: { end, frames, headers, status, stream, model, vendor }, waited, asked }
  expect(Cassette.encode([turned])).toBe(Cassette.encode([exchange()]))
})

it("is a whole file after every exchange, readable by its owner alone, and never overwrites one", () => {
  const file = path.join(folder(), "cassette.json")
  const writer = Cassette.create(file)
  expect(readFileSync(file, "utf8")).toBe(Cassette.encode([]))
  const said = exchange({ model: "千问" })
  for (const count of [1, 2, 3]) {
    writer.add(said)
    expect(writer.count()).toBe(count)
    expect(readFileSync(file, "utf8")).toBe(Cassette.encode(Array.from({ length: count }, () => said)))
  }
  writer.close()
  if (process.platform !== "win32") expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(() => Cassette.create(file)).toThrow("EEXIST")
})

it.each([
  ["no JSON", "{", /^\S+ is not JSON \(.*\): name a file/],
  ["another JSON", "{}", /no cassette: its "format" would be "understudy-cassette"/],
  ["another version", '{"format":"understudy-cassette","version":2}', /version 2, and this release reads version 1/],
  ["no exchanges", '{"format":"understudy-cassette","version":1}', /content does not fit: .*exchanges/s],
  [
    "a strange vendor",
    Cassette.encode([exchange({ vendor: "openai" as "qwen" })]),
    /does not fit: Expected "deepseek" \| "qwen".* at \["exchanges"\]\[0\]/
  ],
  ["a strange wait", Cassette.encode([exchange({ frames: [{ after: -1, data: "x" }] })]), /frames\[0\]\.after must be/]
])("refuses %s and says why", (_, text, message) => {
  const file = path.join(folder(), "cassette.json")
  writeFileSync(file, text)
  expect(() => Cassette.recordings(file)).toThrow(message)
  expect(() => Cassette.recordings(file)).toThrow(file)
})

it("says which file cannot be read", () => {
  const missing = path.join(folder(), "missing.json")
  expect(() => Cassette.recordings(missing)).toThrow(`${missing} cannot be read (ENOENT`)
  mkdirSync(missing)
  expect(() => Cassette.recordings(missing)).toThrow("cannot be read")
})

it("is played with the waits that it recorded, on a clock that is moved by hand", async () => {
  const recordedOn = Clock.manual()
  const { server, vendors } = await vendorsOnSocket({ chunkDelay: 25, replies: () => "one two three four five six" })
  const { exchanges, urls } = await recorder({ qwen: server.urls.qwen }, { clock: recordedOn, keepText: true })
  let heard = ""
  const pending = ask(urls.qwen, { body: chat("qwen-plus", { stream: true }), onData: (data) => (heard += data) })
  await expect.poll(() => vendors.journal.entries.length).toBe(1)
  for (let chunks = 1; vendors.journal.entries[0]?.end === "open"; chunks++) {
    recordedOn.advance(25)
    vendors.clock.advance(25)
    await expect.poll(() => heard.split('"content":"').length - 2 >= chunks || heard.includes("[DONE]")).toBe(true)
  }
  await pending
  await expect.poll(() => exchanges.length).toBe(1)
  const file = path.join(folder(), "cassette.json")
  writeFileSync(file, Cassette.encode(exchanges))
  const clock = Clock.manual()
  const again = Vendors.make({ clock, acceptAnyKey: true, recordings: Cassette.recordings(file) })
  const [start, times]: [number, Array<number>] = [clock.now(), []]
  let text = ""
  MockTransport.make(again).send(
    {
      method: "POST",
      origin: "https://dashscope.aliyuncs.com",
      path: "/compatible-mode/v1/chat/completions",
      headers: { authorization: "Bearer sk-demo-again" },
      body: JSON.stringify(chat("qwen-plus", { stream: true }))
    },
    {
      onConnected: () => undefined,
      onHeaders: () => undefined,
      onEnd: () => undefined,
      onError: ({ message }) => expect.fail(message),
      onData: (chunk) => {
        times.push(clock.now() - start)
        text += chunk.toString()
      }
    }
  )
  clock.advance("1m")
  expect(text.replace(/chatcmpl-[\w-]+/g, "")).toBe(heard.replace(/chatcmpl-[\w-]+/g, ""))
  expect(times.length).toBeGreaterThan(2)
  expect(times).toEqual(times.map((_, index) => (index + 1) * 25 - (times[0] === 0 ? 25 : 0)))
})
