/**
 * The setting of the two articles: `qwen-` goes to Qwen and falls back to DeepSeek, `deepseek-` goes to DeepSeek and falls
 * back to QwQ-32B, `qwq-32b` goes to Qwen. Qwen has one good key and one bad.
 */
import type { ProviderOptions, RouteOptions, UnderstudyOptions } from "@understudy/core/config/Options"
import type { UnderstudyConfig } from "@understudy/core/config/UnderstudyConfig"
import type { KeySpec } from "@understudy/mocks/Key"

/** Keys of the mock vendors. */
export const keys = {
  deepseek: "sk-demo-deepseek-1",
  qwen: "sk-demo-qwen-1",
  /** Known to nobody: the vendor refuses it. */
  qwenBad: "sk-demo-qwen-bad"
} as const

/** What the mock vendors know of them. */
export const mockKeys: Readonly<Record<string, KeySpec>> = {
  [keys.deepseek]: { vendor: "deepseek", name: "deepseek-1" },
  [keys.qwen]: { vendor: "qwen", name: "qwen-1" },
  [keys.qwenBad]: { vendor: "qwen", name: "qwen-bad", state: "invalid" }
}

/** Which vendors take part. */
export interface Presence {
  readonly deepseek: boolean
  readonly qwen: boolean
}

/** The articles' routes; a vendor that is missing is left out of them. */
export const routes = ({ deepseek, qwen }: Presence): ReadonlyArray<RouteOptions> => [
  ...(qwen
    ? [
        {
          name: "aliyun",
          match: { model: { prefix: "qwen-" } },
          targets: [{ provider: "qwen" }],
          fallback: deepseek ? [{ provider: "deepseek", model: "deepseek-chat" }] : []
        },
        { name: "qwq", match: { model: { exact: "qwq-32b" } }, targets: [{ provider: "qwen" }] }
      ]
    : []),
  ...(deepseek
    ? [
        {
          name: "deepseek",
          match: { model: { prefix: "deepseek-" } },
          targets: [{ provider: "deepseek" }],
          fallback: qwen ? [{ provider: "qwen", model: "qwq-32b" }] : []
        }
      ]
    : [])
]

/** How soon a removed key is asked again: soon, so that nobody waits. */
const keyFailover: ProviderOptions["keyFailover"] = { healthCheckInterval: "400ms", healthCheckTimeout: "2s" }

/** An outage that is over is over at once, however often it was played. */
const circuit: ProviderOptions["circuit"] = { failureRate: 1, openDuration: "1s", slowStart: "1s" }

/** The setting against mock vendors at `url`. */
export const withMocks = (url: string): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: {
      type: "qwen",
      baseUrl: `${url}/qwen/compatible-mode/v1`,
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
      baseUrl: `${url}/deepseek`,
      proxy: "none",
      keys: [{ value: keys.deepseek, name: "good" }],
      keyFailover,
      circuit
    }
  },
  routes: routes({ deepseek: true, qwen: true })
})

/** Longest wait between two probes of the demonstration, in milliseconds: a key that is mended is back at once. */
const probeCap = 400

/** The configuration with probes that do not grow rarer: the real vendors are asked ever more seldom. */
export const quickProbes = (config: UnderstudyConfig): UnderstudyConfig => ({
  ...config,
  providers: config.providers.map((provider) => ({ ...provider, policy: { ...provider.policy, probeCap } }))
})
