/**
 * Every name under which the core appears in traces and metrics, in one place: OpenTelemetry's GenAI conventions where they
 * have one, `understudy.*` where they have none.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */

/** Attributes of spans and metrics. */
export const attribute = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  tokenType: "gen_ai.token.type",
  errorType: "error.type",
  route: "understudy.route",
  key: "understudy.key",
  outcome: "understudy.outcome",
  next: "understudy.next",
  state: "understudy.state"
} as const

/** Metrics. Durations are seconds, as OpenTelemetry has them. */
export const metric = {
  duration: "gen_ai.client.operation.duration",
  firstChunk: "gen_ai.client.operation.time_to_first_chunk",
  tokens: "gen_ai.client.token.usage",
  calls: "understudy.calls",
  attempts: "understudy.attempts",
  keys: "understudy.key.transitions",
  probes: "understudy.key.probes",
  circuits: "understudy.circuit.transitions"
} as const
