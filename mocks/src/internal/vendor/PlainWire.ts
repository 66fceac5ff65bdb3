/**
 * The bytes of vendors that keep to OpenAI's shape, key order included: what is particular to one of them is its `Style`.
 *
 * One token a chunk. While the model thinks, chunks hold `reasoning_content` alone.
 */
import type { Step } from "../../Plan.ts"
import { type Answer, body, totalTokens } from "../plan/Answer.ts"
import * as Token from "../plan/Token.ts"
import type { ChatRequest } from "./ChatRequest.ts"
import type { Rendering, Scene } from "./Personality.ts"

/** What is particular to a vendor. */
export interface Style {
  readonly id: (scene: Scene) => string
  readonly toolId: (name: string, scene: Scene) => string
  /** Fields of the usage beside the three counts. */
  readonly usage: (answer: Answer) => object
  /** Where a stream has its usage: on the finish chunk, in its choice, or in a chunk of its own where it was asked for. */
  readonly usageAt: "finish" | "choice" | "chunk"
  readonly headers: (type: string, scene: Scene) => Rendering["headers"]
}

const usageOf = ({ usage }: Style, answer: Answer): object => ({
  prompt_tokens: answer.promptTokens,
  completion_tokens: answer.completionTokens,
  total_tokens: totalTokens(answer),
  ...usage(answer)
})

const created = ({ now }: Scene): number => Math.floor(now / 1000)

const callOf = (style: Style, { tool }: Answer, scene: Scene, input: string | undefined = tool?.arguments) =>
  tool === undefined
    ? undefined
    : [
        {
          index: 0,
          id: style.toolId(tool.name, scene),
          type: "function",
          function: { name: tool.name, arguments: input }
        }
      ]

const json = (style: Style, answer: Answer, scene: Scene): string => {
  const message = {
    role: "assistant",
    content: answer.content.text,
    ...(answer.reasoning.count > 0 ? { reasoning_content: answer.reasoning.text } : {}),
    ...(answer.tool === undefined ? {} : { tool_calls: callOf(style, answer, scene) })
  }
  return JSON.stringify({
    id: style.id(scene),
    object: "chat.completion",
    created: created(scene),
    model: answer.model,
    choices: [{ index: 0, message, finish_reason: answer.finish }],
    usage: usageOf(style, answer)
  })
}

const frames = (style: Style, answer: Answer, request: ChatRequest, scene: Scene): ReadonlyArray<Step> => {
  const id = style.id(scene)
  const data = (choices: ReadonlyArray<object>, more: object = {}): string => {
    const head = { id, object: "chat.completion.chunk", created: created(scene), model: answer.model }
    return `data: ${JSON.stringify({ ...head, choices, ...more })}\n\n`
  }
  const chunk = (part: Step["part"], delta: object, chunks = 1): Step => ({
    after: 0,
    data: data([{ index: 0, delta, finish_reason: null }]),
    chunks,
    part
  })
  const usage = usageOf(style, answer)
  const total = { totalTokens: totalTokens(answer) }
  const inChoice = style.usageAt === "choice" ? { usage } : {}
  const onFinish = style.usageAt === "finish" ? { usage } : {}
  const isApart = style.usageAt === "chunk"
  const { tool } = answer
  return [
    chunk("role", { role: "assistant", content: "" }, 0),
    ...Token.split(answer.reasoning.text).map((token) => chunk("reasoning", { reasoning_content: token })),
    ...Token.split(answer.content.text).map((token) => chunk("content", { content: token })),
    ...(tool === undefined
      ? []
      : [
          chunk("tool", { tool_calls: callOf(style, answer, scene, "") }),
          ...Token.split(tool.arguments).map((piece) =>
            chunk("tool", { tool_calls: [{ index: 0, function: { arguments: piece } }] })
          )
        ]),
    {
      after: 0,
      data: data([{ index: 0, delta: {}, finish_reason: answer.finish, ...inChoice }], onFinish),
      chunks: 0,
      part: "finish",
      finish: answer.finish,
      ...(isApart ? {} : total)
    },
    ...(isApart && request.includeUsage
      ? [{ after: 0, data: data([], { usage }), chunks: 0, part: "usage" as const, ...total }]
      : []),
    { after: 0, data: "data: [DONE]\n\n", chunks: 0, part: "done" }
  ]
}

/** The answer as JSON or as a stream, as the request wants. */
export const render = (style: Style, answer: Answer, request: ChatRequest, scene: Scene): Rendering =>
  request.stream
    ? { headers: style.headers("text/event-stream", scene), steps: frames(style, answer, request, scene) }
    : { headers: style.headers("application/json", scene), steps: [body(answer, json(style, answer, scene))] }

/** An answer with nothing in it. */
export const nothing = (style: Style, scene: Scene): string => {
  const object = `chat.completion${scene.stream ? ".chunk" : ""}`
  const text = JSON.stringify({ id: style.id(scene), object, created: created(scene), model: scene.model, choices: [] })
  return scene.stream ? `data: ${text}\n\ndata: [DONE]\n\n` : text
}
