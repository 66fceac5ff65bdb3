import * as Clock from "@understudy/mocks/Clock"
import * as Rules from "@understudy/mocks/Rules"
import { names } from "@understudy/mocks/VendorList"
import type { Options } from "@understudy/mocks/Vendors"
import { expect, it } from "vitest"
import * as Drift from "../../src/record/Drift.ts"
import * as RuleAsker from "../../src/record/RuleAsker.ts"
import { recorder, vendorsOnSocket } from "./support.ts"

const everybody = Object.fromEntries(names.map((name) => [name, "sk-demo-rules-5a7c"]))

/** Every rule, asked of our own mocks as if they were the vendors. */
const recorded = async (options: Options, keys = everybody) => {
  const { server } = await vendorsOnSocket({ clock: Clock.real(), ...options })
  const made = await recorder(server.urls)
  await RuleAsker.askAll({ recorder: made, keys })
  const count = Rules.table.filter(({ vendor }) => keys[vendor] !== undefined).length
  await expect.poll(() => made.exchanges.length + made.skipped.length).toBe(count)
  return made.exchanges
}

it("finds that every rule holds where the vendors answer as the mocks of today do", async () => {
  const exchanges = await recorded({ catalogue: "2026" })
  expect(Drift.of(exchanges)).toEqual({ compared: Rules.table.length, skipped: [], differences: [] })
  expect(JSON.stringify(exchanges)).not.toContain("sk-demo-rules")
})

it("asks those vendors alone for which there is a key, and names the rule that does not hold", async () => {
  const exchanges = await recorded({ catalogue: "both" }, { deepseek: "sk-demo-rules-5a7c" })
  expect(new Set(exchanges.map(({ recording }) => recording.vendor))).toEqual(new Set(["deepseek"]))
  const { differences } = Drift.of(exchanges)
  expect(differences).toMatchObject([
    { vendor: "deepseek", place: "rule retired-name", mock: "400 The supported API model names are " }
  ])
  expect(differences[0]?.real).toMatch(/^200 \{/)
})

it("compares no refusal that is beside the rule", async () => {
  const exchanges = await recorded({ catalogue: "2026", faults: [{ kind: "rate.limit", vendor: "qwen" }] })
  const drift = Drift.of(exchanges)
  const others = Rules.table.filter(({ vendor }) => vendor !== "qwen").length
  expect(drift).toMatchObject({ compared: others, differences: [] })
  expect(drift.skipped.length).toBe(Rules.table.length - others)
})

it("stops asking when it is told to", async () => {
  const { server, vendors } = await vendorsOnSocket({ clock: Clock.real() })
  const made = await recorder(server.urls)
  await RuleAsker.askAll({ recorder: made, keys: everybody, signal: AbortSignal.abort() })
  expect(vendors.journal.entries).toEqual([])
})
