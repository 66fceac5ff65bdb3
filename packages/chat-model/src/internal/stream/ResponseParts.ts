/**
 * From a whole answer back to parts: what `ChatResponse.fromParts` folds to the same answer.
 */
import type { BlockKind, ChatPart } from "../../ChatPart.ts"
import type { ChatResponse } from "../../ChatResponse.ts"

const block = (kind: BlockKind, delta: string | undefined, into: Array<ChatPart>): void => {
  if (delta === undefined) return
  const id = `${kind}-1`
  into.push({ type: `${kind}-start`, id }, { type: `${kind}-delta`, id, delta }, { type: `${kind}-end`, id })
}

/** The parts of an answer. */
export const fromResponse = ({ metadata, result, toolCalls }: ChatResponse): ReadonlyArray<ChatPart> => {
  const { attempts: _, finishReason, model, provider, route, trail, usage, ...head } = metadata
  const parts: Array<ChatPart> = []
  if (model !== undefined) {
    parts.push({ type: "response-metadata", ...head, model, route: route ?? "", provider: provider ?? "", trail })
  }
  block("reasoning", result.output.reasoning, parts)
  block("text", result.output.text, parts)
  block("refusal", result.output.refusal, parts)
  for (const { arguments: delta, id, name } of toolCalls) {
    parts.push({ type: "tool-call-start", id, name })
    if (delta !== "") parts.push({ type: "tool-call-delta", id, delta })
  }
  for (const call of toolCalls) parts.push({ type: "tool-call", ...call })
  if (finishReason !== undefined) {
    parts.push({ type: "finish", finishReason, ...(usage === undefined ? {} : { usage }), trail })
  }
  return parts
}
