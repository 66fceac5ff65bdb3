/**
 * The setting of the demonstrations, and the routes of a new configuration: Qwen's models go to Qwen and fall back to DeepSeek,
 * DeepSeek's go to DeepSeek and fall back to Qwen. Qwen has one good key and one bad.
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

/** Today's names, which stand in for one another, and older ones that applications still have. */
export const models = {
  deepseek: "deepseek-flash",
  qwen: "qwen3.8-flash",
  qwenLarge: "qwen3.8-max",
  former: { deepseek: "deepseek-chat", qwen: "qwen-turbo" }
} as const

/** Families of Qwen's models that chat, by what their names begin with: `qwen3.8-max`, `qwen-plus`, `qwq-32b`, `qvq-max`. */
const qwenFamilies = [
  ["aliyun", "qwen"],
  ["qwq", "qwq"],
  ["qvq", "qvq"]
] as const

/** The routes; a vendor that is missing is left out of them. */
export const routes = ({ deepseek, qwen }: Presence): ReadonlyArray<RouteOptions> => {
  const toQwen = { provider: "qwen" }
  const toDeepSeek = { provider: "deepseek" }
  const chats = qwenFamilies.map(([name, prefix]) => ({
    name,
    match: { model: { prefix } },
    targets: [toQwen],
    fallback: deepseek ? [{ ...toDeepSeek, model: models.deepseek }] : []
  }))
  // Vectors of another model mean something else: nothing stands in for them.
  const vectors = { name: "embeddings", match: { model: { prefix: "text-embedding-" } }, targets: [toQwen] }
  const own = {
    name: "deepseek",
    match: { model: { prefix: "deepseek-" } },
    targets: [toDeepSeek],
    fallback: qwen ? [{ ...toQwen, model: models.qwen }] : []
  }
  return [...(qwen ? [...chats, vectors] : []), ...(deepseek ? [own] : [])]
}

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
