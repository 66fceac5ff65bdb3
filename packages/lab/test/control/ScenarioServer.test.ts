import * as ScenarioServer from "@understudy/lab/control/ScenarioServer"
import * as Library from "@understudy/lab/library/Library"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import type { MockServer } from "@understudy/mocks/MockServer"
import type { Recording } from "@understudy/mocks/Recording"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"

let server: MockServer
beforeAll(async () => {
  server = await ScenarioServer.listen(Library.find("auth.invalid@qwen"))
})
beforeEach(() => control("POST", "reset"))
afterAll(() => server.close())

interface Reply {
  readonly status: number
  readonly body: any
}

const control = async (method: string, path: string, body?: unknown): Promise<Reply> => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const response = await fetch(`${server.url}/_mock/${path}`, { method, ...(body === undefined ? {} : { body: text }) })
  const isJson = response.headers.get("content-type")?.includes("json") === true
  return { status: response.status, body: isJson ? await response.json() : await response.text() }
}

const ask = async (call: string, key: string, { urls } = server): Promise<Response> =>
  fetch(`${urls.qwen}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: "qwen-plus", messages: [{ role: "user", content: `Hello ${call}` }] })
  })

const textOf = async (response: Response): Promise<string> => {
  const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] }
  return choices[0].message.content
}

it("describes the scenario with its keys and the calls that a client is to make", async () => {
  const { body } = await control("GET", "scenario")
  expect(body.name).toBe("auth.invalid@qwen")
  expect(body.keys[0]).toEqual({ name: "qwen-1", vendor: "qwen", account: "qwen-1", value: "sk-demo-qwen-1" })
  expect(body.calls).toHaveLength(120)
  expect(body.calls[0].text).toContain("[call:c1]")
})

it("plays recordings to keys that are good, and to every scenario that follows", async () => {
  const recording: Recording = {
    ...{ vendor: "qwen", model: "qwen-plus", stream: false, status: 200, headers: [], end: "complete" },
    frames: [{ after: 0, data: '{"choices":[{"message":{"content":"as it was"},"finish_reason":"stop"}]}' }]
  }
  const recorded = await ScenarioServer.listen(Library.find("auth.invalid@qwen"), { recordings: [recording] })
  try {
    const send = (key: string) => ask("[call:c1]", key, recorded)
    expect((await send("sk-demo-qwen-1")).status).toBe(401)
    expect(await textOf(await send("sk-demo-qwen-2"))).toBe("as it was")
    await fetch(`${recorded.url}/_mock/scenario`, { method: "PUT", body: "auth.invalid@deepseek" })
    expect(await textOf(await send("sk-demo-qwen-1"))).toBe("as it was")
    const verdict = await fetch(`${recorded.url}/_mock/verdict`)
    expect(await verdict.json()).toMatchObject({ findings: [] })
  } finally {
    await recorded.close()
  }
})

it("lives through the scenario as time goes by", async () => {
  await control("PUT", "scenario", "outage.correlated@qwen")
  const isOn = async () => (await control("GET", "state")).body.faults.map(({ on }: { on: boolean }) => on)
  expect(await isOn()).toEqual([false, false])
  await control("POST", "clock", { advance: "31s" })
  expect(await isOn()).toEqual([true, true])
  expect((await control("GET", "state")).body.elapsed).toBeGreaterThanOrEqual(31_000)
  await control("PUT", "scenario", "auth.invalid@qwen")
})

it("passes a client whose calls were answered whole", async () => {
  const text = await textOf(await ask("[call:c1]", "sk-demo-qwen-2"))
  const told = await control("POST", "calls", { id: "c1", outcome: "answered", text })
  expect(told.status).toBe(201)
  expect(told.body.calls[0]).toMatchObject({ id: "c1", model: "qwen-plus", outcome: "answered" })
  const { body } = await control("GET", "verdict")
  expect(body).toMatchObject({ passed: true, findings: [], figures: { calls: 1, answered: 1, attempts: 1 } })
})

it("holds against a client what it told and what the vendors saw, in JSON and in Markdown", async () => {
  const { status } = await ask("[call:c1]", "sk-demo-qwen-1")
  const error = { message: "Incorrect API key provided.", status }
  await control("POST", "calls", [{ id: "c1", outcome: "failed", error, took: 5 }])
  const { body } = await control("GET", "verdict")
  expect(body.passed).toBe(false)
  expect(body.findings.map(({ kind }: { kind: string }) => kind)).toEqual([
    "failed-while-healthy",
    "leaked-upstream-error"
  ])
  const markdown = (await control("GET", "verdict?format=markdown&lang=zh")).body
  expect(markdown).toContain("`failed-while-healthy`")
  expect(markdown).toContain("降级实验室")
})

it("does not judge a client's waits when the clock was moved on, and says so", async () => {
  await control("POST", "clock", { advance: "30s" })
  const text = await textOf(await ask("[call:c1]", "sk-demo-qwen-2"))
  await control("POST", "calls", { id: "c1", outcome: "answered", text, took: 20_000 })
  const { body } = await control("GET", "verdict")
  expect(body).toMatchObject({ findings: [], clock: { speed: 1 } })
  expect(body.clock.jumped).toBeGreaterThanOrEqual(30_000)
  expect(body.withheld).toContain("key-not-restored")
  expect((await control("GET", "verdict?format=markdown")).body).toContain("Not judged, because the clock was moved on")
  await control("POST", "reset")
  expect((await control("GET", "verdict")).body).not.toHaveProperty("withheld")
})

it("plays faster, and takes what a client measured as many times longer", async () => {
  const faster = await ScenarioServer.listen(Library.find("auth.invalid@qwen"), { speed: 10 })
  const get = async (path: string): Promise<any> => (await fetch(`${faster.url}/_mock/${path}`)).json()
  try {
    expect(await get("scenario")).toMatchObject({ speed: 10 })
    const text = await textOf(await ask("[call:c1]", "sk-demo-qwen-2", faster))
    const told = { id: "c1", outcome: "answered", text, took: 2 }
    const reply = await fetch(`${faster.url}/_mock/calls`, { method: "POST", body: JSON.stringify(told) })
    const { calls } = (await reply.json()) as { readonly calls: readonly [{ at: number; endedAt: number }] }
    expect(calls[0].endedAt - calls[0].at).toBe(20)
    const { clock, findings, withheld } = await get("verdict")
    expect([clock, findings, withheld]).toEqual([{ speed: 10, jumped: 0 }, [], undefined])
  } finally {
    await faster.close()
  }
})

it("has no verdict on a client that asks somebody else", async () => {
  await control("POST", "calls", [{ id: "c1", outcome: "answered", text: "The service is busy." }])
  const { body } = await control("GET", "verdict")
  expect(body).toMatchObject({ passed: false, error: { kind: "nothing-reached" }, figures: { answered: 0 } })
})

it("looks through a client's log for keys", async () => {
  await (await ask("[call:c1]", "sk-demo-qwen-2")).text()
  expect((await control("POST", "log", "asking qwen\nwith Bearer sk-demo-qwen-2\n")).body).toEqual({ keys: ["qwen-2"] })
  const { body } = await control("GET", "verdict")
  expect(body).toMatchObject({ passed: false, findings: [{ kind: "key-disclosed" }], logged: ["qwen-2"] })
  await control("POST", "reset")
  expect((await control("GET", "verdict")).body).not.toHaveProperty("logged")
})

it("takes no client's word for callers who left", async () => {
  await (await ask("[call:c2]", "sk-demo-qwen-2")).text()
  const { body } = await control("POST", "calls", { id: "c2", outcome: "left" })
  expect(body.calls).toMatchObject([{ id: "c2", outcome: "failed" }])
})

it("counts a call that nobody told of by what the vendors did", async () => {
  await (await ask("[call:c7]", "sk-demo-qwen-2")).text()
  const { body } = await control("GET", "verdict")
  expect(body.calls).toMatchObject([{ id: "c7", outcome: "unknown", model: "qwen-plus" }])
  expect(body.figures.answered).toBe(1)
})

it("plays another scenario by its name or as it is written, and forgets the one before", async () => {
  await ask("[call:c1]", "sk-demo-qwen-2")
  expect((await control("PUT", "scenario", "rate.limit@qwen")).body.name).toBe("rate.limit@qwen")
  expect((await control("GET", "verdict")).body.figures).toMatchObject({ calls: 0, attempts: 0 })
  const own = {
    name: "own",
    teaches: { en: "Everything is refused.", zh: "全部被拒。" },
    faults: [{ kind: "server.error", vendor: "qwen" }],
    traffic: { model: "qwen-plus", calls: [{ at: "0s" }] }
  }
  expect((await control("POST", "scenario", own)).body.name).toBe("own")
  expect((await ask("[call:c1]", "sk-demo-qwen-2")).status).toBe(500)
  expect((await control("PUT", "scenario", "auth.invalid@qwen")).status).toBe(200)
})

it.each([
  ["a name that it does not have", "auth.invalid@qwem", 'did you mean "auth.invalid@qwen"?'],
  ["a scenario that makes no sense", "name: own\ntraffic: { model: qwen-plus }\n", "teaches"],
  [
    "a fault that no socket can do",
    JSON.stringify({
      name: "own",
      teaches: { en: "x", zh: "x" },
      faults: [{ kind: "refuse", vendor: "qwen" }],
      traffic: { model: "qwen-plus", calls: [{ at: "0s" }] }
    }),
    "the sockets runner cannot do"
  ]
])("refuses %s and goes on as before", async (_, body, message) => {
  const reply = await control("PUT", "scenario", body)
  expect(reply.status).toBe(400)
  expect(reply.body.error).toContain(message)
  expect((await control("GET", "scenario")).body.name).toBe("auth.invalid@qwen")
})

it("says what does not fit in what it is told, and what else can be asked", async () => {
  const wrong = await control("POST", "calls", { id: "c1", outcome: "fine" })
  expect(wrong.status).toBe(400)
  expect(wrong.body.error).toContain("outcome")
  expect((await control("GET", "nothing")).body.error).toContain("GET /_mock/verdict")
})

it("does not begin a scenario that sockets cannot play", async () => {
  const scenario = Scenario.make({
    name: "own",
    teaches: { en: "x", zh: "x" },
    faults: [{ kind: "dns", vendor: "qwen" }],
    traffic: { model: "qwen-plus", calls: [{ at: "0s" }] }
  })
  await expect(ScenarioServer.listen(scenario)).rejects.toThrow("the sockets runner cannot do")
})
