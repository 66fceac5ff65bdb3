/**
 * Metrics from events, in Effect's registry: whatever exporter is installed finds them there.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { CompletionUsage } from "../wire/ChatCompletion.ts"
import type { Event, Listener } from "./Event.ts"
import { attribute, metric } from "./Names.ts"

/** Bounds of durations, in seconds, as OpenTelemetry's GenAI conventions advise. */
const seconds = Metric.boundariesFromIterable([
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
])

/** Bounds of token counts, likewise. */
const tokens = Metric.boundariesFromIterable([1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576])

const duration = Metric.histogram(metric.duration, {
  description: "Duration of a call, in seconds",
  boundaries: seconds
})
const firstChunk = Metric.histogram(metric.firstChunk, {
  description: "Time to the first content, in seconds",
  boundaries: seconds
})
const usage = Metric.histogram(metric.tokens, { description: "Tokens of an answer", boundaries: tokens })
const calls = Metric.counter(metric.calls, { description: "Calls by how they ended", incremental: true })
const attempts = Metric.counter(metric.attempts, { description: "Attempts by how they ended", incremental: true })
const keys = Metric.counter(metric.keys, { description: "Changes of keys", incremental: true })
const probes = Metric.counter(metric.probes, { description: "Probes of removed keys", incremental: true })
const circuits = Metric.counter(metric.circuits, { description: "Changes of circuits", incremental: true })

type Attributes = Readonly<Record<string, string>>

/** Makes a listener that counts into the registry in force. */
export const make: Effect.Effect<Listener> = Effect.map(Effect.context<never>(), (context) => {
  const update = <Input, State>(target: Metric.Metric<Input, State>, value: Input, attributes: Attributes): void => {
    const merged = { ...Context.get(context, Metric.CurrentMetricAttributes), ...attributes }
    target.updateUnsafe(value, Context.add(context, Metric.CurrentMetricAttributes, merged))
  }
  const countTokens = (reported: CompletionUsage | undefined, attributes: Attributes): void => {
    const { completion_tokens: output, prompt_tokens: input } = reported ?? {}
    if (input !== undefined) update(usage, input, { ...attributes, [attribute.tokenType]: "input" })
    if (output !== undefined) update(usage, output, { ...attributes, [attribute.tokenType]: "output" })
  }
  const emit = (event: Event): void => {
    switch (event._tag) {
      case "AttemptEnded": {
        const { model, outcome, provider } = event.attempt
        const attributes = { [attribute.provider]: provider, [attribute.requestModel]: model }
        update(attempts, 1, { ...attributes, [attribute.outcome]: outcome })
        countTokens(event.attempt.usage, attributes)
        return
      }
      case "CallEnded": {
        const attributes = {
          [attribute.operation]: "chat",
          [attribute.route]: event.route,
          [attribute.requestModel]: event.model,
          [attribute.outcome]: event.outcome
        }
        update(calls, 1, attributes)
        update(duration, event.millis / 1000, attributes)
        if (event.firstContent !== undefined) update(firstChunk, event.firstContent / 1000, attributes)
        return
      }
      case "KeyRemoved":
      case "KeyCooling":
      case "KeyRestored":
        return update(keys, 1, {
          [attribute.provider]: event.provider,
          [attribute.key]: event.key,
          [attribute.state]: event._tag
        })
      case "KeyProbed":
        return update(probes, 1, {
          [attribute.provider]: event.provider,
          [attribute.key]: event.key,
          [attribute.outcome]: event.ok ? "ok" : "refused"
        })
      case "CircuitChanged":
        return update(circuits, 1, {
          [attribute.provider]: event.provider,
          [attribute.requestModel]: event.model,
          [attribute.state]: event.to
        })
      default:
        return
    }
  }
  return { emit }
})
