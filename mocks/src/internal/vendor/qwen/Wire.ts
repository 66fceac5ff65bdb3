/**
 * Qwen's bytes in compatible mode: JSON and stream, in the key order of the real API.
 *
 * Several tokens per chunk. Usage is null on every chunk; with `include_usage` it follows the finish chunk in one of its own
 * with `choices: []`. Later fragments of a tool call repeat `"id":""`.
 */

import type { Part, Step } from "../../../Plan.ts"
import { type Answer, totalTokens } from "../../plan/Answer.ts"
import * as Token from "../../plan/Token.ts"
import type { ChatRequest } from "../ChatRequest.ts"
import type { Scene } from "../Personality.ts"

const usageOf = (answer: Answer): string => {
  const { completionTokens, promptTokens, reasoning } = answer
  const thinking = reasoning.count > 0 ? `,"completion_tokens_details":{"reasoning_tokens":${reasoning.count}}` : ""
  return `{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${totalTokens(answer)}${thinking},"prompt_tokens_details":{"cached_tokens":0}}`
}

const toolId = (scene: Scene): string => `call_${scene.random.hex(24)}`

const grouped = (tokens: ReadonlyArray<string>): ReadonlyArray<string> => {
  const groups: Array<string> = []
  // The real API sends a lone first token, then groups of two to four.
  for (let index = 0, size = 1; index < tokens.length; index += size, size = 2 + (groups.length % 3)) {
    groups.push(tokens.slice(index, index + size).join(""))
  }
  return groups
}

const callOf = (answer: Answer, scene: Scene): string => {
  if (answer.tool === undefined) return ""
  const { arguments: input, name } = answer.tool
  return `,"tool_calls":[{"function":{"arguments":${JSON.stringify(input)},"name":${JSON.stringify(name)}},"index":0,"id":"${toolId(scene)}","type":"function"}]`
}

/** The body of a response that is not streamed. */
export const json = (answer: Answer, scene: Scene): string => {
  const thought = answer.reasoning.count > 0 ? `,"reasoning_content":${JSON.stringify(answer.reasoning.text)}` : ""
  const message = `{"content":${JSON.stringify(answer.content.text)}${thought},"role":"assistant"${callOf(answer, scene)}}`
  return `{"choices":[{"message":${message},"finish_reason":"${answer.finish}","index":0,"logprobs":null}],"object":"chat.completion","usage":${usageOf(answer)},"created":${Math.floor(scene.now / 1000)},"system_fingerprint":null,"model":${JSON.stringify(answer.model)},"id":"chatcmpl-${scene.id}"}`
}

/** An answer with nothing in it. */
export const nothing = (scene: Scene): string => {
  const json = `{"choices":[],"object":"chat.completion${scene.stream ? ".chunk" : ""}","usage":null,"created":${Math.floor(scene.now / 1000)},"system_fingerprint":null,"model":${JSON.stringify(scene.model)},"id":"chatcmpl-${scene.id}"}`
  return scene.stream ? `data: ${json}\n\ndata: [DONE]\n\n` : json
}

type Frame = (part: Part, choices: string, chunks?: number, usage?: string) => Step

const framer = (answer: Answer, scene: Scene): Frame => {
  const tail = `,"created":${Math.floor(scene.now / 1000)},"system_fingerprint":null,"model":${JSON.stringify(answer.model)},"id":"chatcmpl-${scene.id}"}\n\n`
  return (part, choices, chunks = 1, usage = "null") => ({
    after: 0,
    chunks,
    part,
    data: `data: {"choices":[${choices}],"object":"chat.completion.chunk","usage":${usage}${tail}`
  })
}

const first = (delta: string): string => `{"delta":${delta},"index":0,"logprobs":null,"finish_reason":null}`
const next = (delta: string): string => `{"finish_reason":null,"logprobs":null,"delta":${delta},"index":0}`

const callFrames = (answer: Answer, frame: Frame, scene: Scene): ReadonlyArray<Step> => {
  if (answer.tool === undefined) return []
  const named = `{"content":null,"tool_calls":[{"index":0,"id":"${toolId(scene)}","type":"function","function":{"name":${JSON.stringify(answer.tool.name)},"arguments":""}}],"role":"assistant"}`
  const rest = grouped(Token.split(answer.tool.arguments)).map((piece) => {
    const call = `{"index":0,"id":"","type":"function","function":{"arguments":${JSON.stringify(piece)}}}`
    return frame("tool", `{"delta":{"tool_calls":[${call}]},"index":0}`)
  })
  return [frame("tool", first(named)), ...rest]
}

/** The frames of a stream, `[DONE]` included. */
export const frames = (answer: Answer, request: ChatRequest, scene: Scene): ReadonlyArray<Step> => {
  const frame = framer(answer, scene)
  const thinking = answer.reasoning.count > 0
  const opening = thinking
    ? '{"content":null,"role":"assistant","reasoning_content":""}'
    : '{"content":"","role":"assistant"}'
  const after = thinking ? ',"reasoning_content":null' : ""
  const last = answer.tool === undefined ? `{"content":""${after}}` : "{}"
  return [
    ...(answer.tool === undefined || thinking ? [frame("role", first(opening), 0)] : []),
    ...grouped(Token.split(answer.reasoning.text)).map((text) =>
      frame("reasoning", next(`{"content":null,"reasoning_content":${JSON.stringify(text)}}`))
    ),
    ...grouped(Token.split(answer.content.text)).map((text) =>
      frame("content", next(`{"content":${JSON.stringify(text)}${after}}`))
    ),
    ...callFrames(answer, frame, scene),
    {
      ...frame("finish", `{"finish_reason":"${answer.finish}","delta":${last},"index":0,"logprobs":null}`, 0),
      finish: answer.finish
    },
    ...(request.includeUsage ? [{ ...frame("usage", "", 0, usageOf(answer)), totalTokens: totalTokens(answer) }] : []),
    { after: 0, data: "data: [DONE]\n\n", chunks: 0, part: "done" }
  ]
}
