/**
 * What is to be said of a scenario's own configuration: it has to make sense to Understudy, and to name the scenario's keys.
 */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { isVendor, names, type VendorName } from "@understudy/mocks/VendorList"
import { counting, type Report, shown } from "./Issues.ts"
import * as Routing from "./Routing.ts"
import type { Path } from "./ScenarioError.ts"
import * as Suggest from "./Suggest.ts"

const checkProvider = (
  path: Path,
  provider: UnderstudyOptions["providers"][string],
  keys: ReadonlyMap<string, VendorName>,
  report: Report
): void => {
  const { baseUrl, type } = provider
  if (!isVendor(type)) return report([...path, "type"], `the lab plays ${names.join(", ")} only`)
  if (baseUrl !== undefined) report([...path, "baseUrl"], "is filled in by the runner: leave it out")
  Routing.keyNames(provider).forEach((name, index) => {
    const owner = keys.get(name)
    const own = [...keys].filter(([, vendor]) => vendor === type).map(([each]) => each)
    const place = [...path, "keys", index]
    if (owner === undefined) report(place, `${shown(name)} is no key of this scenario: ${Suggest.hint(name, own)}`)
    else if (owner !== type) report(place, `"${name}" is a key of ${owner}: ${Suggest.hint(name, own)}`)
  })
}

/** Checks it; false when nobody can say where it takes a request. */
export const check = (config: UnderstudyOptions, keys: ReadonlyMap<string, VendorName>, report: Report): boolean => {
  const own = counting(report)
  for (const [name, provider] of Object.entries(config.providers)) {
    checkProvider(["config", "providers", name], provider, keys, own.report)
  }
  for (const { message, path } of Routing.read(config).issues) own.report(["config", ...path], message)
  return own.isSilent()
}
