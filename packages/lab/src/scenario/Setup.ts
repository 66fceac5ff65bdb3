/**
 * How Understudy is set up for a scenario where it is run, and which ways to an answer that leaves.
 */
import type { ProviderOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import { isVendor, type VendorName } from "@understudy/mocks/VendorList"
import * as Routing from "./Routing.ts"
import type { Key, PathPlan, Scenario } from "./Scenario.ts"

type KeyEntry = NonNullable<ProviderOptions["keys"]>[number]

const toKey = (keys: ReadonlyArray<Key>, entry: KeyEntry): KeyEntry => {
  const { value: name, ...rest } = typeof entry === "string" ? { value: entry } : entry
  const key = keys.find((each) => each.name === name)
  return key === undefined ? entry : { name, account: key.account, ...rest, value: key.value }
}

/** The configuration with a base URL for each vendor and the values of its keys. */
export const configFor = (
  { config, keys }: Scenario,
  baseUrls: Readonly<Record<VendorName, string>>
): UnderstudyOptions => ({
  ...config,
  providers: Object.fromEntries(
    Object.entries(config.providers).map(([name, provider]) => [
      name,
      isVendor(provider.type)
        ? {
            ...provider,
            baseUrl: baseUrls[provider.type],
            keys: (provider.keys ?? []).map((entry) => toKey(keys, entry))
          }
        : provider
    ])
  )
})

/** The ways to an answer that the setting of a scenario offers for a model, in the order in which they are tried. */
export const paths = ({ config }: Scenario, model: string): ReadonlyArray<PathPlan> => Routing.paths(config, model)

/** The same for several models, by model. */
export const pathsByModel = (
  scenario: Scenario,
  models: Iterable<string>
): Readonly<Record<string, ReadonlyArray<PathPlan>>> =>
  Object.fromEntries([...new Set(models)].map((model) => [model, paths(scenario, model)]))
