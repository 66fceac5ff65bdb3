/**
 * The vendor's place: a server on bare sockets that answers at once with bytes made beforehand.
 *
 * The mocks of `mocks/` would cost more than the gateways under test, for what they are good at: keys, quotas, journal,
 * faults, each answer made anew. Here the upstream has to be the cheapest of the three processes on two cores, so that
 * what is measured is the one in the middle. It still insists on a path and on a key.
 */
import { createServer, type Socket } from "node:net"
import { long, short } from "../Payload.ts"
import { listen } from "./Listen.ts"
import * as Worker from "./Worker.ts"

const head = (status: string, fields: string): string => `HTTP/1.1 ${status}\r\n${fields}\r\n\r\n`

const whole = (status: string, body: string): Buffer =>
  Buffer.from(`${head(status, `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`)}${body}`)

const toChunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

const json = whole("200 OK", short.completion)
const longJson = whole("200 OK", long.completion)
const models = whole("200 OK", '{"object":"list","data":[]}')
const unauthorized = whole("401 Unauthorized", '{"error":{"message":"no key","code":"invalid_api_key"}}')
const notFound = whole("404 Not Found", '{"error":{"message":"no such path"}}')
const streamHead = head("200 OK", "content-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked")
const streamEnd = Buffer.from("0\r\n\r\n")
const piecesOf = (events: ReadonlyArray<string>) => events.map((event) => Buffer.from(toChunk(event)))
const pieces = piecesOf(short.events)
const stream = Buffer.concat([Buffer.from(streamHead), ...pieces, streamEnd])
const longStream = Buffer.concat([Buffer.from(streamHead), ...piecesOf(long.events), streamEnd])

const trickle = (socket: Socket): void => {
  socket.write(streamHead)
  let next = 0
  const step = (): void => {
    if (socket.destroyed) return
    const piece = pieces[next++]
    socket.write(piece ?? streamEnd)
    if (piece !== undefined) setImmediate(step)
  }
  step()
}

const answer = (socket: Socket, requestHead: string, body: Buffer): void => {
  const path = requestHead.slice(0, requestHead.indexOf("\r\n"))
  if (path.includes("/models ")) return void socket.write(models)
  if (!path.includes("/chat/completions ")) return void socket.write(notFound)
  if (!/\r\nauthorization: Bearer sk-demo-/i.test(requestHead)) return void socket.write(unauthorized)
  const isLong = body.includes('"user":"long-')
  if (!body.includes('"stream":true')) return void socket.write(isLong ? longJson : json)
  if (body.includes('"user":"trickle"')) return trickle(socket)
  socket.write(isLong ? longStream : stream)
}

const onSocket = (socket: Socket): void => {
  let rest: Buffer = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on("error", () => socket.destroy())
  socket.on("data", (data: Buffer) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data])
    for (let end = rest.indexOf("\r\n\r\n"); end !== -1; end = rest.indexOf("\r\n\r\n")) {
      const requestHead = rest.toString("latin1", 0, end)
      const size = Number(/\r\ncontent-length: (\d+)/i.exec(requestHead)?.[1] ?? 0)
      const total = end + 4 + size
      if (rest.length < total) return
      answer(socket, requestHead, rest.subarray(end + 4, total))
      rest = rest.subarray(total)
    }
  })
}

Worker.serve(await listen(createServer(onSocket)))
