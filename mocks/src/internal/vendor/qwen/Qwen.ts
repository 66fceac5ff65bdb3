/**
 * Qwen of Alibaba Cloud Model Studio (DashScope), compatible mode, played: `/chat/completions`, `/embeddings` and `/models`.
 */

import type { Headers } from "../../../Plan.ts"
import * as Answer from "../../plan/Answer.ts"
import * as ChatRequest from "../ChatRequest.ts"
import type { Endpoint, Personality, Refusal, Scene, Standard } from "../Personality.ts"
import * as ToolOrder from "../ToolOrder.ts"
import * as Embeddings from "./Embeddings.ts"
import * as Models from "./Models.ts"
import * as Refusals from "./Refusals.ts"
import { rules } from "./Rules.ts"
import * as Wire from "./Wire.ts"

const endpoints: ReadonlyArray<readonly [method: string, path: string, endpoint: Endpoint]> = [
  ["POST", "/chat/completions", "chat"],
  ["POST", "/embeddings", "embeddings"],
  ["GET", "/models", "models"]
]

const vary = ["vary", "Origin,Access-Control-Request-Method,Access-Control-Request-Headers, Accept-Encoding"] as const
const gateway = ["x-dashscope-call-gateway", "true"] as const
const server = ["server", "istio-envoy"] as const

const headers = (type: string | null, scene: Scene): Headers => {
  const cost = 20 + scene.random.int(400)
  const costs: Headers = [
    ["req-cost-time", String(cost)],
    ["req-arrive-time", String(scene.now)],
    ["resp-start-time", String(scene.now + cost)],
    ["x-envoy-upstream-service-time", String(cost - 3)]
  ]
  const id = ["x-request-id", scene.id] as const
  return type === null
    ? [vary, id, gateway, server, ...costs]
    : [vary, id, gateway, ["content-type", type], server, ...costs]
}

const refusal = (recipe: Refusal["recipe"], why?: string): Refusal => ({
  recipe,
  details: why === undefined ? {} : { why }
})

const ranges: ReadonlyArray<readonly [name: string, text: string, fits: (value: number) => boolean]> = [
  ["temperature", "[0.0, 2.0)", (value) => value >= 0 && value < 2],
  ["top_p", "(0.0, 1.0]", (value) => value > 0 && value <= 1],
  ["presence_penalty", "[-2.0, 2.0]", (value) => value >= -2 && value <= 2],
  ["n", "[1, 4]", (value) => value >= 1 && value <= 4]
]

const efforts = ["none", "minimal", "low", "medium", "high", "xhigh"]

/** What is wrong with how hard the model is to think. */
const checkEffort = ({ raw }: ChatRequest.ChatRequest): Refusal | undefined => {
  const { reasoning_effort: effort, thinking_budget: budget } = raw
  if (effort === undefined) return undefined
  if (budget !== undefined)
    return refusal("request.invalid", "'reasoning_effort' and 'thinking_budget' cannot be set simultaneously")
  return efforts.some((known) => known === effort)
    ? undefined
    : refusal("request.invalid", `'reasoning_effort' must be one of: ${efforts.map((name) => `'${name}'`).join(", ")}`)
}

const outOfRange = (request: ChatRequest.ChatRequest, { effort, maxTokens }: Models.Model): Refusal | undefined => {
  for (const [name, text, fits] of ranges) {
    const value = request.raw[name]
    if (typeof value === "number" && !fits(value))
      return refusal("request.invalid", `Range of ${name} should be ${text}`)
  }
  const limit = request.maxTokens
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= maxTokens)) {
    return { recipe: "request.maxTokens", details: { limit: maxTokens } }
  }
  const hard = effort === true ? checkEffort(request) : undefined
  if (hard !== undefined) return hard
  const budget = request.raw["thinking_budget"]
  if (budget === undefined || (Number.isInteger(budget) && (budget as number) > 0)) return undefined
  return refusal("request.invalid", "The thinking_budget parameter must be a positive integer")
}

const input = (info: string): Refusal =>
  refusal("request.invalid", `The provided messages input is invalid. The error info is [${info}]`)

/** What the model cannot read. */
const checkInput = (request: ChatRequest.ChatRequest, { context, sees }: Models.Model): Refusal | undefined => {
  if (sees !== true && request.messages.some(({ media }) => media.length > 0))
    return input("Unexpected item type in content.")
  return ChatRequest.tokensBeyond(request, context) === undefined
    ? undefined
    : { recipe: "request.tooLong", details: { limit: context } }
}

const roles = ["system", "assistant", "user", "tool", "function"]

/** What is wrong with messages, calls and their results. */
const checkMessages = ({ messages }: ChatRequest.ChatRequest): Refusal | undefined => {
  const stranger = messages.findIndex(({ role }) => !roles.includes(role))
  if (stranger >= 0) {
    return { recipe: "request.role", details: { role: messages[stranger]?.role ?? "", at: stranger } }
  }
  const disorder = ToolOrder.disorder(messages)
  if (disorder?.what === "orphan") {
    return refusal(
      "request.invalid",
      'messages with role "tool" must be a response to a preceeding message with "tool_calls".'
    )
  }
  if (disorder !== undefined) {
    const why = `An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[${disorder.at}].role`
    return refusal("request.invalid", why)
  }
  const isBroken = (call: ChatRequest.Call): boolean =>
    call.arguments !== undefined && !ChatRequest.isObject(call.arguments)
  return messages.some(({ calls }) => calls.some(isBroken))
    ? refusal("request.invalid", 'The "function.arguments" parameter of the code model must be in JSON format.')
    : undefined
}

