import { readFileSync } from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import { expect, it, onTestFinished } from "vitest"
import * as Cassette from "../../src/record/Cassette.ts"
import * as Redaction from "../../src/record/Redaction.ts"
import { ask, chat, folder, key, recorder } from "./support.ts"

const uuid = "3f1c22aa-9e94-9b1d-8c0e-0123456789ab"

/** What must never be in a file, by where it is planted. */
const planted = {
  key,
  tail: "4f2a9c",
  otherKey: "sk-demo-other-51f0",
  accessKey: "LTAI5tDemoDemoDemo",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  cookie: "acwcookievalue77",
  session: "session-cookie-31c",
  request: uuid,
  trace: "8d4b1f6a0c9e2d7788aa11bb22cc33dd",
  org: "org-Zq7Wn3Xe",
  account: "1357924680135792",
  mail: "ada@example.org",
  address: "203.0.113.77"
}

const leak = `Incorrect API key: ****${planted.tail} of ${planted.org} (account ${planted.account}, ${planted.mail}, ${planted.address}), also ${planted.otherKey}, ${planted.key} and ${planted.accessKey}; Bearer ${planted.jwt} (request_id: ${planted.request})`

const headers = {
  "set-cookie": [`acw_tc=${planted.cookie};path=/`],
  "x-request-id": planted.request,
  "x-ds-trace-id": planted.trace,
  "openai-organization": planted.org,
  "x-new-thing": planted.account,
  server: `edge of ${planted.key}`
}

