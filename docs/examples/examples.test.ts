/** Every example runs, and shows what its header says. */
import { expect, it } from "vitest"
import { examples } from "./catalogue.ts"

const qwen = "我是阿里云开发的一款超大规模语言模型，我叫通义千问。"
const deepseek =
  "您好！我是由中国的深度求索（DeepSeek）公司开发的智能助手DeepSeek-V3。如您有任何任何问题，我会尽我所能为您提供帮助。"

const agents = [
  "planner: qwen-plus (qwen/qwen-plus ok)",
  "sights: deepseek-chat (deepseek/deepseek-chat ok)",
  "food: deepseek-chat (qwen/qwen-turbo ServerFailed, qwen/qwen-turbo ServerFailed, deepseek/deepseek-chat ok)",
  "walks: deepseek-chat (deepseek/deepseek-chat ok)",
  "critic: deepseek-reasoner (qwen/qwq-32b ServerFailed, qwen/qwq-32b ServerFailed, deepseek/deepseek-reasoner ok)"
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
    "the first stream: deepseek-chat answers, attempts 3",
    `${deepseek} (stop)`,
    "the second stream: qwen-turbo answers, attempts 1",
    "我是阿里云开发的一款超大规模语言 … Broken"
  ],
  "openai-client": [
    `deepseek-chat: ${deepseek}`,
    "x-understudy-attempts: 2",
    "x-understudy-trail: qwen/qwen-turbo#k5ff BalanceExhausted …ms, deepseek/deepseek-chat#kf3d ok …ms",
    "deepseek-chat: 403 model_not_allowed"
  ],
  "openai-drop-in": [
    `deepseek-chat: ${deepseek}`,
    `streamed: ${deepseek}`,
    "x-understudy-trail: qwen/qwen-turbo#k5ff BalanceExhausted …ms, deepseek/deepseek-chat#kf3d ok …ms",
    "gpt-5: 404 model_not_found"
  ],
  "own-openai-client": [
    `deepseek-chat: ${deepseek}`,
    "/qwen/compatible-mode/v1/chat/completions x-team=search",
    "/deepseek/chat/completions x-team=search"
  ],
  "mocks-in-a-test": [
    "answered by deepseek-chat",
    "qwen qwen-turbo stall.before: client-left",
    "deepseek deepseek-chat answer: complete"
  ],
  "trail-and-errors": [
    "UpstreamFailed, retryable: true",
    "  qwen/qwen-turbo Overloaded (HTTP 500), then: again after … ms",
    "  qwen/qwen-turbo Overloaded (HTTP 500), then: next target",
    "  deepseek/deepseek-chat BalanceExhausted (HTTP 402), then: fail",
    "NoRoute, retryable: false",
    "InvalidPrompt, retryable: false"
  ],
  "chat-services": [`plain: ${qwen}`, `effect: ${qwen}`, `gateway: ${deepseek}`],
  spring: [
    "nestjs: deepseek-chat of deepseek, then qwq-32b of qwen",
    "effect: deepseek-chat of deepseek, then qwq-32b of qwen"
  ],
  "multi-agent": ["with effect:", ...agents, "with promise:", ...agents],
  observability: [
    "the answer cost 0.069 CNY",
    "chat qwen/qwen-turbo: error.type=Unauthorized understudy.next=next target",
    "chat deepseek/deepseek-chat: gen_ai.response.model=deepseek-chat understudy.next=answer",
    "chat qwen-turbo: gen_ai.response.model=deepseek-chat understudy.attempts=2 understudy.cost=0.069",
    "gen_ai.client.operation.duration gen_ai.client.token.usage understudy.attempts understudy.calls understudy.cost understudy.failovers understudy.key.removed understudy.key.transitions"
  ],
  "ai-sdk": ["qwen-plus: tool-calls", "deepseek-chat: stop", `streamed: ${qwen}`],
  langchain: [`deepseek-chat: ${deepseek}`, `streamed: ${deepseek}`],
  "sdk/client": [
    "qwen-turbo: You are a comedian. | Tell me a short joke about cats",
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
