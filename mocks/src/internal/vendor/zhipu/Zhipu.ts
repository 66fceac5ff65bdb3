/** Zhipu, played: `/chat/completions` and `/models`. */
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
  "GET /models": "models"
}

const headers = (type: string | null, { id }: Scene): Headers => [
  ...(type === null ? [] : [["content-type", type] as const]),
  ["x-log-id", id]
]

const style: PlainWire.Style = {
  id: ({ now, random }) => `${now}${random.hex(16)}`,
  toolId: (_, { random }) => `call_${random.hex(20)}`,
  usage: ({ reasoning }) => ({
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning.count }
  }),
  usageAt: "finish",
  headers
}

const { refusal } = CommonRules
const mostTokens = 131_072

const check = (request: ChatRequest.ChatRequest, { recorded }: Standard): Refusal | undefined => {
  if (!recorded && !Models.listed.includes(request.model)) return refusal("model.gone")
  const wrong = CommonRules.check(request, mostTokens)
  if (wrong !== undefined) return wrong
  const { context, sees } = Models.of(request.model)
  if (ChatRequest.tokensBeyond(request, context) !== undefined) return refusal("request.tooLong")
  if (Models.isImpossible(request)) return refusal("mode.mismatch")
  if (!sees && request.messages.some(({ media }) => media.length > 0))
    return refusal("request.invalid", { why: "该模型不支持多模态输入" })
  if (!["text", "json_object"].includes(request.format))
    return refusal("request.invalid", { why: "response_format 仅支持 text 和 json_object" })
  return request.toolChoice === "auto" || request.tools.length === 0
    ? undefined
    : refusal("request.invalid", { why: "tool_choice 仅支持 auto" })
}

/** Zhipu. */
export const personality: Personality = {
  baseUrl: "https://open.bigmodel.cn/api/paas/v4",
  place: "/zhipu/api/paas/v4",
  own: [],
  rules,
  inspects: "finish",
  idVersion: 4,
  persona: {
    name: "GLM",
    chinese: "我是智谱训练的大语言模型 GLM，可以回答问题、编写代码和处理文本。",
    english: "I am GLM, a large language model trained by Z.ai. I can answer questions, write code and work on texts."
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
  balance: () => ""
}
