/**
 * DeepSeek's bytes: JSON and stream, in the key order of the real API.
 *
 * One token per chunk. Usage sits on the finish chunk; with `include_usage` every other chunk says `"usage":null`. While
 * the model thinks, `content` is null, and afterwards `reasoning_content` is.
 */
import { type Answer, facts, totalTokens } from "../internal/Answer.ts"
import type { ChatRequest } from "../internal/ChatRequest.ts"
import type { Scene } from "../internal/Personality.ts"
import * as Token from "../internal/Token.ts"
import type { Part, Step } from "../Plan.ts"
import * as Models from "./Models.ts"

const usageOf = (answer: Answer): object => ({
  prompt_tokens: answer.promptTokens,
  completion_tokens: answer.completionTokens,
  total_tokens: totalTokens(answer),
  prompt_tokens_details: { cached_tokens: cached(answer) },
  ...(answer.reasoning.length > 0 ? { completion_tokens_details: { reasoning_tokens: answer.reasoning.length } } : {}),
  prompt_cache_hit_tokens: cached(answer),
  prompt_cache_miss_tokens: answer.promptTokens - cached(answer)
})

// Cache hits come in multiples of 64; a mocked cache is warm for all but the last block.
const cached = (answer: Answer): number => Math.max(0, Math.floor((answer.promptTokens - 1) / 64) * 64)

const toolId = (scene: Scene): string => `call_00_${scene.random.alphanumeric(24)}`

/** The body of a response that is not streamed. */
export const json = (answer: Answer, scene: Scene): string => {
  const call = answer.tool && [
    {
      index: 0,
      id: toolId(scene),
      type: "function",
      function: { name: answer.tool.name, arguments: answer.tool.arguments }
    }
  ]
  const message = {
    role: "assistant",
    content: answer.content.join(""),
    ...(answer.reasoning.length > 0 ? { reasoning_content: answer.reasoning.join("") } : {}),
    ...(call ? { tool_calls: call } : {})
  }
  return JSON.stringify({
    id: scene.id,
    object: "chat.completion",
    created: Math.floor(scene.now / 1000),
    model: answer.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finish }],
    usage: usageOf(answer),
    system_fingerprint: Models.fingerprint[scene.switches.catalogue]
  })
}

type Frame = (part: Part, delta: string, chunks?: number, finish?: string, usage?: object) => Step

const framer = (answer: Answer, request: ChatRequest, scene: Scene): Frame => {
  const head = `data: {"id":"${scene.id}","object":"chat.completion.chunk","created":${Math.floor(scene.now / 1000)},"model":${JSON.stringify(answer.model)},"system_fingerprint":"${Models.fingerprint[scene.switches.catalogue]}","choices":[{"index":0,"delta":`
  const blank = request.includeUsage ? ',"usage":null' : ""
  return (part, delta, chunks = 1, finish, usage) => {
    const reason = finish === undefined ? "null" : `"${finish}"`
    const tail = usage === undefined ? blank : `,"usage":${JSON.stringify(usage)}`
    return { after: 0, chunks, part, data: `${head}${delta},"logprobs":null,"finish_reason":${reason}}]${tail}}\n\n` }
  }
}

const callFrames = (answer: Answer, frame: Frame, scene: Scene): ReadonlyArray<Step> => {
  if (answer.tool === undefined) return []
  const first = `{"tool_calls":[{"index":0,"id":"${toolId(scene)}","type":"function","function":{"name":${JSON.stringify(answer.tool.name)},"arguments":""}}]}`
  const rest = Token.split(answer.tool.arguments).map((piece) =>
    frame("tool", `{"tool_calls":[{"index":0,"function":{"arguments":${JSON.stringify(piece)}}}]}`)
  )
  return [frame("tool", first), ...rest]
}

/** The frames of a stream, `[DONE]` included. */
export const frames = (answer: Answer, request: ChatRequest, scene: Scene): ReadonlyArray<Step> => {
  const frame = framer(answer, request, scene)
  const thinking = answer.reasoning.length > 0
  const after = thinking ? ',"reasoning_content":null' : ""
  const usage = request.includeUsage || scene.switches.usageOnFinish ? usageOf(answer) : undefined
  return [
    frame(
      "role",
      thinking ? '{"role":"assistant","content":null,"reasoning_content":""}' : '{"role":"assistant","content":""}',
      0
    ),
    ...answer.reasoning.map((token) =>
      frame("reasoning", `{"content":null,"reasoning_content":${JSON.stringify(token)}}`)
    ),
    ...answer.content.map((token) => frame("content", `{"content":${JSON.stringify(token)}${after}}`)),
    ...callFrames(answer, frame, scene),
    {
      ...frame("finish", `{"content":""${after}}`, 0, answer.finish, usage),
      ...(usage === undefined ? { finish: answer.finish } : facts(answer))
    },
    { after: 0, data: "data: [DONE]\n\n", chunks: 0, part: "done" }
  ]
}
