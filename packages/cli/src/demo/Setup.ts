/**
 * The setup of the demonstrations: Qwen's models go to Qwen and fall back to DeepSeek,
 * DeepSeek's go to DeepSeek and fall back to Qwen. Qwen has one good key and one bad.
 */
import type { ProviderOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import type { UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import type { KeySpec } from "@understudy/mocks/Key"
import { names, urlsAt, type VendorName } from "@understudy/mocks/VendorList"
import { routesFor, vendors } from "../internal/Vendors.ts"

/** The key of a mock vendor. */
export const keyOf = (vendor: VendorName): string => `sk-demo-${vendor}-1`

/** Keys of the mock vendors that the demonstrations use. */
export const keys = {
  deepseek: keyOf("deepseek"),
  qwen: keyOf("qwen"),
  /** Known to nobody: the vendor refuses it. */
  qwenBad: "sk-demo-qwen-bad"
} as const

/** What the mock vendors know of them, and a good key of every other vendor. */
export const mockKeys: Readonly<Record<string, KeySpec>> = {
  ...Object.fromEntries(names.map((vendor) => [keyOf(vendor), { vendor, name: `${vendor}-1` }])),
  [keys.qwenBad]: { vendor: "qwen", name: "qwen-bad", state: "invalid" }
}

/** The vendor that examples of a command are about. */
export const example: VendorName = "qwen"

/** Which vendors take part. */
export interface Presence {
  readonly deepseek: boolean
  readonly qwen: boolean
}

/** Today's names, which stand in for one another, and older ones that applications still have. */
export const models = {
  deepseek: "deepseek-flash",
  qwen: "qwen3.8-flash",
  qwenLarge: "qwen3.8-max",
  former: { deepseek: "deepseek-chat", qwen: "qwen-turbo" }
} as const

/** The vendors that the demonstrations are about. */
export const demonstrated = vendors.filter(({ name }) => name === "deepseek" || name === "qwen")

/** How soon a removed key is asked again: soon, so that nobody waits. */
const keyFailover: ProviderOptions["keyFailover"] = { healthCheckInterval: "400ms", healthCheckTimeout: "2s" }

/** An outage that is over is over at once, however often it was played. */
const circuit: ProviderOptions["circuit"] = { failureRate: 1, openDuration: "1s", slowStart: "1s" }

/** The setup against mock vendors at `url`. */
export const withMocks = (url: string): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: {
      type: "qwen",
      baseUrl: urlsAt(url).qwen,
      // They are on this machine: a proxy of the environment would not find them.
      proxy: "none",
      keys: [
        { value: keys.qwen, name: "good" },
        { value: keys.qwenBad, name: "bad" }
      ],
      keyFailover,
      circuit
    },
    deepseek: {
      type: "deepseek",
      baseUrl: urlsAt(url).deepseek,
      proxy: "none",
      keys: [{ value: keys.deepseek, name: "good" }],
      keyFailover,
      circuit
    }
  },
  routes: routesFor(demonstrated)
})

/** Longest wait between two probes of the demonstration, in milliseconds: a key that is mended is back at once. */
const probeCap = 400

/** The configuration with probes that do not grow rarer: the real vendors are asked ever more seldom. */
export const quickProbes = (config: UnderstudyConfig): UnderstudyConfig => ({
  ...config,
  providers: config.providers.map((provider) => ({ ...provider, policy: { ...provider.policy, probeCap } }))
})
