/**
 * DeepSeek, played: `/chat/completions`, `/models` and `/user/balance`, bare or under `/v1`, and `/beta` for prefixes.
 */

import type { Headers } from "../../../Plan.ts"
import * as Answer from "../../plan/Answer.ts"
import * as ChatRequest from "../ChatRequest.ts"
import { refusal } from "../CommonRules.ts"
import type { Endpoint, Personality, Refusal, Scene, Standard } from "../Personality.ts"
import * as ToolOrder from "../ToolOrder.ts"
import * as Models from "./Models.ts"
import * as Refusals from "./Refusals.ts"
import { rules } from "./Rules.ts"
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

/** What the vendor's reader makes of a message, before anything is looked at. */
const unreadable = ({ messages, model, raw }: ChatRequest.ChatRequest, era: Models.Era): Refusal | undefined => {
  const roles = Models.roles[era]
  const strange = (at: number, field: string, variant: string, expected: string): Refusal => {
    const read = JSON.stringify((raw["messages"] as ReadonlyArray<unknown>).slice(0, at + 1)).length
    const where = `messages[${at}]${field}: unknown variant \`${variant}\``
    return refusal("request.malformed", { why: `${where}, expected ${expected} at line 1 column ${read}` })
  }
  for (const [at, { media, role }] of messages.entries()) {
    if (!roles.includes(role)) {
      return strange(at, ".role", role, `one of ${roles.map((name) => `\`${name}\``).join(", ")}`)
    }
    const [type] = Models.sees(model) ? media.filter((each) => each !== "image_url") : media
    if (type !== undefined) return strange(at, "", type, "`text`")
  }
  return undefined
}

/** What is wrong with calls and their results. */
const checkTools = (request: ChatRequest.ChatRequest, era: Models.Era): Refusal | undefined => {
  const disorder = ToolOrder.disorder(request.messages)
  if (disorder !== undefined)
    return refusal(disorder.what === "orphan" ? "request.toolOrphan" : "request.toolUnanswered")
  if (era === "2025" || !Models.thinks(request)) return undefined
  if (ChatRequest.isForced(request)) return refusal("request.toolChoice")
  const isForgotten = ({ calls, reasoning }: ChatRequest.Message): boolean =>
    calls.length > 0 && reasoning === undefined
  return ChatRequest.last(request)?.role === "tool" && request.messages.some(isForgotten)
    ? refusal("mode.mismatch")
    : undefined
}

const check = (request: ChatRequest.ChatRequest, { path, recorded, switches }: Standard): Refusal | undefined => {
  const era = Models.eraOf(switches.catalogue, request.model)
  const wrong = unreadable(request, era)
  if (wrong !== undefined) return wrong
  if (!recorded && !Models.accepts(switches.catalogue, request.model)) return refusal("model.gone")
  const limit = request.maxTokens
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= Models.maxTokens[era])) {
    return refusal("request.maxTokens")
  }
  const asked = ChatRequest.tokensBeyond(request, Models.context[era], limit)
  if (asked !== undefined) {
    return refusal("request.tooLong", { limit: Models.context[era], asked, completion: limit ?? 0 })
  }
  if (!["text", "json_object"].includes(request.format)) return refusal("request.format")
  if (request.format === "json_object" && !request.messages.some((message) => /json/i.test(message.text))) {
    return refusal("request.json")
  }
  if (ChatRequest.last(request)?.continues === true && !path.startsWith("/beta/")) return refusal("request.prefix")
  return checkTools(request, era)
}

/** DeepSeek. */
export const personality: Personality = {
  baseUrl: "https://api.deepseek.com",
  place: "/deepseek",
  own: ["auth.format", "billing.shrinking", "server.empty", "overload.queue", "finish.resource"],
  rules,
  inspects: "finish",
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
  nothing: () => "\n\n\n\n",
  contextOf: (model) => (Models.accepts("both", model) ? Models.context[Models.eraOf("both", model)] : undefined),
  listed: Models.listed,
  answers: Models.accepts,
  models: (scene) => Models.list(scene.switches.catalogue),
  balance: ({ balance, available }) =>
    JSON.stringify({
      is_available: available,
      balance_infos: [{ currency: "CNY", total_balance: balance, granted_balance: "0.00", topped_up_balance: balance }]
    })
}
