/**
 * Raw HTTP that nobody means well with, over real sockets, against a gateway whose vendors are well: whatever is sent, the answer
 * is none of the gateway's own failures, and a caller beside it is served on.
 *
 * A request begins as a good one and is bent by a seed: its line, its headers, its framing, its body, and where its bytes are cut
 * into packets. A case ends with the connection: the gateway's limits for slow callers are short here.
 */
import { connect } from "node:net"
import * as Gateway from "@understudy/gateway/Gateway"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { Luck } from "./Luck.ts"

/** What is sent on one connection, in packets. */
export interface Case {
  readonly seed: number
  readonly packets: ReadonlyArray<Buffer>
}

/** A case whose answer breaks a promise. */
export interface Broken {
  readonly seed: number
  readonly why: string
  readonly sent: string
  readonly answer: string
}

const key = "sk-demo-fuzz-http-1"

const junk = [
  "",
  "\0",
  "\r",
  "\n",
  "\r\n",
  "\xff\xfe",
  "\u001b[2J",
  "%00",
  "%2e%2e",
  "../",
  "//",
  "\t",
  ":",
  ";",
  '"',
  "{}"
]

const numbers = [
  "-1",
  "1e999",
  "9".repeat(400),
  "0x10",
  "18446744073709551616",
  "9007199254740993",
  "NaN",
  "+5",
  "5, 5",
  " "
]

const methods = ["POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "PRI", "post", "BREW"]

const paths = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/embeddings",
  "/v1/models",
  "/v1/models/%ff",
  "/openai/deployments/%ff%0d%0a/chat/completions",
  "/openai/deployments/qwen-turbo/chat/completions?api-version=1",
  "/healthz",
  "/readyz",
  "//evil.test/v1/models",
  "http://evil.test:99999/healthz",
  "http://[",
  "*",
  "/v1/../../etc/passwd"
]

const headers = [
  "transfer-encoding: chunked",
  "transfer-encoding: xchunked",
  "transfer-encoding: chunked, identity",
  "content-length: 5",
  "content-length: 0",
  "host: evil.test",
  "host: localhost:99999999",
  "expect: 100-continue",
  "expect: the-worst",
  "upgrade: websocket\r\nconnection: upgrade",
  "origin: null",
  "sec-fetch-site: cross-site",
  "content-encoding: gzip",
  "content-type: text/plain; charset=utf-16",
  "x-request-id: a\tb",
  "x-request-id: a\r\nx-request-id: b",
  "authorization: Bearer \xff\xff",
  "set-cookie: a\r\nset-cookie: b",
  "x-folded: a\r\n b",
  "te: trailers\r\ntrailer: host",
  "__proto__: x",
  `x-long: ${"a".repeat(9_000)}`,
  Array.from({ length: 120 }, (_, index) => `x-${index}: ${index}`).join("\r\n")
]

const message = { role: "user", content: "Hi" }

const values: ReadonlyArray<unknown> = [
  null,
  true,
  -1,
  1e308,
  "",
  "\ud800",
  "\u0000",
  "a\r\n\r\ndata: [DONE]\n\n",
  [],
  {},
  [[[[]]]],
  [null],
  { role: "constructor", content: [{ type: "image_url" }] },
  "x".repeat(3_000)
]

const fields = [
  "model",
  "messages",
  "stream",
  "stream_options",
  "n",
  "max_tokens",
  "tools",
  "tool_choice",
  "stop",
  "input",
  "prompt",
  "logprobs",
  "user",
  "response_format",
  "extra_body"
]

const bodyOf = (luck: Luck): string => {
  const body: Record<string, unknown> = { model: luck.of(["qwen-turbo", "deepseek-chat", "none"]), messages: [message] }
  if (luck.chance(0.3)) body["stream"] = true
  if (luck.chance(0.2)) body["input"] = "Hi"
  if (luck.chance(0.2)) body["prompt"] = "Hi"
  for (let more = luck.below(3); more > 0; more--) body[luck.of(fields)] = luck.of(values)
  let text = JSON.stringify(body)
  if (luck.chance(0.1)) text = text.slice(0, luck.below(text.length))
  if (luck.chance(0.1)) text = text.replace(/}$/, `,"model":"${luck.of(["twice", "__proto__"])}"}`)
  if (luck.chance(0.1)) text = text.replace(/}$/, `,"max_tokens":${luck.of(numbers)}}`)
  if (luck.chance(0.03)) text = text.replace(/}$/, `,"deep":${"[".repeat(5_000)}${"]".repeat(5_000)}}`)
  return text
}

const toChunks = (body: string, luck: Luck): string => {
  const size = luck.chance(0.1) ? luck.of(numbers) : Buffer.byteLength(body, "latin1").toString(16)
  const extension = luck.of(["", "", ";a=b", `;${"a".repeat(500)}`, luck.of(junk)])
  return `${size}${extension}\r\n${body}\r\n0\r\n${luck.of(["", "", "host: evil.test\r\n"])}\r\n`
}

/** Junk in the place of some bytes. */
const spoil = (text: string, luck: Luck): string => {
  const at = luck.below(text.length + 1)
  return text.slice(0, at) + luck.of(junk) + text.slice(at + luck.below(4))
}

