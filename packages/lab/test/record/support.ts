import { mkdtempSync, rmSync } from "node:fs"
import * as http from "node:http"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as Clock from "@understudy/mocks/Clock"
import type { FaultSpec } from "@understudy/mocks/Fault"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"
import { onTestFinished } from "vitest"
import type * as Cassette from "../../src/record/Cassette.ts"
import * as Recorder from "../../src/record/Recorder.ts"

export const key = "sk-demo-record-me-4f2a9c"

/** Two vendors on a socket and a clock that stands still, as if they were the real ones. */
export const vendorsOnSocket = async (options: Vendors.Options = {}) => {
  const clock = Clock.manual()
  const vendors = Vendors.make({ clock, acceptAnyKey: true, ...options })
  const server = await MockServer.listen(vendors)
  onTestFinished(() => server.close())
  return { clock, vendors, server }
}

/** A recorder in front of base URLs, and what it was told. */
export const recorder = async (
  upstreams: Recorder.Options["upstreams"] & object,
  options: Partial<Recorder.Options> = {}
) => {
  const exchanges: Array<Cassette.Exchange> = []
  const skipped: Array<string> = []
  const made = await Recorder.listen({
    upstreams,
    onRecorded: (exchange) => exchanges.push(exchange),
    onSkipped: (why) => skipped.push(why),
    ...options
  })
  onTestFinished(() => made.close())
  return { ...made, exchanges, skipped }
}

export interface Heard {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  readonly end: "complete" | "broken"
}

export interface Ask {
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly path?: string
  readonly method?: string
  /** Is called with every chunk. */
  readonly onData?: (chunk: string, request: http.ClientRequest) => void
}

/** Asks and hears the whole answer, on a connection of its own. */
export const ask = (
  baseUrl: string,
  { body, headers, method = "POST", onData, path: below = "/chat/completions" }: Ask
) =>
  new Promise<Heard>((resolve, reject) => {
    const request = http.request(`${baseUrl}${below}`, {
      method,
      agent: false,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers }
    })
    request.on("error", reject)
    request.on("response", (response) => {
      // An RST is told to the request too.
      request.off("error", reject).on("error", () => undefined)
      const parts: Array<Buffer> = []
      response.on("data", (part: Buffer) => {
        parts.push(part)
        onData?.(part.toString(), request)
      })
      response.on("error", () => undefined)
      response.on("close", () => {
        const { headers: given, complete, statusCode: status = 0 } = response
        resolve({
          status,
          headers: given,
          body: Buffer.concat(parts).toString(),
          end: complete ? "complete" : "broken"
        })
      })
    })
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })

export const chat = (model: string, rest: object = {}) => ({
  model,
  messages: [{ role: "user", content: "你是谁？" }],
  ...rest
})

export const fault = (spec: FaultSpec): Vendors.Options => ({ faults: [spec] })

/** A folder that is gone after the test. */
export const folder = (): string => {
  const made = mkdtempSync(path.join(tmpdir(), "understudy-record-"))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}
