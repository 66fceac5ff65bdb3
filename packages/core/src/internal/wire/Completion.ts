/**
 * What a whole answer says, in the shapes that everybody behind the reader may rely on: what `Chunk` is to a frame. Servers
 * send parsed arguments, one call for a list, numbers for texts, null for a choice in one piece as well as in many.
 */
import type { ChatChoice, ChatCompletion } from "../../wire/ChatCompletion.ts"
import * as Chunk from "./Chunk.ts"

/** How a choice finished, by its own account or by what it holds. */
export const finishOf = ({ finish_reason, message }: Pick<ChatChoice, "finish_reason" | "message">): string =>
  finish_reason || (message.tool_calls != null && message.tool_calls.length > 0 ? "tool_calls" : "stop")

const isCall = (call: unknown): boolean =>
  Chunk.isCall(call) && (call.function === undefined || typeof call.function?.arguments === "string")

const isMessage = (message: unknown): boolean =>
  Chunk.isDelta(message) && (message.tool_calls == null || message.tool_calls.every(isCall))

const isChoice = (choice: unknown): boolean =>
  Chunk.isFields(choice) &&
  isMessage(choice["message"]) &&
  (choice["finish_reason"] == null ||
    (typeof choice["finish_reason"] === "string" && !["", "null"].includes(choice["finish_reason"])))

/** True when a body has the shape that the protocol gives it, as far as it is read. */
export const isPlain = (body: unknown): body is ChatCompletion =>
  Chunk.isFields(body) &&
  !body["error"] &&
  Array.isArray(body["choices"]) &&
  body["choices"].every(isChoice) &&
  (body["usage"] == null || Chunk.isFields(body["usage"]))

/** The message is what counts, whatever stands where a chunk has its delta. */
const withoutDelta = (choice: unknown): unknown => {
  if (!Chunk.isFields(choice) || choice["message"] == null) return choice
  const { delta: _, ...rest } = choice
  return rest
}

const hasMessage = (choice: unknown): boolean =>
  !Chunk.isFields(choice) || choice["message"] != null || choice["delta"] != null

/** An odd answer in the shape of a plain one; undefined when something that it says cannot be read, or nothing is left of it. */
export const mend = (body: unknown): ChatCompletion | undefined => {
  if (!Chunk.isFields(body) || !Array.isArray(body["choices"]) || !body["choices"].every(hasMessage)) return undefined
  const chunk = Chunk.mend({ ...body, choices: body["choices"].map(withoutDelta) })
  if (chunk?.choices == null || (chunk.choices.length === 0 && body["choices"].length > 0)) return undefined
  const { choices, ...rest } = chunk
  return {
    ...rest,
    choices: (choices ?? []).map(({ delta, finish_reason, ...more }) => {
      const message = delta ?? {}
      return { ...more, message, finish_reason: finishOf({ message, finish_reason: finish_reason ?? null }) }
    })
  }
}
