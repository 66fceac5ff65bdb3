/**
 * Why an answer ended: one word for all vendors, with the vendor's own beside it.
 *
 * | unified          | raw                                                        |
 * | ---------------- | ---------------------------------------------------------- |
 * | `stop`           | `stop`, `eos`, `end_turn`, `stop_sequence`                 |
 * | `length`         | `length`, `max_tokens`                                     |
 * | `tool-calls`     | `tool_calls`, `function_call`, `tool_use`; `stop` of an answer that calls tools |
 * | `content-filter` | `content_filter`, `sensitive`                              |
 * | `other`          | anything else, and none at all                             |
 *
 * **Example** (Reading a vendor's word)
 *
 * ```ts
 * import { FinishReason } from "@understudy/chat-model/promise"
 *
 * FinishReason.fromRaw("max_tokens") // => { unified: "length", raw: "max_tokens" }
 * ```
 */

/** The word for all vendors. */
export type Unified = "stop" | "length" | "tool-calls" | "content-filter" | "other"

/** Why an answer ended. */
export interface FinishReason {
  readonly unified: Unified
  /** The vendor's word; absent when it sent none. */
  readonly raw?: string
}

const words: ReadonlyMap<string, Unified> = new Map([
  ["stop", "stop"],
  ["eos", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["tool_calls", "tool-calls"],
  ["function_call", "tool-calls"],
  ["tool_use", "tool-calls"],
  ["content_filter", "content-filter"],
  ["sensitive", "content-filter"]
])

/**
 * Reads a raw `finish_reason`. An answer that calls tools and says `stop` (OpenAI does when a certain tool was demanded)
 * waits for its tools all the same.
 */
export const fromRaw = (raw: string | null | undefined, callsTools = false): FinishReason => {
  if (raw == null || raw === "") return { unified: "other" }
  const unified = words.get(raw.toLowerCase()) ?? "other"
  return { unified: unified === "stop" && callsTools ? "tool-calls" : unified, raw }
}
