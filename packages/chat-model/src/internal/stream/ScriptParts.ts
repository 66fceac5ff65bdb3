/** The parts of a scripted answer: what a vendor's stream would have come to. */
import type { AttemptRecord } from "@understudy/core/failure/Trail"
import type { BlockKind, ChatPart } from "../../ChatPart.ts"
import { ChatResponse } from "../../ChatResponse.ts"
import type { FinishReason, Unified } from "../../FinishReason.ts"
import type { Usage } from "../../Usage.ts"

/** A tool call of a script. */
export interface Call {
  /** Default: `call_<call>_<n>`, which no other call of the script has. */
  readonly id?: string | undefined
  readonly name: string
  /** A value, or JSON text as a model would have written it. Default: `{}`. */
  readonly arguments?: unknown
}

/** An answer by what is in it. */
export interface Answer {
  readonly text?: string | undefined
  readonly reasoning?: string | undefined
  readonly refusal?: string | undefined
  readonly toolCalls?: ReadonlyArray<Call> | undefined
  /** Left out: the model reports none. */
  readonly usage?: Omit<Usage, "nativeUsage"> | undefined
  /** Default: `tool-calls` when it calls tools, else `stop`. */
  readonly finishReason?: Unified | undefined
  /** Who answers. Default: the model that was asked for. */
  readonly model?: string | undefined
}

const block = (kind: BlockKind, text: string | undefined): ReadonlyArray<ChatPart> => {
  if (text === undefined || text === "") return []
  const id = `${kind}-1`
  const words = text.match(/\S+\s*|\s+/g) ?? []
  return [
    { type: `${kind}-start`, id },
    ...words.map((delta): ChatPart => ({ type: `${kind}-delta`, id, delta })),
    { type: `${kind}-end`, id }
  ]
}

const toToolCall = (
  call: Call,
  id: string
): { readonly id: string; readonly name: string; readonly arguments: string } => ({
  id: call.id ?? id,
  name: call.name,
  arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments ?? {})
})

/** The parts of an answer to the `call`th call, which asked for `asked`. */
export const make = (answer: Answer | ChatResponse, asked: string, call: number): ReadonlyArray<ChatPart> => {
  const of = answer instanceof ChatResponse ? { ...answer.result.output, ...answer.metadata } : answer
  const model = of.model ?? asked
  const attempt: AttemptRecord = {
    _tag: "Ok",
    provider: "test",
    model,
    key: undefined,
    millis: 0,
    next: { _tag: "Answer" }
  }
  const trail = answer instanceof ChatResponse ? answer.metadata.trail : [attempt]
  const calls = (of.toolCalls ?? []).map((one, index) => toToolCall(one, `call_${call}_${index + 1}`))
  const unified = calls.length > 0 ? "tool-calls" : "stop"
  const finishReason: FinishReason =
    typeof of.finishReason === "object" ? of.finishReason : { unified: of.finishReason ?? unified }
  return [
    { type: "response-metadata", id: `test-${call}`, model, route: "test", provider: "test", trail },
    ...block("reasoning", of.reasoning),
    ...block("text", of.text),
    ...block("refusal", of.refusal),
    ...calls.flatMap(
      (one): ReadonlyArray<ChatPart> => [
        { type: "tool-call-start", id: one.id, name: one.name },
        { type: "tool-call-delta", id: one.id, delta: one.arguments }
      ]
    ),
    ...calls.map((one): ChatPart => ({ type: "tool-call", ...one })),
    {
      type: "finish",
      finishReason,
      ...(of.usage === undefined ? {} : { usage: { nativeUsage: {}, ...of.usage } }),
      trail
    }
  ]
}
