import { readFileSync } from "node:fs"
import { Plan, Rules, VendorList, Vendors } from "@understudy/mocks"
import { describe, expect, it } from "vitest"

/** What a mock of today answers to a row's request. */
const ask = ({ body, vendor }: Rules.Rule) => {
  const vendors = Vendors.make({ acceptAnyKey: true, catalogue: "2026" })
  const authorization = "Bearer sk-demo-rules"
  const path = "/chat/completions"
  const { plan } = vendors.receive({ adapter: "server", method: "POST", vendor, path, authorization, body })
  return { status: plan.status, text: Buffer.from(Plan.body(plan)).toString() }
}

describe("the table of rules", () => {
  it.each(
    Rules.table.map((rule) => [`${rule.vendor}: ${rule.name}`, rule] as const)
  )("is what is answered, %s", (_, rule) => {
    const { status, text } = ask(rule)
    expect([status, text]).toEqual([rule.status, expect.stringContaining(rule.answer)])
    if (rule.lacks !== undefined) expect(text).not.toContain(rule.lacks)
  })

  it("has rows of every vendor, each with a name of its own and a source", () => {
    const ids = Rules.table.map(({ name, vendor }) => `${vendor} ${name}`)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(Rules.table.map(({ vendor }) => vendor))).toEqual(new Set(VendorList.names))
    for (const { name, source } of Rules.table) expect([/^[a-z0-9-]+$/.test(name), source !== ""]).toEqual([true, true])
  })

  it("stands in the document as it is", () => {
    expect(readFileSync(new URL("../RULES.md", import.meta.url), "utf8")).toContain(Rules.toMarkdown())
  })
})
