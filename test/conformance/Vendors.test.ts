import * as Catalogue from "@understudy/core/provider/Vendors"
import * as FaultKind from "@understudy/mocks/FaultKind"
import { baseUrls, labels, names, personalities } from "@understudy/mocks/VendorList"
import { expect, it } from "vitest"

// Two lists on purpose: the mocks are the oracle, and share nothing with what they judge. This holds them together.
it("plays every vendor that is a service, under the same name and at the same address", () => {
  expect(names).toEqual(Catalogue.services.map(({ name }) => name))
  expect(baseUrls).toEqual(Object.fromEntries(Catalogue.services.map(({ baseUrl, name }) => [name, baseUrl])))
})

it.each(Catalogue.services)("plays the model of $name that stands in for others", ({ families, model, name }) => {
  const personality = personalities[name as keyof typeof personalities]
  expect(personality.answers("2026", model)).toBe(true)
  expect(Object.values(families).some((prefix) => model.startsWith(prefix))).toBe(true)
})

it("gives each service variables and labels of its own", () => {
  const of = (read: (service: Catalogue.NamedService) => string) => new Set(Catalogue.services.map(read)).size
  const { length } = Catalogue.services
  expect([of(({ variable }) => variable), of(({ urlVariable }) => urlVariable), of(({ label }) => label.en)]).toEqual([
    length,
    length,
    length
  ])
  expect(new Set(Object.values(labels)).size).toBe(length)
})

it("lets a vendor call its own only faults that are not everybody's", () => {
  for (const name of names) {
    for (const kind of personalities[name].own) {
      const { vendors } = FaultKind.catalogue[kind as FaultKind.FaultKind]
      expect([kind, vendors.includes(name), vendors.length < names.length]).toEqual([kind, true, true])
    }
  }
})
