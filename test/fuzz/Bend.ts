/**
 * Bends an answer: its structure, its frames, its bytes, and the way in which it is sent. What is bent is a list of small
 * steps, each of them from a seed of its own, so that a failing case is shrunk by leaving steps out.
 */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import type { Recorded } from "./Corpus.ts"
import { Luck } from "./Luck.ts"

/** One step. */
export interface Step {
  readonly kind: "node" | "frame" | "byte" | "dress" | "send"
  readonly seed: number
}

/** How an answer is sent. */
export interface Sent {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly pieces: ReadonlyArray<Buffer>
  readonly ending: "end" | "cut" | "silence"
  /** The body before it was compressed; undefined where nobody can tell what the bytes still say. */
  readonly plain: Buffer | undefined
}

const oddities: ReadonlyArray<unknown> = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  "",
  "x",
  "null",
  "stop",
  "北京 😀",
  [],
  {},
  [null],
  [[]],
  [{}],
  ["x"],
  { x: 1 },
  { "0": {} },
  [{ index: 0, delta: { content: "x" } }],
  { error: "" },
  { error: { message: "x", code: 429 } },
  "length",
  "error",
  429,
  "429"
]

const names = [
  "choices",
  "delta",
  "message",
  "content",
  "finish_reason",
  "index",
  "tool_calls",
  "function",
  "arguments",
  "usage",
  "error",
  "code",
  "id",
  "model",
  "role",
  "object",
  "reasoning_content"
]

type Holder = Record<string, unknown> | Array<unknown>

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null

/** Every place of a value. */
const places = (value: unknown, into: Array<readonly [Holder, string]> = []): Array<readonly [Holder, string]> => {
  if (!isHolder(value)) return into
  for (const key of Object.keys(value)) {
    into.push([value, key])
    places((value as Record<string, unknown>)[key], into)
  }
  return into
}

const bendNode = (luck: Luck, root: unknown): unknown => {
  const holder: Holder = [root]
  const [at, key] = luck.chance(0.1) ? ([holder, "0"] as const) : luck.of([...places(root), [holder, "0"] as const])
  const slots = at as Record<string, unknown>
  const roll = luck.next()
  if (roll < 0.5) slots[key] = structuredClone(luck.of(oddities))
  else if (roll < 0.65) {
    if (Array.isArray(at)) at.splice(Number(key), 1)
    else delete slots[key]
  } else if (roll < 0.75) slots[key] = [slots[key]]
  else if (roll < 0.85 && Array.isArray(at)) at.push(structuredClone(slots[key]))
  else if (isHolder(slots[key]) && !Array.isArray(slots[key]))
    (slots[key] as Record<string, unknown>)[luck.of(names)] = structuredClone(luck.of(oddities))
  else slots[key] = structuredClone(luck.of(oddities))
  return holder[0]
}

const oddFrames = [
  "data: [1]",
  "data: 42",
  'data: "x"',
  "data: null",
  "data: {}",
  'data: {"choices":[null]}',
  'data: {"choices":{}}',
  "data:",
  "data: [DONE]",
  ": keep-alive",
  "event: ping\ndata: {}",
  'event: error\ndata: {"code":"Throttling","message":"slow down","request_id":"r"}',
  'data: {"object":"error","message":"x","code":500}',
  'error: {"code":500,"message":"x"}',
  'data: {"error":{"message":"x","code":429}}',
  'data: {"error":""}',
  "retry: 10",
  "id: 1",
  '{"error":{"message":"x"}}',
  "data: {",
  'data: {"choices":[],"usage":{"total_tokens":1}}',
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
  'data: {"choices":[{"index":1,"delta":{"content":"x"}}]}',
  "event: error"
]

const bendFrames = (luck: Luck, body: string): string => {
  const frames = body.split("\n\n")
  const at = luck.below(frames.length)
  const roll = luck.next()
  if (roll < 0.35) frames.splice(at, 0, luck.of(oddFrames))
  else if (roll < 0.55) frames.splice(at, 1)
  else if (roll < 0.7) frames.splice(at, 0, frames[at] ?? "")
  else if (roll < 0.8) frames.splice(at)
  else {
    const other = luck.below(frames.length)
    const kept = frames[at] ?? ""
    frames[at] = frames[other] ?? ""
    frames[other] = kept
  }
  return frames.join("\n\n")
}

