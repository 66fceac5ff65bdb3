/**
 * What the programs of the SDK's guide run against: DeepSeek and Qwen as mocks, each the other's stand-in.
 */
import type { Options } from "@understudy/core"
import * as MockServer from "@understudy/mocks/MockServer"
import * as Vendors from "@understudy/mocks/Vendors"

/** The vendors, and a configuration that leads to them. */
export interface Setting extends AsyncDisposable {
  readonly vendors: Vendors.Vendors
  readonly config: Options.UnderstudyOptions
}

/** Starts the vendors. */
export const open = async (options: Vendors.Options = {}): Promise<Setting> => {
  const vendors = Vendors.make({ seed: 7, acceptAnyKey: true, catalogue: "2026", ...options })
  const server = await MockServer.listen(vendors)
  return {
    vendors,
    config: {
      version: 1,
      providers: {
        qwen: { type: "qwen", baseUrl: server.urls.qwen, keys: ["sk-demo-qwen"] },
        deepseek: { type: "deepseek", baseUrl: server.urls.deepseek, keys: ["sk-demo-deepseek"] }
      },
      routes: [
        {
          name: "qwen",
          match: { model: { regex: "^(qw|text-embedding-)" } },
          targets: [{ provider: "qwen" }],
          fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
        },
        {
          name: "deepseek",
          match: { model: { prefix: "deepseek-" } },
          targets: [{ provider: "deepseek" }],
          fallback: [{ provider: "qwen", model: "qwq-32b" }]
        }
      ]
    },
    [Symbol.asyncDispose]: () => server.close()
  }
}
