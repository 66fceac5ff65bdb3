/** The configuration of everything of ours that is measured: two keys, a route by prefix, a fallback to another vendor. */
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import { model } from "./Payload.ts"

/** The configuration, with both vendors at the upstream of the run. */
export const make = (origin: string): UnderstudyOptions => ({
  version: 1,
  providers: {
    qwen: { type: "qwen", baseUrl: `${origin}/v1`, keys: ["sk-demo-1", "sk-demo-2"] },
    deepseek: { type: "deepseek", baseUrl: `${origin}/v1`, keys: ["sk-demo-3"] }
  },
  routes: [
    {
      name: "aliyun",
      match: { model: { prefix: model.slice(0, 5) } },
      targets: [{ provider: "qwen" }],
      fallback: [{ provider: "deepseek", model: "deepseek-chat" }]
    }
  ]
})
