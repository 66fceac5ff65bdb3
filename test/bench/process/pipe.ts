/**
 * The other yardstick: the least that any proxy on `node:http` and an undici pool does. It passes bytes on and reads none of
 * them.
 */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http"
import { Pool } from "undici"
import type { Listening } from "../Protocol.ts"
import { listen } from "./Listen.ts"
import * as Worker from "./Worker.ts"

const pool = new Pool(Worker.input<Listening>().origin)

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const length = request.headers["content-length"] ?? "0"
  const headers = {
    "content-type": "application/json",
    "content-length": length,
    authorization: "Bearer sk-demo-1"
  }
  await pool.stream({ method: "POST", path: "/v1/chat/completions", headers, body: request }, (answer) => {
    const { "content-length": size, "content-type": type } = answer.headers
    const fields: OutgoingHttpHeaders = {}
    if (type !== undefined) fields["content-type"] = String(type)
    if (size !== undefined) fields["content-length"] = String(size)
    response.writeHead(answer.statusCode, fields)
    return response
  })
}

const server = createServer((request, response) => {
  handle(request, response).catch(() => response.destroy())
})

Worker.serve(await listen(server))
