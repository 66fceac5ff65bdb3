/**
 * DeepSeek's model names, before and after July 2026, and what each does.
 */
import { type ChatRequest, isFields } from "../internal/ChatRequest.ts"
import type { Catalogue } from "../internal/Personality.ts"

/** The names that a catalogue accepts. */
export const accepted: Record<Catalogue, ReadonlyArray<string>> = {
  "2025": ["deepseek-chat", "deepseek-reasoner"],
  "2026": ["deepseek-v4-flash", "deepseek-v4-pro", "deepseek-flash"]
}

/** The largest `max_tokens`. */
export const maxTokens: Record<Catalogue, number> = { "2025": 8192, "2026": 393216 }

/** `system_fingerprint` by era. */
export const fingerprint: Record<Catalogue, string> = {
  "2025": "fp_eaab8d114b_prod0820_fp8_kvcache",
  "2026": "a1f3c09be27d4b5f8e6035d2c7914ab8"
}

/** Whether the model reasons: `thinking` decides where it is given, else the name; V4 reasons by default. */
export const thinks = (request: ChatRequest): boolean => {
  const thinking = request.raw["thinking"]
  if (isFields(thinking) && typeof thinking["type"] === "string") return thinking["type"] !== "disabled"
  return (
    request.model === "deepseek-reasoner" ||
    request.model.startsWith("deepseek-v4") ||
    request.model === "deepseek-flash"
  )
}

const recent = (id: string): object => ({
  id,
  object: "model",
  owned_by: "deepseek",
  name: id,
  context_window: 1_000_000,
  max_output_tokens: maxTokens["2026"],
  input_modalities: id === "deepseek-flash" ? ["text", "image"] : ["text"],
  output_modalities: ["text"],
  effort: { supported_levels: ["low", "high", "max"], default_level: "high" },
  api_capabilities: { chat_completions: true, tools: true, json_output: true, prefix_completion: true }
})

/** The body of `GET /models`. */
export const list = (catalogue: Catalogue): string =>
  JSON.stringify({
    object: "list",
    data: accepted[catalogue].map((id) =>
      catalogue === "2025" ? { id, object: "model", owned_by: "deepseek" } : recent(id)
    )
  })
