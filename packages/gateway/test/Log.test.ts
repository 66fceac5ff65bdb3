import { spawnSync } from "node:child_process"
import * as path from "node:path"
import type * as AccessLog from "@understudy/gateway/AccessLog"
import * as EventLog from "@understudy/gateway/EventLog"
import * as LineLogger from "@understudy/gateway/LineLogger"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Line from "../src/internal/Line.ts"
import * as StandardOutput from "../src/internal/StandardOutput.ts"
import { answerJson, chat, completion, config, frame, openStream, serve } from "./support.ts"

const logged = async (
  effect: Effect.Effect<void>,
  format: "text" | "json" = "text"
): Promise<ReadonlyArray<string>> => {
  const written: Array<string> = []
  await Effect.runPromise(
    effect.pipe(Effect.provide(LineLogger.layer({ format, write: (lines) => void written.push(lines) })))
  )
  return written
}

it("gathers lines and writes what is left when its scope closes", async () => {
  const written = await logged(Effect.andThen(Effect.logInfo("one"), Effect.logWarning("two", 2)))
  expect(written.length).toBe(1)
  expect(written[0]).toMatch(/^\S+Z INFO one\n\S+Z WARN two 2\n$/)
})

it("keeps a line one line, whatever a caller put into it", async () => {
  const evil = 'x\n2026-01-01 ERROR forged="yes"'
  const [text] = await logged(Effect.annotateLogs(Effect.logInfo(evil), { model: evil, ms: 3, ok: true, list: [1] }))
  expect(text?.split("\n").length).toBe(2)
  expect(text).toContain(`model=${JSON.stringify(evil)} ms=3 ok=true list=[1]`)
  const [json] = await logged(Effect.annotateLogs(Effect.logInfo(evil), { model: evil }), "json")
  expect(JSON.parse(json!)).toMatchObject({ level: "INFO", model: evil })
})

it("has one line a request, but none for health checks", async () => {
  const { close, lines, url } = await serve(answerJson())
  await (await chat(url)).text()
  await chat(url, { model: "unknown" })
  await fetch(`${url}/healthz`)
  await fetch(`${url}/nowhere?api_key=demo-secret`)
  await close()
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(
      /INFO POST \/v1\/chat\/completions requestId=req_1 status=200 model=m1 route=all provider=vendor answeredBy=m1 attempts=1 trail="vendor\/m1#k[0-9a-f]{3} ok \d+ms" ms=\d+$/
    ),
    expect.stringMatching(/requestId=req_2 status=404 error=model_not_found model=unknown attempts=0 ms=\d+$/),
    expect.stringMatching(/GET \(unknown\) requestId=req_4 status=404 error=unknown_url attempts=0 ms=\d+$/)
  ])
})

const priced = {
  ...config,
  prices: { "vendor/m1": { input: 2, output: 8, currency: "CNY" } },
  consumers: [{ name: "demo", keys: ["demo-consumer-key"] }]
}
const usage = { prompt_tokens: 500_000, completion_tokens: 250_000, total_tokens: 750_000 }
const asDemo = { headers: { authorization: "Bearer demo-consumer-key", "x-request-id": "own-1" } }

