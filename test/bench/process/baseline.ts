/**
 * The yardstick: the least that a gateway on `node:http` and an undici pool can do and still be one that reads what it
 * passes on. It parses the request, sets `model` and the key, parses the answer (each frame of a stream), sets `model`
 * and serialises it again. No routes, no deadlines, no failover, no log.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { type Dispatcher, Pool } from "undici"
import { model } from "../Payload.ts"
import type { Listening } from "../Protocol.ts"
import { listen } from "./Listen.ts"
import * as Worker from "./Worker.ts"

const pool = new Pool(Worker.input<Listening>().origin)
const headers = { "content-type": "application/json", authorization: "Bearer sk-demo-1" }

const readText = async (request: IncomingMessage): Promise<string> => {
  const pieces: Array<Buffer> = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString("utf8")
}

const rewrite = (text: string): string => {
  const parsed = JSON.parse(text)
  parsed.model = model
  return JSON.stringify(parsed)
}

const rewriteFrame = (frame: string): string =>
  frame === "data: [DONE]" ? `${frame}\n\n` : `data: ${rewrite(frame.slice(6))}\n\n`

const pass = (answer: Dispatcher.ResponseData, response: ServerResponse): void => {
  response.writeHead(answer.statusCode, { "content-type": "text/event-stream" })
  const decoder = new TextDecoder()
  let rest = ""
  answer.body.on("data", (data: Buffer) => {
    const frames = (rest + decoder.decode(data, { stream: true })).split("\n\n")
    rest = frames.pop() ?? ""
    if (frames.length > 0) response.write(frames.map(rewriteFrame).join(""))
  })
  answer.body.on("end", () => response.end())
  answer.body.on("error", () => response.destroy())
}

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = rewrite(await readText(request))
  const answer = await pool.request({ method: "POST", path: "/v1/chat/completions", headers, body })
  if (answer.headers["content-type"] !== "application/json") return pass(answer, response)
  const text = rewrite(await answer.body.text())
  const fields = { "content-type": "application/json", "content-length": Buffer.byteLength(text) }
  response.writeHead(answer.statusCode, fields).end(text)
}

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy())
})

Worker.serve(await listen(server))
