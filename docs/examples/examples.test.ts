/** Every example runs, and shows what its header says. */
import { expect, it } from "vitest"
import { examples } from "./catalogue.ts"

const qwen = "我是阿里云开发的一款超大规模语言模型，我叫通义千问。"
const deepseek =
  "您好！我是由中国的深度求索（DeepSeek）公司开发的智能助手DeepSeek-V3。如您有任何任何问题，我会尽我所能为您提供帮助。"

const agents = [
  "planner: qwen-plus (qwen/qwen-plus ok)",
  "sights: deepseek-flash (deepseek/deepseek-flash ok)",
  "food: deepseek-flash (qwen/qwen3.8-flash ServerFailed, qwen/qwen3.8-flash ServerFailed, deepseek/deepseek-flash ok)",
  "walks: deepseek-flash (deepseek/deepseek-flash ok)",
  "critic: deepseek-v4-pro (qwen/qwq-32b ServerFailed, qwen/qwq-32b ServerFailed, deepseek/deepseek-v4-pro ok)"
]

const expected: Readonly<Record<string, ReadonlyArray<string>>> = {
  "model-fallback": [
    `deepseek-chat: ${deepseek}`,
    "qwen/qwen-turbo Unauthorized, then: next target",
    "deepseek/deepseek-chat ok, then: answer"
  ],
  "token-failover": [
    "20 calls, all answered by qwen-turbo",
    "keys: good Available, bad Removed",
    "after the key was mended: good Available, bad Available"
  ],
  streaming: [
    "the first stream: deepseek-flash answers, attempts 3",
    `${deepseek} (stop)`,
    "the second stream: qwen3.8-flash answers, attempts 1",
    "我是阿里云开发的一款超大规模语言模型， … Broken"
  ],
  "openai-client": [
    `deepseek-flash: ${deepseek}`,
    "x-understudy-attempts: 2",
    "x-understudy-trail: qwen/qwen3.8-flash#k5ff BalanceExhausted …ms, deepseek/deepseek-flash#kf3d ok …ms",
    "deepseek-flash: 403 model_not_allowed"
  ],
  "openai-drop-in": [
    `deepseek-flash: ${deepseek}`,
    `streamed: ${deepseek}`,
    "x-understudy-trail: qwen/qwen3.8-flash#k5ff BalanceExhausted …ms, deepseek/deepseek-flash#kf3d ok …ms",
    "gpt-5: 404 model_not_found"
  ],
  "own-openai-client": [
    `deepseek-flash: ${deepseek}`,
    "/qwen/compatible-mode/v1/chat/completions x-team=search",
    "/deepseek/chat/completions x-team=search"
  ],
  "mocks-in-a-test": [
    "answered by deepseek-flash",
    "qwen qwen3.8-flash stall.before: client-left",
    "deepseek deepseek-flash answer: complete"
  ],
  "trail-and-errors": [
    "UpstreamFailed, retryable: true",
    "  qwen/qwen3.8-flash Overloaded (HTTP 500), then: again after … ms",
    "  qwen/qwen3.8-flash Overloaded (HTTP 500), then: next target",
    "  deepseek/deepseek-flash BalanceExhausted (HTTP 402), then: fail",
    "NoRoute, retryable: false",
    "InvalidPrompt, retryable: false"
  ],
  "chat-services": [`plain: ${qwen}`, `effect: ${qwen}`, `gateway: ${deepseek}`],
  spring: [
    "nestjs: deepseek-flash of deepseek, then qwq-32b of qwen",
    "effect: deepseek-flash of deepseek, then qwq-32b of qwen"
  ],
  "multi-agent": ["with effect:", ...agents, "with promise:", ...agents],
  observability: [
    "the answer cost 0.107 CNY",
    "chat qwen/qwen3.8-flash: error.type=Unauthorized understudy.next=next target",
    "chat deepseek/deepseek-flash: gen_ai.response.model=deepseek-flash understudy.next=answer",
    "chat qwen3.8-flash: gen_ai.response.model=deepseek-flash understudy.attempts=2 understudy.cost=0.107",
    "gen_ai.client.operation.duration gen_ai.client.token.usage understudy.attempts understudy.calls understudy.cost understudy.failovers understudy.key.removed understudy.key.transitions"
  ],
  "ai-sdk": ["qwen-plus: tool-calls", "deepseek-flash: stop", `streamed: ${qwen}`],
  langchain: [`deepseek-flash: ${deepseek}`, `streamed: ${deepseek}`],
  "sdk/client": [
    "qwen3.8-flash: You are a comedian. | Tell me a short joke about cats",
    "streamed the same: true",
    "brief: You are brief. | Another one (at most 50 tokens)",
    "with effect: You are a comedian. | Tell me a joke"
  ],
  "sdk/tools": [
    'deepseek-flash: The tool says: {"celsius":21}',
    "the tool has run 1 time",
    "calls payment",
    'The call of "payment" was refused: nobody allowed {"amount":1}. Go on without it.'
  ],
  "sdk/structured": ["杭州 has 12 million", "宁波, instructed, asked again 1 time", "seen while it was written: true"],
  "sdk/memory": ["heard 1", "no answer", "heard 3", "kept: 4 messages", "in the store: heard 1"],
  "sdk/advisors": [
    "the vendor heard: Call [PHONE_1]",
    "I call 13800138000",
    "cached: true",
    "Passwords are not talked about",
    "no tokens left",
    "the log: Chat answered, Chat answered, Chat failed"
  ],
  "sdk/models": ["planner: qwen-plus", "critic: deepseek-flash"],
  "sdk/vendors": [
    "qwen-plus was told enable_thinking, thinking_budget, repetition_penalty",
    "deepseek-flash was told thinking, repetition_penalty",
    "qwen-plus thought: true",
    "deepseek-flash thought: true",
    "qwq-32b thought: true"
  ],
  "sdk/embeddings": ["25 vectors of 256 numbers from text-embedding-v4, 3 requests"],
  "sdk/testing": [
    "A city by a lake.",
    "later, please",
    '[{"role":"user","content":"Describe Hangzhou"},{"role":"user","content":"Describe Ningbo"}]'
  ],
  "sdk/errors": ["refused as ContentFiltered: qwen answered 400: Input data may contain inappropriate content."],
  "sdk/seats": [
    "openai: deepseek-flash",
    "ai-sdk: deepseek-flash",
    "langchain: deepseek-flash",
    "nestjs: deepseek-flash",
    "effect: deepseek-flash"
  ]
}

it.each(Object.entries(examples))("%s shows what it promises", async (name, load) => {
  expect(await (await load()).main()).toEqual(expected[name])
})
