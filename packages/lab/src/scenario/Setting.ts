/**
 * What a scenario's configuration becomes where it is run: base URLs and key values are filled in.
 */
import type { ProviderOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import type { VendorName } from "@understudy/mocks/Journal"
import type { Key, Scenario } from "./Scenario.ts"

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
      provider.type === "openai-compatible"
        ? provider
        : {
            ...provider,
            baseUrl: baseUrls[provider.type],
            keys: (provider.keys ?? []).map((entry) => toKey(keys, entry))
          }
    ])
  )
})