/** A vendor that tells everything it knows. */
const indiscreet = async (type: string, status: number, frames: ReadonlyArray<string>) => {
  const server = http.createServer((_, response) => {
    response.writeHead(status, { "content-type": type, ...headers })
    response.end(frames.join(""))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const error = JSON.stringify({
  error: { message: leak, type: "x", code: "invalid_api_key", api_key: "hunter2-hunter2" },
  request_id: planted.request,
  organization: planted.org,
  account_id: Number(planted.account),
  user: { uid: planted.account }
})

const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: planted.request, choices: [{ delta: { content } }] })}\n\n`

it.each([
  ["a JSON error", "application/json", 401, [error]],
  ["a plain error", "text/plain", 401, [leak]],
  ["a page", "text/html", 502, [`<html><p>${leak}</p><p>Ray ${planted.trace}</p></html>`]],
  [
    "an error in a stream",
    "text/event-stream",
    200,
    [`: ${planted.otherKey}\n\n`, `data: ${error}\n\n`, `id: ${planted.request}\n\n`]
  ],
  [
    "an answer",
    "application/json",
    200,
    [JSON.stringify({ choices: [{ message: { content: leak } }], [planted.otherKey]: 1 })]
  ],
  [
    "an answer that breaks off",
    "application/json",
    200,
    [JSON.stringify({ choices: [{ message: { content: leak } }] }).slice(0, -12)]
  ],
  ["an answer that is no JSON", "text/plain", 200, [leak]],
  [
    "a key in pieces",
    "text/event-stream",
    200,
    [chunk("sk-d"), chunk("emo-rec"), chunk("ord-me-"), chunk(planted.tail), "data: [DONE]\n\n"]
  ]
])("writes nothing secret of %s", async (_, type, status, frames) => {
  for (const keep of [false, true]) {
    const url = await indiscreet(type, status, frames)
    const { exchanges, urls } = await recorder({ qwen: url }, { keepText: keep, keepPrompts: keep })
    await ask(urls.qwen, {
      path: `/${planted.otherKey}/chat/completions`,
      headers: { cookie: `sid=${planted.session}`, "x-api-key": planted.session },
      body: chat("qwen-plus", { user: planted.org, metadata: { [planted.otherKey]: leak }, [planted.otherKey]: 1 })
    })
    await expect.poll(() => exchanges.length).toBe(1)
    const file = path.join(folder(), "cassette.json")
    const writer = Cassette.create(file)
    for (const exchange of exchanges) writer.add(exchange)
    writer.close()
    const text = readFileSync(file, "utf8")
    for (const [what, value] of Object.entries(planted)) expect(text, `${what}, keep=${keep}`).not.toContain(value)
    expect(text).not.toContain("hunter2")
    const said = exchanges[0]?.recording.frames.map(({ data }) => data).join("") ?? ""
    for (const piece of ["emo-rec", "ord-me"]) expect(said).not.toContain(piece)
    expect(Cassette.recordings(file)).toHaveLength(1)
  }
})

const options = { secrets: [], keepText: false }

it.each([
  ['{"delta":{"content":"Hello, 世界 7!"}}', '{"delta":{"content":"place, 字占 1!"}}'],
  [
    '{ "content" : null, "logprobs": [{"token":"Hi","bytes":[72, 105]}] }',
    '{ "content" : null, "logprobs": [{"token":"pl","bytes":[]}] }'
  ],
  ['{"annotations":["Some page"],"content":"cut he', '{"annotations":["plac hold"],"content":"pla eh'],
  ['{"content":"dangling\\', '{"content":"placehol?'],
  ['{"role":"assistant","finish_reason":"stop"}', '{"role":"assistant","finish_reason":"stop"}']
])("replaces what is said in %s and leaves the rest", (given, wanted) => {
  const made = Redaction.body(given, false, 200, options)
  expect(made).toBe(wanted)
  expect(Redaction.body(made, false, 200, options)).toBe(made)
})

it("keeps the form of ids and JSON inside of an answer readable", () => {
  const call = '{"arguments":"{\\"city\\":\\"Paris\\",\\"n\\":42,\\"ok\\":true}","id":"call_00_Ab3xYz"}'
  const { arguments: inner, id } = JSON.parse(Redaction.body(call, false, 200, options)) as Record<string, string>
  expect(Object.values(JSON.parse(inner ?? ""))).toEqual([expect.stringMatching(/^[a-z]{5}$/), 11, true])
  expect(id).toBe("call_00_Xa0xXx")
  expect(Redaction.body(`{"id":"chatcmpl-${uuid}"}`, false, 200, options)).toBe(
    '{"id":"chatcmpl-00000000-0000-9000-8000-000000000000"}'
  )
})

it("keeps what is said where that is wanted, and quotes of prompts out of errors otherwise", () => {
  const said = '{"content":"Your id is **bold** and \\"quoted\\""}'
  expect(Redaction.body(said, false, 200, { ...options, keepText: true })).toBe(said)
  const message = '{"error":{"message":"unknown variant `person` in \'my secret plan\', expected one of `user`"}}'
  expect(Redaction.body(message, false, 400, options)).toBe(
    '{"error":{"message":"unknown variant `person` in \'pl cehold rpla\', expected one of `user`"}}'
  )
})

it("needs for hostile bodies a time that grows with their length, not with its square", () => {
  /** Milliseconds of the processor's time, which other programs do not lengthen. */
  const cost = (repeats: number): number => {
    const from = process.cpuUsage()
    for (const text of ["a", "*", '\\"', "'", "1", "sk-", "user-"].map((each) => each.repeat(repeats))) {
      for (const body of [text, `{"content":"${text}`, `{"error":{"message":"${text}"}}`, `data: {"x":"${text}"}\n\n`])
        Redaction.body(body, body.startsWith("data:"), 400, options)
    }
    const { system, user } = process.cpuUsage(from)
    return (system + user) / 1000
  }
  cost(1000)
  expect(cost(32_000)).toBeLessThan(30 * Math.max(cost(4000), 10))
})

it("keeps of a request its options, not its words", async () => {
  const url = await indiscreet("application/json", 200, ["{}"])
  const { exchanges, urls } = await recorder({ qwen: url })
  const body = chat("qwen-plus", {
    temperature: 0.5,
    stream_options: { include_usage: true },
    response_format: { type: "json_schema", json_schema: { name: "Plan", schema: {} } },
    stop: ["END OF PLAN", "x"],
    user: "ada",
    reasoning_effort: "high",
    tools: [{ type: "function", function: { name: "launch" } }],
    metadata: { project: "moon" }
  })
  await ask(urls.qwen, { body })
  await expect.poll(() => exchanges.length).toBe(1)
  expect(exchanges[0]?.asked).toEqual({
    path: "/chat/completions",
    body: expect.stringMatching(/^[\da-f]{16}$/),
    options: {
      temperature: 0.5,
      stream_options: { include_usage: true },
      response_format: { type: "json_schema", json_schema: "…" },
      stop: "[2]",
      user: "…",
      reasoning_effort: "high",
      tools: "[1]",
      metadata: "…"
    }
  })
})
