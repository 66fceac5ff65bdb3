/**
 * An OpenAI-compatible gateway as a client of the lab: ours or anybody's, asked over HTTP as the thinnest of callers would,
 * without repeats of its own.
 *
 * The gateway must have been pointed at the mocked vendors: `setting.deepseek` and `setting.qwen` say where they are and with
 * which keys.
 *
 * **Example** (a gateway that runs already)
 *
 * ```ts
 * import { HttpClient } from "@understudy/lab"
 *
 * const client = HttpClient.make({ url: "http://127.0.0.1:8080/v1", apiKey: "sk-demo-consumer" })
 * client.promises // => true
 * ```
 */
import * as Client from "./Client.ts"

/** Where the gateway is. */
export interface Options {
  /** Its base URL, with or without `/v1`. */
  readonly url: string
  /** A consumer's key. */
  readonly apiKey?: string | undefined
  /** Sent with every request, such as a tenant's name. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly name?: string
}

type Fields = Record<string, unknown>

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {})

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** What a caller's own library would throw at is an error here too. */
const parse = (json: string): Fields => {
  try {
    return fields(JSON.parse(json))
  } catch {
    throw new Error(`The answer is not JSON: ${json.slice(0, 200)}`)
  }
}

const errorOf = (body: string): Fields => {
  try {
    return fields(parse(body)["error"])
  } catch {
    return {}
  }
}

/** Milliseconds; nothing of a date, which no caller needs here. */
const waitOf = (retryAfter: string | null): number | undefined => {
  const seconds = Number(retryAfter ?? Number.NaN)
  return Number.isNaN(seconds) ? undefined : seconds * 1000
}

/** An error as an OpenAI-compatible server tells it. */
class HttpError extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly type: string | undefined
  readonly retryAfter: number | undefined

  constructor(status: number, body: string, retryAfter: string | null) {
    const error = errorOf(body)
    super(text(error["message"]) ?? body.slice(0, 500))
    this.status = status
    this.code = text(error["code"])
    this.type = text(error["type"])
    this.retryAfter = waitOf(retryAfter)
  }
}

const choiceOf = (chunk: Fields): Fields => fields((chunk["choices"] as ReadonlyArray<unknown> | undefined)?.[0])

const list = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

/** Calls of tools from their pieces: each piece names its call by its place. */
const toolCallsOf = (pieces: ReadonlyArray<unknown>): ReadonlyArray<Client.LabToolCall> => {
  const calls = new Map<number, { id: string; name: string; arguments: string }>()
  pieces.map(fields).forEach((piece, place) => {
    const index = Number(piece["index"] ?? place)
    const call = calls.get(index) ?? { id: "", name: "", arguments: "" }
    const called = fields(piece["function"])
    call.id ||= text(piece["id"]) ?? ""
    call.name ||= text(called["name"]) ?? ""
    call.arguments += text(called["arguments"]) ?? ""
    calls.set(index, call)
  })
  return [...calls.values()]
}

const readJson = (body: string): Client.LabReply => {
  const completion = parse(body)
  const choice = choiceOf(completion)
  const message = fields(choice["message"])
  return {
    text: text(message["content"]) ?? "",
    reasoning: text(message["reasoning_content"]),
    toolCalls: toolCallsOf(list(message["tool_calls"])),
    finish: text(choice["finish_reason"]),
    model: text(completion["model"])
  }
}

const readStream = async (response: Response, content: (piece: string) => void): Promise<Client.LabReply> => {
  const reply = {
    text: "",
    reasoning: "",
    finish: undefined as string | undefined,
    model: undefined as string | undefined
  }
  const pieces: Array<unknown> = []
  let held = ""
  let done = false
  const take = (line: string): void => {
    if (!line.startsWith("data:")) return
    const data = line.slice(5).trim()
    if (data === "[DONE]") {
      done = true
      return
    }
    const chunk = parse(data)
    if (chunk["error"] !== undefined) throw new HttpError(response.status, data, null)
    const choice = choiceOf(chunk)
    const delta = fields(choice["delta"])
    const piece = text(delta["content"]) ?? ""
    const thought = text(delta["reasoning_content"])
    const calls = list(delta["tool_calls"])
    reply.text += piece
    reply.reasoning += thought ?? ""
    pieces.push(...calls)
    reply.finish = text(choice["finish_reason"]) ?? reply.finish
    reply.model = text(chunk["model"]) ?? reply.model
    if (piece !== "" || thought !== undefined || calls.length > 0) content(piece)
  }
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    const lines = (held + decoder.decode(bytes, { stream: true })).split("\n")
    held = lines.pop() ?? ""
    for (const line of lines) take(line)
  }
  take(held)
  if (!done && reply.finish === undefined)
    throw new Error("The stream ended without a finish reason and without [DONE]")
  return { ...reply, toolCalls: toolCallsOf(pieces) }
}

const toUrl = (url: string): string => {
  const base = url.replace(/\/+$/, "")
  return base.endsWith("/v1") ? `${base}/chat/completions` : `${base}/v1/chat/completions`
}

/** A gateway as a client. */
export const make = (options: Options): Client.Client =>
  Client.make(options.name ?? options.url, (setting) => async (request, { content, signal }) => {
    const { messages, model, responseFormat, stream, tools } = request
    const response = await setting.fetch(toUrl(options.url), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...options.headers,
        ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` })
      },
      // What is undefined is left out.
      body: JSON.stringify({ model, messages, tools, response_format: responseFormat, stream: stream || undefined }),
      signal
    })
    if (!response.ok) throw new HttpError(response.status, await response.text(), response.headers.get("retry-after"))
    return stream ? readStream(response, content) : readJson(await response.text())
  })