const requestOf = (luck: Luck): string => {
  const isPost = luck.chance(0.7)
  const body = isPost ? bodyOf(luck) : ""
  const isChunked = isPost && luck.chance(0.3)
  const method = luck.chance(0.15) ? luck.of(methods) : isPost ? "POST" : "GET"
  const path = luck.chance(0.4) ? luck.of(paths) : isPost ? "/v1/chat/completions" : "/v1/models"
  const version = luck.chance(0.05) ? luck.of(["HTTP/1.0", "HTTP/9.9", "HTTP/2.0", "", "ICY"]) : "HTTP/1.1"
  const lines = [`${method} ${path} ${version}`, "host: localhost", "connection: close"]
  if (isChunked) lines.push("transfer-encoding: chunked")
  else if (isPost) lines.push(`content-length: ${luck.chance(0.05) ? luck.of(numbers) : Buffer.byteLength(body)}`)
  for (let more = luck.below(3); more > 0; more--) lines.push(luck.of(headers))
  const end = luck.chance(0.03) ? "\n" : "\r\n"
  return `${lines.join(end)}${end}${end}${isChunked ? toChunks(body, luck) : body}`
}

/** The case of a seed. */
export const caseOf = (seed: number): Case => {
  const luck = new Luck(seed)
  let text = requestOf(luck)
  if (luck.chance(0.1)) text += requestOf(luck)
  for (let more = luck.chance(0.4) ? 1 + luck.below(3) : 0; more > 0; more--) text = spoil(text, luck)
  const bytes = Buffer.from(text, luck.chance(0.5) ? "latin1" : "utf8")
  const at = luck.below(bytes.length + 1)
  return { seed, packets: luck.chance(0.3) ? [bytes.subarray(0, at), bytes.subarray(at)] : [bytes] }
}

const say = (port: number, packets: ReadonlyArray<Buffer>): Promise<string> =>
  new Promise((resolve) => {
    let answer = ""
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => {
      for (const packet of packets) socket.write(packet)
    })
    socket.on("data", (piece) => {
      answer += piece.toString("latin1")
    })
    socket.on("error", () => {})
    socket.on("close", () => resolve(answer))
  })

const statuses = (answer: string): ReadonlyArray<number> =>
  [...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))

const secret = new RegExp(key)

/** What is wrong with an answer; undefined for nothing. */
export const wrongWith = (answer: string): string | undefined => {
  if (answer !== "" && !answer.startsWith("HTTP/1.1 ")) return "the answer is no HTTP"
  if (secret.test(answer)) return "a vendor's key is in the answer"
  const failed = statuses(answer).find((status) => status >= 500)
  return failed === undefined ? undefined : `status ${failed}`
}

/** A gateway, its vendors, and what has been seen of its answers. */
export class HttpFuzz {
  readonly #gateway: Gateway.Running
  readonly #mock: MockServer.MockServer
  readonly #log: () => ReadonlyArray<string>
  /** How often each status was answered; 0 stands for connections that were closed without one. */
  readonly seen = new Map<number, number>()

  constructor(gateway: Gateway.Running, mock: MockServer.MockServer, log: () => ReadonlyArray<string>) {
    this.#gateway = gateway
    this.#mock = mock
    this.#log = log
  }

  static async make(): Promise<HttpFuzz> {
    const mock = await MockServer.listen(Vendors.make({ keys: { [key]: { vendor: "qwen", name: "one" } } }))
    let lines: Array<string> = []
    const gateway = await Gateway.start({
      port: 0,
      grace: 0,
      headersTimeout: 1_000,
      requestTimeout: 1_000,
      keepAliveTimeout: 500,
      config: {
        version: 1,
        providers: { qwen: { type: "qwen", baseUrl: mock.urls.qwen, keys: [key] } },
        routes: [
          { name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "qwen", model: "qwen-turbo" }] }
        ]
      },
      log: { window: 0, format: "json", write: (text) => void lines.push(text) }
    })
    return new HttpFuzz(gateway, mock, () => {
      const taken = lines
      lines = []
      return taken
    })
  }

  /** Sends cases side by side, and a good request among them. */
  async run(cases: ReadonlyArray<Case>): Promise<ReadonlyArray<Broken>> {
    const judged = cases.map(async ({ packets, seed }): Promise<Broken | undefined> => {
      const answer = await say(this.#gateway.port, packets)
      const all = statuses(answer)
      for (const status of all.length === 0 ? [0] : all) this.seen.set(status, (this.seen.get(status) ?? 0) + 1)
      const why = wrongWith(answer)
      return why === undefined ? undefined : toBroken(seed, why, packets, answer)
    })
    const [good, ...found] = await Promise.all([this.#good(), ...judged])
    return [good, this.#logged(cases), ...found].filter((each) => each !== undefined)
  }

  async close(): Promise<void> {
    await this.#gateway.close()
    await this.#mock.close()
  }

  async #good(): Promise<Broken | undefined> {
    const body = JSON.stringify({ model: "qwen-turbo", messages: [message] })
    const response = await fetch(`${this.#gateway.url}/v1/chat/completions`, { method: "POST", body })
    const answer = await response.text()
    return response.status === 200 ? undefined : toBroken(-1, `a good request got ${response.status}`, [], answer)
  }

  /** One line of the log is one record, whatever is in it. */
  #logged(cases: ReadonlyArray<Case>): Broken | undefined {
    const bad = this.#log()
      .join("")
      .split("\n")
      .filter((line) => line !== "")
      .find((line) => !isRecord(line))
    return bad === undefined ? undefined : toBroken(cases[0]?.seed ?? -1, "a line of the log is no record", [], bad)
  }
}

const isRecord = (line: string): boolean => {
  try {
    return typeof JSON.parse(line).time === "string"
  } catch {
    return false
  }
}

const toBroken = (seed: number, why: string, packets: ReadonlyArray<Buffer>, answer: string): Broken => ({
  seed,
  why,
  sent: JSON.stringify(Buffer.concat(packets).toString("latin1").slice(0, 2_000)),
  answer: JSON.stringify(answer.slice(0, 2_000))
})
