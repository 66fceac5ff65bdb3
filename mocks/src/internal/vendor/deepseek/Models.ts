/**
 * DeepSeek's model names, before and after July 2026, and what each does.
 *
 * On 2026-07-24 `deepseek-chat` and `deepseek-reasoner` were retired. The mock lists today's names and knows both generations unless it
 * is told to be of one year: each name is answered as it was in its own time.
 */
import { type ChatRequest, isFields } from "../ChatRequest.ts"
import type { Catalogue } from "../Personality.ts"

/** The time that a name belongs to. */
export type Era = Exclude<Catalogue, "both">

interface Model {
  readonly era: Era
  /** False for a name that is still answered, but no longer listed. */
  readonly listed: boolean
  readonly images: boolean
}

const retired: Model = { era: "2025", listed: true, images: false }
const superseded: Model = { era: "2026", listed: false, images: true }

const models: Readonly<Record<string, Model>> = {
  "deepseek-flash": { era: "2026", listed: true, images: true },
  "deepseek-v4-pro": { era: "2026", listed: true, images: false },
  "deepseek-v4-flash": superseded,
  "deepseek-v4-flash-vision-exp": superseded,
  "deepseek-chat": retired,
  "deepseek-reasoner": retired
}

const find = (name: string): Model | undefined => (Object.hasOwn(models, name) ? models[name] : undefined)

/** Whether a catalogue has the name. */
export const accepts = (catalogue: Catalogue, name: string): boolean => {
  const era = find(name)?.era
  return era !== undefined && (catalogue === "both" || catalogue === era)
}

/** The time whose rules hold for a request of that model; names that do not exist are refused as today. */
export const eraOf = (catalogue: Catalogue, name: string): Era =>
  catalogue === "both" ? (find(name)?.era ?? "2026") : catalogue

/** Whether the model takes images. A model of which only a recording is known takes everything. */
export const sees = (name: string): boolean => find(name)?.images ?? true

const roles2025 = ["system", "user", "assistant", "tool"]

/** Who may speak. */
export const roles: Readonly<Record<Era, ReadonlyArray<string>>> = {
  "2025": roles2025,
  "2026": [...roles2025, "latest_reminder"]
}

/** The largest `max_tokens`. */
export const maxTokens: Readonly<Record<Era, number>> = { "2025": 8192, "2026": 393216 }

/** Tokens of a context, the answer included. */
export const context: Readonly<Record<Era, number>> = { "2025": 131_072, "2026": 1_000_000 }

/** `system_fingerprint` by era. */
export const fingerprint: Readonly<Record<Era, string>> = {
  "2025": "fp_eaab8d114b_prod0820_fp8_kvcache",
  "2026": "a1f3c09be27d4b5f8e6035d2c7914ab8"
}

/** Whether the model reasons: `thinking` decides where it is given, else the name; V4 reasons by default. */
export const thinks = (request: ChatRequest): boolean => {
  const thinking = request.raw["thinking"]
  if (isFields(thinking) && typeof thinking["type"] === "string") return thinking["type"] !== "disabled"
  return request.model === "deepseek-reasoner" || find(request.model)?.era === "2026"
}

const recent = (id: string): object => ({
  id,
  object: "model",
  owned_by: "deepseek",
  name: id,
  context_window: context["2026"],
  max_output_tokens: maxTokens["2026"],
  input_modalities: sees(id) ? ["text", "image"] : ["text"],
  output_modalities: ["text"],
  effort: { supported_levels: ["low", "high", "max"], default_level: "high" },
  api_capabilities: { chat_completions: true, tools: true, json_output: true, prefix_completion: true }
})

/** The names that a catalogue lists; those of 2025 where it is theirs alone. */
export const listed = (catalogue: Catalogue): ReadonlyArray<string> =>
  Object.keys(models).filter(
    (name) => models[name]?.listed === true && models[name].era === (catalogue === "2025" ? "2025" : "2026")
  )

/** The body of `GET /models`. */
export const list = (catalogue: Catalogue): string =>
  JSON.stringify({
    object: "list",
    data: listed(catalogue).map((id) =>
      eraOf(catalogue, id) === "2025" ? { id, object: "model", owned_by: "deepseek" } : recent(id)
    )
  })
