/** Moonshot, played: `/chat/completions`, `/models` and `/users/me/balance`. */
import type { Headers } from "../../../Plan.ts"
import * as ChatRequest from "../ChatRequest.ts"
import * as CommonRules from "../CommonRules.ts"
import type { Endpoint, Personality, Refusal, Scene, Standard } from "../Personality.ts"
import * as PlainWire from "../PlainWire.ts"
import * as Models from "./Models.ts"
import * as Refusals from "./Refusals.ts"
import { rules } from "./Rules.ts"

const endpoints: Readonly<Record<string, Endpoint>> = {
  "POST /chat/completions": "chat",
  "GET /models": "models",
  "GET /users/me/balance": "balance"
}

const headers = (type: string | null, { id }: Scene): Headers => [
  ["server", "nginx"],
  ...(type === null ? [] : [["content-type", type] as const]),
  ["msh-request-id", id]
]

const style: PlainWire.Style = {
  id: ({ id }) => `chatcmpl-${id.replaceAll("-", "")}`,
  // Counted within an answer: the same id comes again in the next.
  toolId: (name) => `${name}:0`,
  usage: () => ({ cached_tokens: 0 }),
  usageAt: "choice",
  headers
}

const { refusal } = CommonRules

const check = (request: ChatRequest.ChatRequest, { recorded }: Standard): Refusal | undefined => {
  if (!recorded && !Models.listed.includes(request.model)) return refusal("model.gone")
  const wrong = CommonRules.check(request, Models.of(request.model).context)
  if (wrong !== undefined) return wrong
  const { context: limit, demanding } = Models.of(request.model)
  const asked = ChatRequest.tokensBeyond(request, limit, request.maxTokens)
  if (asked !== undefined) return refusal("request.tooLong", { limit, asked })
  if (Models.isImpossible(request))
    return refusal("request.invalid", { why: "invalid thinking: only enabled is allowed" })
  const thinks = Models.thinks(request)
  const { temperature } = request.raw
  const only = thinks ? 1 : 0.6
  if (temperature !== undefined && temperature !== only)
    return refusal("request.invalid", { why: `invalid temperature: only ${only} is allowed for this model` })
  if (!thinks) return undefined
  if (ChatRequest.isForced(request) && !(request.toolChoice === "required" && demanding === true)) {
    const how = request.toolChoice === "required" ? "required" : "specified"
    return refusal("request.invalid", { why: `tool_choice '${how}' is incompatible with thinking enabled` })
  }
  const isForgotten = ({ calls, reasoning = "" }: ChatRequest.Message): boolean => calls.length > 0 && reasoning === ""
  return request.messages.some(isForgotten) ? refusal("mode.mismatch") : undefined
}

/** Moonshot. */
export const personality: Personality = {
  baseUrl: "https://api.moonshot.cn/v1",
  place: "/moonshot/v1",
  own: [],
  rules,
  inspects: "finish",
  idVersion: 4,
  persona: {
    name: "Kimi",
    chinese: "我是 Kimi，由月之暗面科技有限公司（Moonshot AI）训练的大语言模型。",
    english: "I am Kimi, a large language model trained by Moonshot AI."
  },
  endpoint: (method, path) => endpoints[`${method} ${path}`],
  wellFormed: () => true,
  thinks: Models.thinks,
  check,
  unreadable: CommonRules.unreadable,
  refuse: Refusals.reply,
  headers,
  render: (answer, request, scene) => PlainWire.render(style, answer, request, scene),
  nothing: (scene) => PlainWire.nothing(style, scene),
  contextOf: (model) => (Models.listed.includes(model) ? Models.of(model).context : undefined),
  listed: () => Models.listed,
  answers: (_, model) => Models.listed.includes(model),
  models: ({ now }) => Models.list(Math.floor(now / 1000)),
  balance: ({ balance }) => {
    const amount = Number(balance)
    const data = { available_balance: amount, voucher_balance: 0, cash_balance: amount }
    return JSON.stringify({ code: 0, data, scode: "0x0", status: true })
  }
}
