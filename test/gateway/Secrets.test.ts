/** No key, of the vendors' or of consumers, is ever told to anybody. */
import { expect, it } from "vitest"
import { ask, consumerKey, deepseekGood, qwenBad, qwenGood, read, start } from "./support.ts"

const wrongConsumerKey = "demo-consumer-wrong-77c3"

it("tells no key in any log line, header, body, trail or journal over a run of failures", async () => {
  const { close, lines, url, vendors } = await start({
    qwenKeys: [qwenGood, qwenBad],
    consumers: [{ name: "demo", keys: [consumerKey] }],
    keyFailover: { healthCheckInterval: "50ms" },
    deadlines: { firstContent: "100ms", answer: "100ms" }
  })
  const told: Array<string> = []
  const tell = async (extra: object, authorization = `Bearer ${consumerKey}`): Promise<void> => {
    const response = await ask(url, extra as Record<string, unknown>, { headers: { authorization } })
    told.push(JSON.stringify([...response.headers]), (await read(response)).text)
  }
  const kinds = [
    "auth.invalid",
    "auth.format",
    "billing.exhausted",
    "rate.limit",
    "server.error",
    "request.invalid",
    "edge.html",
    "reset.before",
    "error.midstream",
    "frame.malformed",
    "stall.before"
  ] as const
  await tell({}, `Bearer ${wrongConsumerKey}`)
  await tell({ model: "nowhere" })
  for (const kind of kinds) {
    for (const vendor of ["qwen", "deepseek"] as const) {
      if (kind === "auth.format" && vendor === "qwen") continue
      // Vendors repeat keys in their messages.
      vendors.addFault({ kind, vendor, times: 2, message: `Incorrect API key: ${qwenGood} ${deepseekGood}` })
    }
    await tell({})
    await tell({ stream: true })
  }
  told.push(await (await fetch(`${url}/v1/models`, { headers: { "x-api-key": consumerKey } })).text())
  await close()
  told.push(...lines, JSON.stringify(vendors.journal.entries))
  const all = told.join("\n")
  expect(all).toContain("Unauthorized")
  expect(all).toContain("key removed")
  for (const key of [qwenGood, qwenBad, deepseekGood, consumerKey, wrongConsumerKey]) {
    expect([key.slice(0, 10), all.includes(key)]).toEqual([key.slice(0, 10), false])
  }
})
