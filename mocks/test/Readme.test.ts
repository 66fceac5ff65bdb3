import { readFileSync } from "node:fs"
import { FaultKind, VendorList } from "@understudy/mocks"
import { expect, it } from "vitest"

it("lists every kind of fault in the README, with what each adapter can do", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
  const rows = FaultKind.names.map((name) => {
    const { vendors, about, server, network, transport }: FaultKind.Description = FaultKind.catalogue[name]
    const columns = [
      `\`${name}\``,
      vendors.length === VendorList.names.length ? "all" : vendors.join(", "),
      about,
      server,
      network,
      transport
    ]
    return `| ${columns.join(" | ")} |`
  })
  expect(readme.split("\n").filter((line) => line.startsWith("| `"))).toEqual(rows)
})
