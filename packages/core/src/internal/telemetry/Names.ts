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
  stream: "gen_ai.request.stream",
  responseModel: "gen_ai.response.model",
  responseId: "gen_ai.response.id",
  finishReasons: "gen_ai.response.finish_reasons",
  firstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cacheRead: "gen_ai.usage.cache_read.input_tokens",
  cacheWrite: "gen_ai.usage.cache_creation.input_tokens",
  reasoning: "gen_ai.usage.reasoning.output_tokens",
  tokenType: "gen_ai.token.type",
  errorType: "error.type",
  address: "server.address",
  port: "server.port",
  status: "http.response.status_code",
  route: "understudy.route",
  key: "understudy.key",
  outcome: "understudy.outcome",
  next: "understudy.next",
  state: "understudy.state",
  attempts: "understudy.attempts",
  cost: "understudy.cost",
  attemptCost: "understudy.attempt.cost",
  currency: "understudy.currency"
} as const

/** Metrics. Durations are seconds, as OpenTelemetry has them. */
export const metric = {
  duration: "gen_ai.client.operation.duration",
  firstChunk: "gen_ai.client.operation.time_to_first_chunk",
  tokens: "gen_ai.client.token.usage",
  calls: "understudy.calls",
  attempts: "understudy.attempts",
  failovers: "understudy.failovers",
  cost: "understudy.cost",
  keys: "understudy.key.transitions",
  removedKeys: "understudy.key.removed",
  probes: "understudy.key.probes",
  circuits: "understudy.circuit.transitions",
  openCircuits: "understudy.circuit.open"
} as const
