/** Whatever is sent, the answer says what is wrong with it, and the process stays up. */
import { connect } from "node:net"
import { expect, it } from "vitest"
import { ask, start } from "./support.ts"

const head = (path: string, size: number, more = ""): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${more}content-length: ${size}\r\n\r\n`

const chat = (body: string, more?: string): string => head("/v1/chat/completions", Buffer.byteLength(body), more) + body

const message = '"messages":[{"role":"user","content":"Hi"}]'

const rows: ReadonlyArray<readonly [name: string, bytes: string, status: number, says: string]> = [
  ["an empty body", chat(""), 400, "The request body is empty"],
  ["text", chat("Who are you?"), 400, 'unexpected "W" at position 0'],
  ["a trailing comma", chat(`{"model":"qwen-turbo",${message},}`), 400, 'unexpected "}" at position 66'],
  ["single quotes", chat("{'model':'qwen-turbo'}"), 400, 'unexpected "\'" at position 1'],
  ["half a body", chat('{"model":"qwen-turbo","messages":[{"role"'), 400, "unexpected end of the body at position 41"],
  ["form fields", chat("model=qwen-turbo&prompt=Hi"), 400, 'unexpected "m" at position 0'],
  ["an array", chat("[1]"), 400, "must be a JSON object with `model` and `messages`, not an array"],
  ["a number", chat("42"), 400, "not a number"],
  ["no model", chat(`{${message}}`), 400, "`model` is missing"],
  ["a null model", chat(`{"model":null,${message}}`), 400, "`model` must be a string, not null"],
  ["an unknown model", chat(`{"model":"gpt-5",${message}}`), 404, 'No route matches model "gpt-5"'],
  ["no messages", chat('{"model":"qwen-turbo"}'), 400, "`messages` is missing"],
  ["a prompt", chat('{"model":"qwen-turbo","prompt":"Hi"}'), 400, "`messages` is missing"],
  [
    "text for messages",
    chat('{"model":"qwen-turbo","messages":"Hi"}'),
    400,
    "`messages` must be an array, not a string"
  ],
  ["no message", chat('{"model":"qwen-turbo","messages":[]}'), 400, "`messages` is empty"],
  ["a message that is text", chat('{"model":"qwen-turbo","messages":["Hi"]}'), 400, "`messages[0]` must be an object"],
  ["a message of nobody", chat('{"model":"qwen-turbo","messages":[{}]}'), 400, "`messages[0].role` is missing"],
  ["text for stream", chat(`{"model":"qwen-turbo","stream":"true",${message}}`), 400, "`stream` must be true or false"],
  ["a compressed body", chat("x", "content-encoding: gzip\r\n"), 415, 'content-encoding "gzip"'],
  [
    "too much",
    head("/v1/chat/completions", 30_000_000),
    413,
    "has 30000000 bytes, and this gateway takes at most 20971520"
  ],
  ["a wrong path", head("/v1/images", 0), 404, "POST /v1/images does not exist here"],
  ["a base URL without /v1", head("/chat/completions", 0), 404, "Does the base URL end in /v1?"],
  ["a wrong method", "DELETE /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 405, "does not take DELETE"],
  ["two lengths", chat("{}", "transfer-encoding: chunked\r\n"), 400, "This is not HTTP/1.1"],
  ["large headers", head("/v1/models", 0, `x: ${"y".repeat(20_000)}\r\n`), 431, "larger than 16 KB"]
]

const exchange = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let read = ""
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
    socket.setEncoding("utf8")
    socket.on("data", (text: string) => {
      read += text
      // The one who states too much never sends it: the answer is all there will be.
      if (read.startsWith("HTTP/1.1 413")) socket.end()
    })
    socket.on("error", reject)
    socket.on("close", () => resolve(read))
  })

it(`answers ${rows.length} malformed requests, each in its own words, and stays up`, async () => {
  const { port, url, vendors } = await start()
  for (const [name, bytes, status, says] of rows) {
    const answer = await exchange(port, bytes)
    const body: unknown = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4))
    expect([name, Number(answer.slice(9, 12)), body]).toEqual([
      name,
      status,
      {
        error: {
          message: expect.stringContaining(says),
          type: "invalid_request_error",
          param: expect.toSatisfy((value) => value === null || typeof value === "string"),
          code: expect.any(String)
        },
        understudy: { trail: [] }
      }
    ])
  }
  expect(vendors.journal.total).toBe(0)
  expect((await ask(url)).status).toBe(200)
})
