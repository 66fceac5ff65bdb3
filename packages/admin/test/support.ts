/** An operator's side over a scripted vendor, on a free port, on virtual or real time, stopped when the test ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Admin from "@understudy/admin/Admin"
import { ConfigSource } from "@understudy/admin/ConfigSource"
import * as Live from "@understudy/admin/Live"
import * as RequestLog from "@understudy/admin/RequestLog"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Telemetry from "@understudy/core/telemetry/Telemetry"
import * as Understudy from "@understudy/core/Understudy"
import { Upstream, type UpstreamRequest } from "@understudy/core/upstream/Upstream"
import type { Entry, Fields } from "@understudy/gateway/AccessLog"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as TestClock from "effect/testing/TestClock"
import { onTestFinished } from "vitest"

/** Keys that a vendor of the tests refuses. */
export const refused = new Set<string>()

const completion = {
  id: "c1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
}

const isRefused = (request: UpstreamRequest): boolean =>
  [...refused].some((key) => JSON.stringify(request.headers).includes(key))

const vendor = Layer.succeed(Upstream, {
  send: (request, handler) => {
    queueMicrotask(() => {
      handler.onConnected()
      const bad = isRefused(request)
      handler.onHeaders(bad ? 401 : 200, { "content-type": "application/json" })
      const body = bad ? { error: { message: "Incorrect API key provided", code: "invalid_api_key" } } : completion
      handler.onData(Buffer.from(JSON.stringify(body)))
      handler.onEnd()
    })
    return { abort: () => {}, pause: () => {}, resume: () => {} }
  }
})

export const yaml = `# Ours.
version: 1
providers:
  first: # the main account
    type: openai-compatible
    baseUrl: http://first.test/v1
    keys: [sk-demo-first-1, sk-demo-first-2]
  second:
    type: openai-compatible
    baseUrl: http://second.test/v1
    keys: ["\${SECOND_KEY}"]
routes:
  - name: all
    match: { model: { prefix: "" } }
    targets: [{ provider: first }]
    fallback: [{ provider: second, model: other }]
consumers:
  - name: web
    keys: [us-demo-web-1]
`

export const password = "correct horse battery"

/** The record of a request. */
export const entry = (time: number, fields: Partial<Fields> = {}): Entry => ({
  time,
  level: "INFO",
  message: "POST /v1/chat/completions",
  fields: {
    requestId: `req_${time}`,
    status: 200,
    error: undefined,
    consumer: "web",
    model: "qwen-turbo",
    route: "aliyun",
    provider: "qwen",
    answeredBy: "qwen-turbo",
    attempts: 1,
    trail: "qwen/qwen-turbo#k1 ok 5ms",
    inputTokens: 10,
    outputTokens: 5,
    cost: 0.25,
    currency: "CNY",
    firstMs: undefined,
    ms: 0,
    ...fields
  }
})

/** Starts it. */
export const serve = async (
  options: {
    readonly text?: string
    readonly data?: boolean
    readonly watch?: boolean
    readonly requests?: boolean
    /** The folder of a console. */
    readonly console?: string
  } = {}
) => {
  const folder = mkdtempSync(join(tmpdir(), "understudy-admin-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, "understudy.yaml"), options.text ?? yaml)
  return start(folder, options)
}

const openLog = async (path: string) => {
  const runtime = ManagedRuntime.make(
    Layer.effect(RequestLog.RequestLog, RequestLog.open({ path, maxAge: Number.MAX_SAFE_INTEGER }))
  )
  onTestFinished(() => runtime.dispose())
  return runtime.runPromise(RequestLog.RequestLog)
}

const start = async (
  folder: string,
  options: {
    readonly data?: boolean
    readonly watch?: boolean
    readonly requests?: boolean
    readonly console?: string
  }
) => {
  refused.clear()
  const path = join(folder, "understudy.yaml")
  const parse = (text: string) =>
    UnderstudyConfig.fromYaml(text, { source: path, env: { SECOND_KEY: "sk-demo-second-1" } })
  const core = Layer.unwrap(Effect.map(parse(readFileSync(path, "utf8")), Understudy.layer))
  const lines: Array<string> = []
  const data = options.data === true ? join(folder, "data") : undefined
  const requests = options.requests === true ? await openLog(join(folder, "requests.db")) : undefined
  const whole = Admin.layer({
    port: 0,
    passwordCost: 4,
    data,
    watch: options.watch ?? false,
    requests,
    console: options.console
  }).pipe(
    Layer.provideMerge(core),
    Layer.provide(vendor),
    Layer.provide(Telemetry.layer),
    Layer.provideMerge(Live.layer),
    Layer.provide(Layer.succeed(ConfigSource, { path, parse })),
    Layer.provide(Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])),
    Layer.provideMerge(TestClock.layer())
  )
  const runtime = ManagedRuntime.make(whole)
  const admin = await runtime.runPromise(Admin.Admin)
  const close = async () => {
    await runtime.dispose()
  }
  onTestFinished(close)
  const call = (model = "m") =>
    runtime.runPromise(
      Understudy.Understudy.use(({ failover }) =>
        failover.call({ request: { model, messages: [{ role: "user", content: "Hi" }] } })
      )
    )
  return {
    admin,
    path,
    lines,
    call,
    /** Puts requests into the log, as the gateway does. */
    record: (...all: ReadonlyArray<Partial<Fields>>) =>
      Effect.runPromise(
        Effect.suspend(() => {
          for (const [index, fields] of all.entries()) requests?.put(entry(index, fields))
          return requests?.flush ?? Effect.void
        })
      ),
    /** Stops it, and starts another one with the same files. */
    restart: async () => {
      await close()
      return start(folder, options)
    },
    tick: (duration: Parameters<typeof TestClock.adjust>[0]) => runtime.runPromise(TestClock.adjust(duration)),
    write: (text: string) => writeFileSync(path, text),
    read: () => readFileSync(path, "utf8"),
    browser: makeBrowser(admin.url)
  }
}

export interface Answer {
  readonly status: number
  readonly body: any
  readonly text: string
  readonly headers: Headers
}

/** What a page of our own does: keeps the cookie, and sends our header. */
const makeBrowser = (url: string) => {
  let cookie: string | undefined
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {}
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(method === "GET" ? {} : { "x-understudy": "1" }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) cookie = set.split(";")[0]
    const text = await response.text()
    const isJson = response.headers.get("content-type")?.includes("json") === true
    return {
      status: response.status,
      body: isJson && text !== "" ? JSON.parse(text) : undefined,
      text,
      headers: response.headers
    }
  }
  return {
    ask,
    get: (path: string, headers?: Record<string, string>) => ask("GET", path, undefined, headers),
    post: (path: string, body?: unknown, headers?: Record<string, string>) => ask("POST", path, body, headers),
    delete: (path: string, headers?: Record<string, string>) => ask("DELETE", path, undefined, headers),
    forget: () => {
      cookie = undefined
    },
    get cookie() {
      return cookie
    }
  }
}

/** Starts it, and sets the admin's password. */
export const serveSetUp = async (options: Parameters<typeof serve>[0] = {}) => {
  const served = await serve(options)
  const { status } = await served.browser.post("/api/v1/setup", { token: served.admin.setupToken, password })
  if (status !== 200) throw new Error(`set-up answered ${status}`)
  return served
}
