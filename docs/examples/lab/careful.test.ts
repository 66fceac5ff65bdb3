/** A careful client that knows nothing of our design: what it really does wrong is held against it, and nothing else. */
import * as Lab from "@understudy/lab/Lab"
import { expect, it } from "vitest"
import { careful } from "./careful.ts"

const judge = async (scenario: string) => {
  const { verdict } = await Lab.run(scenario, { client: careful })
  return verdict
}

it.each([
  "auth.allKeys@qwen",
  "billing.exhausted@deepseek",
  "rate.burst@qwen",
  "overload.fast@deepseek",
  "overload.queue@deepseek",
  "server.error@qwen",
  "slow.firstToken@deepseek",
  "stall.midstream@qwen",
  "eof.noDone@deepseek",
  "partial.200@qwen",
  "frame.malformed@qwen",
  "bytes.sliced@qwen",
  "content.input@qwen",
  "edge.html@deepseek",
  "outage.region@qwen",
  "outage.brownout@deepseek",
  "callers.leave@qwen"
])("gets through %s without a word", async (scenario) => {
  expect(await judge(scenario)).toMatchObject({ passed: true, findings: [] })
})

it("is only warned where it tries a refused key again once a minute", async () => {
  const { findings, passed } = await judge("auth.invalid@qwen")
  expect([passed, findings.map(({ kind, severity }) => [kind, severity])]).toEqual([true, [["key-reused", "warns"]]])
})

it.each([
  ["does not read dates in Retry-After", "rate.retryAfterDate@qwen", ["retry-after-ignored"]],
  ["does not know which keys share an account", "rate.sameAccount@qwen", ["same-account-rotation"]],
  ["asks for a model that is gone with the other key", "model.gone@qwen", ["retried-caller-error"]],
  ["takes every 400 for its caller's fault: a gone model", "model.gone@deepseek", ["failed-while-healthy"]],
  [
    "takes every 400 for its caller's fault: arrears",
    "billing.exhausted@qwen",
    ["failed-while-healthy", "leaked-upstream-error"]
  ]
])("is told that it %s", async (_, scenario, kinds) => {
  const { findings, passed } = await judge(scenario)
  expect([passed, findings.map(({ kind }) => kind)]).toEqual([false, kinds])
})
