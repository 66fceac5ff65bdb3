/**
 * A scenario as a typed object, played on a virtual clock against two clients: Understudy, and one that knows a single key.
 */
import * as Lab from "@understudy/lab/Lab"
import * as Client from "@understudy/lab/run/Client"
import * as Scenario from "@understudy/lab/scenario/Scenario"

const monday = Scenario.make({
  name: "bad-monday",
  teaches: { en: "Qwen is overloaded for half a minute.", zh: "通义千问过载半分钟。" },
  faults: [{ kind: "overload.fast", vendor: "qwen", from: "30s", for: "30s" }],
  traffic: { model: "qwen-plus", every: "2s", for: "4m" },
  expect: { within: "10s" }
})

const singleKey = Client.make("single-key", ({ fetch, qwen }) => async ({ messages, model }, { signal }) => {
  const response = await fetch(`${qwen.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${qwen.keys[0]}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages }),
    signal
  })
  if (!response.ok) throw Object.assign(new Error("the model did not answer"), { status: response.status })
  const { choices } = (await response.json()) as { choices: [{ message: { content: string } }] }
  return { text: choices[0].message.content }
})

/** Runs the example. */
export const main = async (): Promise<ReadonlyArray<string>> => {
  const good = await Lab.run(monday)
  const bad = await Lab.run(monday, { client: singleKey })
  return [good, bad].map(({ run, verdict: { figures, findings, passed } }) =>
    [run.client, passed ? "passed" : "failed", figures.availability, ...findings.map(({ kind }) => kind)].join(" ")
  )
}