it("records who asked, what it took in tokens, money and time", async () => {
  const entries: Array<AccessLog.Entry> = []
  const { close, url } = await serve(answerJson({ ...completion, usage }), {
    config: priced,
    record: (entry) => entries.push(entry)
  })
  await (await chat(url, {}, asDemo)).text()
  await close()
  expect(entries).toEqual([
    {
      time: expect.any(Number),
      level: "INFO",
      message: "POST /v1/chat/completions",
      fields: {
        requestId: "own-1",
        status: 200,
        error: undefined,
        consumer: "demo",
        model: "m1",
        route: "all",
        provider: "vendor",
        answeredBy: "m1",
        attempts: 1,
        trail: expect.stringMatching(/^vendor\/m1#k[0-9a-f]{3} ok \d+ms$/),
        inputTokens: 500_000,
        outputTokens: 250_000,
        cost: 3,
        currency: "CNY",
        firstMs: undefined,
        ms: expect.any(Number)
      }
    }
  ])
})

it("records of a stream what its end said of tokens, when its first content came, and that it broke", async () => {
  const entries: Array<AccessLog.Entry> = []
  const last = `data: ${JSON.stringify({ id: "c1", choices: [], usage })}\n\ndata: [DONE]\n\n`
  const { close, upstream, url } = await serve(
    (sent) => {
      openStream(frame("Hello"), ...(upstream.sent.length === 1 ? [frame("", "stop"), last] : []))(sent)
      if (upstream.sent.length === 1) sent.handler.onEnd()
      else sent.handler.onError({ code: "ECONNRESET", message: "reset" })
    },
    { config: priced, record: (entry) => entries.push(entry) }
  )
  await (await chat(url, { stream: true }, asDemo)).text()
  await expect((await chat(url, { stream: true }, asDemo)).text()).rejects.toThrow()
  await close()
  expect(entries.map(({ fields, level }) => ({ level, ...fields }))).toEqual([
    expect.objectContaining({ level: "INFO", inputTokens: 500_000, cost: 3, firstMs: expect.any(Number) }),
    expect.objectContaining({ level: "WARN", status: 200, error: expect.any(String), inputTokens: undefined })
  ])
})

it("makes nothing of a line end, an escape or a direction mark in any field", () => {
  const evil = "a\n\u001b[2K\u009b2K\u2028\u202eb"
  for (const format of ["text", "json"] as const) {
    const line = Line.format({ time: 0, level: "INFO", message: evil, fields: { model: evil }, cause: evil }, format)
    expect(line).not.toMatch(/[\p{Cc}\u2028\u202e]/u)
    if (format === "json") expect(JSON.parse(line)).toMatchObject({ message: evil, model: evil, cause: evil })
  }
})

it("writes what is left when the process crashes or exits", () => {
  const lines = path.resolve(import.meta.dirname, "../src/Lines.ts")
  const run = (end: string) =>
    spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import * as Effect from "effect/Effect"
         const Lines = await import(${JSON.stringify(lines)})
         const lines = await Effect.runPromise(Effect.provideService(Lines.make({ window: 60_000 }), (await import("effect/Scope")).Scope, (await import("effect/Scope")).makeUnsafe()))
         for (let i = 0; i < 20_000; i++) lines.put("line " + i)
         ${end}`
      ],
      { encoding: "utf8", cwd: path.resolve(import.meta.dirname, "../../..") }
    ).stdout
  for (const end of ["process.exit(3)", "throw new Error('crash')"]) {
    const written = run(end).trimEnd().split("\n")
    expect(written.length).toBe(20_000)
    expect(written.at(-1)).toBe("line 19999")
  }
})

const failing = (code: string): never => {
  throw Object.assign(new Error(code), { code })
}

/** An output whose reader takes what `take` says. */
const output = () => {
  const state = { written: "", take: (size: number): number => size }
  const standard = new StandardOutput.StandardOutput(
    (count) => `${count} lost`,
    (bytes) => {
      const taken = state.take(bytes.length)
      state.written += bytes.toString("utf8", 0, taken)
      return taken
    }
  )
  return { state, standard }
}

it("keeps lines that a full pipe does not take, in their order", () => {
  const { standard, state } = output()
  state.take = () => failing("EAGAIN")
  expect(standard.write("one\n")).toBe(false)
  expect(standard.write("two\n")).toBe(false)
  state.take = () => 3
  expect(standard.write("three\n")).toBe(true)
  expect(state.written).toBe("one\ntwo\nthree\n")
})

it("drops lines beyond what may wait, and says how many once there is room", () => {
  const { standard, state } = output()
  state.take = () => failing("EAGAIN")
  standard.write("first\n")
  const many = `${"x".repeat(1023)}\n`.repeat(1024)
  for (let i = 0; i < 10; i++) standard.write(many)
  state.take = (size) => size
  expect(standard.write("")).toBe(true)
  standard.write("last\n")
  expect(state.written.split("\n").filter((line) => line.startsWith("x")).length).toBe(7 * 1024)
  expect(state.written.endsWith(`${3 * 1024} lost\nlast\n`)).toBe(true)
})

it("loses lines on a full disk, never a call: goes on, mends the line that was cut, and says how many are missing", () => {
  const { standard, state } = output()
  let room = 6
  state.take = (size) => {
    if (room === 0) failing("ENOSPC")
    const taken = Math.min(room, size)
    room -= taken
    return taken
  }
  expect(standard.write("one\ntwo\n")).toBe(true)
  expect(standard.write("three\n")).toBe(true)
  room = 1_000
  standard.write("four\n")
  expect(state.written).toBe("one\ntw\n3 lost\nfour\n")
})

it("has no line when it is off", async () => {
  const { close, lines, url } = await serve(answerJson(), { accessLog: false })
  await (await chat(url)).text()
  await close()
  expect(lines.length).toBe(1)
})

const key = { provider: "vendor", key: "k123" }

it.each<[EventLog.LoggedEvent, string]>([
  [
    { _tag: "KeyRemoved", ...key, reason: "Unauthorized", nextProbeIn: 5_000 },
    "WARN key removed provider=vendor key=k123 reason=Unauthorized nextProbeIn=5000"
  ],
  [
    { _tag: "KeyCooling", ...key, model: "m", millis: 9 },
    "WARN key cooling down provider=vendor key=k123 model=m millis=9"
  ],
  [
    { _tag: "CircuitChanged", provider: "vendor", model: "m", from: "Closed", to: "Open", openFor: 30_000 },
    "WARN circuit opened provider=vendor model=m from=Closed to=Open openFor=30000"
  ],
  [
    { _tag: "CircuitChanged", provider: "vendor", model: "m", from: "HalfOpen", to: "Closed", openFor: undefined },
    "INFO circuit changed provider=vendor model=m from=HalfOpen to=Closed\n"
  ],
  [{ _tag: "KeyRestored", ...key }, "INFO key restored provider=vendor key=k123"],
  [
    { _tag: "KeyProbed", ...key, ok: false, nextProbeIn: 7 },
    "INFO key probed: refused provider=vendor key=k123 ok=false nextProbeIn=7"
  ]
])("logs %j", async (event, line) => {
  expect((await logged(EventLog.log(event)))[0]).toContain(line)
})
