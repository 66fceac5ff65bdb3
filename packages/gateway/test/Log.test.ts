import * as EventLog from "@understudy/gateway/EventLog"
import * as LineLogger from "@understudy/gateway/LineLogger"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { answerJson, chat, serve } from "./support.ts"

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