/** Bends the JSON of a body, or of one of its frames. */
const bendJson = (luck: Luck, body: string): string => {
  const frames = body.split("\n\n")
  const able = frames.flatMap((frame, at) => (/^(data: ?)?[{[]/.test(frame) ? [at] : []))
  if (able.length === 0) return body
  const at = luck.of(able)
  const frame = frames[at] ?? ""
  const start = frame.startsWith("data:") ? frame.indexOf("{") : 0
  try {
    frames[at] = frame.slice(0, start) + JSON.stringify(bendNode(luck, JSON.parse(frame.slice(start))))
  } catch {
    return body
  }
  return frames.join("\n\n")
}

const bendBytes = (luck: Luck, bytes: Buffer): Buffer => {
  if (bytes.length === 0) return bytes
  const at = luck.below(bytes.length)
  const roll = luck.next()
  if (roll < 0.4) {
    const copy = Buffer.from(bytes)
    copy[at] = luck.below(256)
    return copy
  }
  if (roll < 0.6) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + luck.below(20))])
  if (roll < 0.8)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([luck.below(256), luck.below(256)]), bytes.subarray(at)])
  return bytes.subarray(0, at)
}

const encodings: ReadonlyArray<readonly [label: string, encode: (bytes: Buffer) => Buffer]> = [
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
  ["deflate", deflateSync],
  ["deflate", deflateRawSync],
  ["gzip, br", (bytes) => brotliCompressSync(gzipSync(bytes))],
  ["X-GZIP", gzipSync]
]

const types = [
  "text/event-stream",
  "text/plain",
  "application/octet-stream",
  "application/json",
  "text/html; charset=gbk",
  ""
]

class Bent {
  status: number
  headers: Record<string, string>
  text: string
  bytes: Buffer | undefined
  plain: Buffer | undefined
  ending: Sent["ending"] = "end"
  size = 0

  constructor({ body, headers, status }: Recorded) {
    this.status = status
    this.headers = { ...headers }
    this.text = body
  }

  take({ kind, seed }: Step): void {
    const luck = new Luck(seed)
    if (kind === "node") this.text = bendJson(luck, this.text)
    else if (kind === "frame") this.text = bendFrames(luck, this.text)
    else if (kind === "byte") this.bytes = bendBytes(luck, this.bytes ?? Buffer.from(this.text))
    else if (kind === "dress") this.#dress(luck)
    else this.#send(luck)
  }

  #dress(luck: Luck): void {
    const roll = luck.next()
    if (roll < 0.25) this.text = this.text.replaceAll("\n", "\r\n")
    else if (roll < 0.35) this.text = this.text.replaceAll("\n", "\r")
    else if (roll < 0.5) this.text = `\uFEFF${this.text}`
    else if (roll < 0.6) this.text = `\n\n  \n${this.text}`
    else if (roll < 0.8) this.headers["content-type"] = luck.of(types)
    else this.text = this.text.trimEnd()
  }

  #send(luck: Luck): void {
    const roll = luck.next()
    if (roll < 0.35) this.size = luck.of([1, 2, 3, 7, 16, 64, 500])
    else if (roll < 0.55) this.ending = luck.of(["cut", "silence"])
    else if (roll < 0.65) this.status = luck.of([200, 201, 204, 302, 400, 401, 404, 413, 429, 500, 503, 529])
    else if (roll < 0.7) this.headers["content-encoding"] = luck.of(["compress", "gzip", "identity", "x"])
    else {
      const [label, encode] = luck.of(encodings)
      this.plain = this.bytes ?? Buffer.from(this.text)
      this.bytes = encode(this.plain)
      this.headers["content-encoding"] = label
      if (luck.chance(0.3)) this.bytes = this.bytes.subarray(0, luck.below(this.bytes.length))
    }
  }

  end(): Sent {
    const bytes = this.bytes ?? Buffer.from(this.text)
    const isEncoded = this.headers["content-encoding"] !== undefined
    const size = this.size === 0 ? Math.max(1, bytes.length) : this.size
    const pieces: Array<Buffer> = []
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
    const plain = isEncoded ? undefined : bytes
    return { status: this.status, headers: this.headers, pieces, ending: this.ending, plain }
  }
}

/** The answer after these steps. */
export const bend = (recorded: Recorded, steps: ReadonlyArray<Step>): Sent => {
  const bent = new Bent(recorded)
  for (const step of steps) bent.take(step)
  return bent.end()
}

const order: ReadonlyArray<Step["kind"]> = ["node", "frame", "dress", "byte", "send"]

/** Draws steps, in an order in which each of them finds something to bend. */
export const draw = (luck: Luck): ReadonlyArray<Step> =>
  Array.from({ length: luck.below(5) }, () => ({
    kind: luck.of(["node", "node", "node", "frame", "frame", "byte", "dress", "send", "send"] as const),
    seed: luck.below(2 ** 31)
  })).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
