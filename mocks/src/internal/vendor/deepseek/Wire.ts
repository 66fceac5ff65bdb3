/**
 * DeepSeek's bytes: JSON and stream, in the key order of the real API.
 *
 * One token per chunk. Usage sits on the finish chunk; with `include_usage` every other chunk says `"usage":null`. While
 * the model thinks, `content` is null, and afterwards `reasoning_content` is.
 */

import type { Part, Step } from "../../../Plan.ts"
import { type Answer, totalTokens } from "../../plan/Answer.ts"
import * as Token from "../../plan/Token.ts"
import type { ChatRequest } from "../ChatRequest.ts"
import type { Scene } from "../Personality.ts"
import * as Models from "./Models.ts"

const usageOf = (answer: Answer): string => {
  const { completionTokens, promptTokens, reasoning } = answer
  const hits = cached(answer)
  const thinking = reasoning.count > 0 ? `,"completion_tokens_details":{"reasoning_tokens":${reasoning.count}}` : ""
  return `{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${totalTokens(answer)},"prompt_tokens_details":{"cached_tokens":${hits}}${thinking},"prompt_cache_hit_tokens":${hits},"prompt_cache_miss_tokens":${promptTokens - hits}}`
}

// Cache hits come in multiples of 64; a mocked cache is warm for all but the last block.
const cached = (answer: Answer): number => Math.max(0, Math.floor((answer.promptTokens - 1) / 64) * 64)

const toolId = (scene: Scene): string => `call_00_${scene.random.alphanumeric(24)}`

const callOf = (answer: Answer, scene: Scene): string => {
  if (answer.tool === undefined) return ""
  const { arguments: input, name } = answer.tool
  return `,"tool_calls":[{"index":0,"id":"${toolId(scene)}","type":"function","function":{"name":${JSON.stringify(name)},"arguments":${JSON.stringify(input)}}}]`
}

/** The body of a response that is not streamed. */
export const json = (answer: Answer, scene: Scene): string => {
  const thought = answer.reasoning.count > 0 ? `,"reasoning_content":${JSON.stringify(answer.reasoning.text)}` : ""
  const message = `{"role":"assistant","content":${JSON.stringify(answer.content.text)}${thought}${callOf(answer, scene)}}`
  return `{"id":"${scene.id}","object":"chat.completion","created":${Math.floor(scene.now / 1000)},"model":${JSON.stringify(answer.model)},"choices":[{"index":0,"message":${message},"logprobs":null,"finish_reason":"${answer.finish}"}],"usage":${usageOf(answer)},"system_fingerprint":"${Models.fingerprint[Models.eraOf(scene.switches.catalogue, answer.model)]}"}`
}

type Frame = (part: Part, delta: string, chunks?: number, finish?: string, usage?: string) => Step

const framer = (answer: Answer, request: ChatRequest, scene: Scene): Frame => {
  const head = `data: {"id":"${scene.id}","object":"chat.completion.chunk","created":${Math.floor(scene.now / 1000)},"model":${JSON.stringify(answer.model)},"system_fingerprint":"${Models.fingerprint[Models.eraOf(scene.switches.catalogue, answer.model)]}","choices":[{"index":0,"delta":`
  const blank = request.includeUsage ? ',"usage":null' : ""
  return (part, delta, chunks = 1, finish, usage) => {
    const reason = finish === undefined ? "null" : `"${finish}"`
    const tail = usage === undefined ? blank : `,"usage":${usage}`
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
  const thinking = answer.reasoning.count > 0
  const after = thinking ? ',"reasoning_content":null' : ""
  const usage = request.includeUsage || scene.switches.usageOnFinish ? usageOf(answer) : undefined
  return [
    frame(
      "role",
      thinking ? '{"role":"assistant","content":null,"reasoning_content":""}' : '{"role":"assistant","content":""}',
      0
    ),
    ...Token.split(answer.reasoning.text).map((token) =>
      frame("reasoning", `{"content":null,"reasoning_content":${JSON.stringify(token)}}`)
    ),
    ...Token.split(answer.content.text).map((token) =>
      frame("content", `{"content":${JSON.stringify(token)}${after}}`)
    ),
    ...callFrames(answer, frame, scene),
    {
      ...frame("finish", `{"content":""${after}}`, 0, answer.finish, usage),
      finish: answer.finish,
      ...(usage === undefined ? {} : { totalTokens: totalTokens(answer) })
    },
    { after: 0, data: "data: [DONE]\n\n", chunks: 0, part: "done" }
  ]
}