/** What a model refuses while it thinks, and what it refuses instead of it. */
const checkThinking = (request: ChatRequest.ChatRequest, model: Models.Model): Refusal | undefined => {
  if (model.restricted === true && request.raw["enable_thinking"] === false) {
    return refusal("request.invalid", "The value of the enable_thinking parameter is restricted to True.")
  }
  if (!Models.thinks(request)) return undefined
  if (model.stream === "thinking" && !request.stream) return refusal("request.thinking")
  return ChatRequest.isForced(request)
    ? refusal(
        "request.invalid",
        "The tool_choice parameter does not support being set to required or object in thinking mode"
      )
    : undefined
}

const checkFormat = (request: ChatRequest.ChatRequest, model: Models.Model): Refusal | undefined => {
  if (request.format !== "json_object" && request.format !== "json_schema") return undefined
  if (Models.thinks(request) && model.formatsThoughts !== true)
    return refusal("request.invalid", "Json mode response is not supported when enable_thinking is true")
  if (request.format === "json_schema") {
    return Models.takesSchema(model, request.model)
      ? undefined
      : refusal("request.invalid", "This model does not support 'response_format' of type 'json_schema'.")
  }
  return request.messages.some((message) => /json/i.test(message.text)) ? undefined : refusal("request.json")
}

/** The newest models answer a stream with a stream: the refusal is a line of one. */
const asEvent = ({ details, recipe }: Refusal): Refusal => ({
  recipe,
  details: { ...details, shape: "sse", bare: "yes" }
})

const check = (request: ChatRequest.ChatRequest, { recorded }: Standard): Refusal | undefined => {
  const model = Models.find(request.model) ?? (recorded ? Models.unknown : undefined)
  if (model === undefined) return refusal("model.gone")
  if (model.stream === "always" && !request.stream) return refusal("mode.mismatch")
  const wrong = checkThinking(request, model) ?? outOfRange(request, model) ?? checkMessages(request)
  if (wrong !== undefined) return model.effort === true && request.stream ? asEvent(wrong) : wrong
  const unread = checkInput(request, model)
  if (unread !== undefined) return unread
  if (request.tools.some((tool) => tool.name === "search")) {
    return refusal("request.invalid", "Tool names are not allowed to be [search]")
  }
  return checkFormat(request, model)
}

/** Qwen. */
export const personality: Personality = {
  baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
  place: "/qwen/compatible-mode/v1",
  addresses: [
    { site: "public", url: /^https:\/\/dashscope-(?:intl|us)\.aliyuncs\.com\/compatible-mode\/v1(?=\/|$)/ },
    {
      site: "workspace",
      url: /^https:\/\/(?!trial\.|token-plan\.)[\w-]+\.[\w-]+\.maas\.aliyuncs\.com\/compatible-mode\/v1(?=\/|$)/,
      place: "/qwen-workspace/compatible-mode/v1"
    }
  ],
  own: [
    "auth.workspace",
    "auth.plan",
    "access.denied",
    "billing.freeTier",
    "billing.freeQuota",
    "billing.overdue",
    "rate.burst",
    "overload.disguised",
    "overload.serving",
    "model.unavailable",
    "model.unsupported",
    "request.thinking",
    "server.timeout",
    "partial.200"
  ],
  rules,
  inspects: "error",
  idVersion: 9,
  persona: {
    name: "Qwen",
    chinese: "我是阿里云开发的一款超大规模语言模型，我叫通义千问。",
    english: "I am a large language model created by Alibaba Cloud. My name is Qwen."
  },
  endpoint: (method, path) => endpoints.find((known) => known[1] === path && known[0] === method)?.[2],
  wellFormed: () => true,
  thinks: Models.thinks,
  check,
  unreadable: (field) => {
    if (field === "") return refusal("request.notJson")
    return field === "input"
      ? refusal("request.embedding", "contents is neither str nor list of str.: input.contents")
      : refusal("request.malformed", `you must provide a ${field} parameter`)
  },
  embeddings: Embeddings,
  refuse: Refusals.reply,
  headers,
  render: (answer, request, scene) =>
    request.stream
      ? { headers: headers("text/event-stream;charset=utf-8", scene), steps: Wire.frames(answer, request, scene) }
      : {
          headers: headers("application/json", scene),
          steps: [Answer.body(answer, Wire.json(answer, scene))]
        },
  nothing: Wire.nothing,
  contextOf: (model) => Models.find(model)?.context,
  listed: () => Models.listed,
  answers: (_, model) => Models.find(model) !== undefined || Object.hasOwn(Models.embeddings, model),
  models: (scene) => Models.list(Math.floor(scene.now / 1000)),
  balance: () => ""
}
