/**
 * The settings of a request under OpenTelemetry's names: what may be told of it without telling what was said.
 */
import type { ModelRequest } from "../../wire/ChatCompletion.ts"

/** Attributes of a request. */
export type Parameters = Readonly<Record<string, string | number>>

const names = Object.entries({
  temperature: "gen_ai.request.temperature",
  top_p: "gen_ai.request.top_p",
  top_k: "gen_ai.request.top_k",
  max_tokens: "gen_ai.request.max_tokens",
  max_completion_tokens: "gen_ai.request.max_tokens",
  presence_penalty: "gen_ai.request.presence_penalty",
  frequency_penalty: "gen_ai.request.frequency_penalty",
  seed: "gen_ai.request.seed",
  reasoning_effort: "gen_ai.request.reasoning.level",
  n: "gen_ai.request.choice.count",
  dimensions: "gen_ai.embeddings.dimension.count"
})

/** Reads the settings that are there. */
export const of = (request: ModelRequest): Parameters => {
  const parameters: Record<string, string | number> = {}
  for (const [field, name] of names) {
    const value = request[field]
    if (typeof value === "number" || typeof value === "string") parameters[name] = value
  }
  return parameters
}
