/**
 * DeepSeek, played: `/chat/completions`, `/models` and `/user/balance`, bare or under `/v1`, and `/beta` for prefixes.
 */
import * as Answer from "../internal/Answer.ts"
import { type ChatRequest, last } from "../internal/ChatRequest.ts"
import type { Endpoint, Personality, Refusal, Scene, Standard } from "../internal/Personality.ts"
import type { Headers } from "../Plan.ts"
import * as Models from "./Models.ts"
import * as Refusals from "./Refusals.ts"
import * as Wire from "./Wire.ts"

const endpoints: Record<string, Endpoint> = {
  "POST /chat/completions": "chat",
  "GET /models": "models",
  "GET /user/balance": "balance"
}

const fixedHeaders: Headers = [
  ["server", "openresty"],
  ["vary", "origin, access-control-request-method, access-control-request-headers"],
  ["access-control-allow-credentials", "true"],
  ["strict-transport-security", "max-age=31536000; includeSubDomains; preload"],
  ["x-content-type-options", "nosniff"]
]

const headers = (type: string | null, scene: Scene): Headers => [
  ...(type === null ? [] : [["content-type", type] as const]),
  ["x-ds-trace-id", scene.random.hex(32)],
  ...fixedHeaders
]

const refusal = (recipe: string, details: Refusal["details"] = {}): Refusal => ({ recipe, details })

const roles = ["system", "user", "assistant", "tool"]

const check = (request: ChatRequest, { path, recorded, switches }: Standard): Refusal | undefined => {
  const stranger = request.messages.findIndex((message) => !roles.includes(message.role))
  if (stranger >= 0) {
    const role = request.messages[stranger]?.role
    const why = `messages[${stranger}]: unknown variant \`${role}\`, expected one of ${roles.map((name) => `\`${name}\``).join(", ")}`
    return refusal("request.malformed", { why })
  }
  if (!recorded && !Models.accepted[switches.catalogue].includes(request.model)) return refusal("model.gone")
  const limit = request.maxTokens
  if (
    limit !== undefined &&
    !(Number.isInteger(limit) && limit >= 1 && limit <= Models.maxTokens[switches.catalogue])
  ) {
    return refusal("request.maxTokens")
  }
  if (!["text", "json_object"].includes(request.format)) return refusal("request.format")
  if (request.format === "json_object" && !request.messages.some((message) => /json/i.test(message.text))) {
    return refusal("request.json")
  }
  if (last(request)?.continues === true && !path.startsWith("/beta/")) return refusal("request.prefix")
  const forgotten = switches.catalogue === "2026" && Models.thinks(request) && last(request)?.role === "tool"
  if (forgotten && request.messages.some((message) => message.calls > 0 && message.reasoning === undefined)) {
    return refusal("mode.mismatch")
  }
  return undefined
}

/** DeepSeek. */
export const personality: Personality = {
  name: "deepseek",
  idVersion: 4,
  persona: {
    name: "DeepSeek",
    chinese:
      "您好！我是由中国的深度求索（DeepSeek）公司开发的智能助手DeepSeek-V3。如您有任何任何问题，我会尽我所能为您提供帮助。",
    english:
      "Hello! I am DeepSeek-V3, an assistant developed by the Chinese company DeepSeek. I will do my best to help you."
  },
  endpoint: (method, path) => endpoints[`${method} ${path.replace(/^\/(v1|beta)(?=\/)/, "")}`],
  wellFormed: (key) => key.startsWith("sk-"),
  thinks: Models.thinks,
  check,
  unreadable: (field) =>
    field === "" ? refusal("request.notJson") : refusal("request.malformed", { why: `missing field \`${field}\`` }),
  refuse: Refusals.reply,
  headers,
  render: (answer, request, scene) =>
    request.stream
      ? { headers: headers("text/event-stream; charset=utf-8", scene), steps: Wire.frames(answer, request, scene) }
      : {
          headers: headers("application/json", scene),
          steps: [Answer.body(answer, Wire.json(answer, scene))]
        },
  models: (scene) => Models.list(scene.switches.catalogue),
  balance: ({ balance, available }) =>
    JSON.stringify({
      is_available: available,
      balance_infos: [{ currency: "CNY", total_balance: balance, granted_balance: "0.00", topped_up_balance: balance }]
    })
}
