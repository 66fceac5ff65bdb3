import { expect, it } from "vitest"
import type { Client } from "../../src/run/Client.ts"
import * as UnderstudyClient from "../../src/run/UnderstudyClient.ts"
import { resilience } from "../../src/vitest.ts"
import { badKey } from "../runners/Short.ts"

const inner = UnderstudyClient.make()
const opened: Array<string | undefined> = []
const client: Client = {
  ...inner,
  open: (setting) => {
    opened.push(expect.getState().currentTestName)
    return inner.open(setting)
  }
}

resilience("my service", client, { scenarios: ["auth.*@qwen", "key.revoked@deepseek", badKey, "auth.invalid@qwen"] })

it("defines a test for each scenario, once, in the order of the patterns", () => {
  expect(opened).toEqual([
    "my service > auth.invalid@qwen",
    "my service > auth.missing@qwen",
    "my service > auth.workspace@qwen",
    "my service > auth.plan@qwen",
    "my service > auth.allKeys@qwen",
    "my service > key.revoked@deepseek",
    "my service > bad-key"
  ])
})

it.each([
  ["auth.invalid@quen", 'did you mean "auth.invalid@qwen"?'],
  ["nothing.*", 'No scenario of the library fits "nothing.*"'],
  ["auth(*", 'No scenario of the library fits "auth(*"']
])("refuses %s, which names no scenario", (pattern, message) => {
  expect(() => resilience("my service", client, { scenarios: [pattern] })).toThrow(message)
})
