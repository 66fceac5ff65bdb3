/**
 * Metrics from events, in Effect's registry: whatever exporter is installed finds them there.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import { isSent, outcomeOf } from "../../failure/Trail.ts"
import type { CallEvent, CircuitEvent, Event, KeyEvent, Listener, Operation } from "../../telemetry/Event.ts"
import * as TokenCounts from "../wire/TokenCounts.ts"
import { attribute, metric } from "./Names.ts"

/** Bounds of durations, in seconds, as OpenTelemetry's GenAI conventions advise. */
const seconds = Metric.boundariesFromIterable([
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
])

/** Bounds of token counts, likewise. */
const tokens = Metric.boundariesFromIterable([
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
])

const duration = Metric.histogram(metric.duration, {
  description: "Duration of a call, in seconds",
  boundaries: seconds,
  attributes: { unit: "s" }
})
const firstChunk = Metric.histogram(metric.firstChunk, {
  description: "Time to the first content of a stream, in seconds",
  boundaries: seconds,
  attributes: { unit: "s" }
})
const usage = Metric.histogram(metric.tokens, {
  description: "Tokens of an attempt",
  boundaries: tokens,
  attributes: { unit: "{token}" }
})
const counter = (name: string, description: string) => Metric.counter(name, { description, incremental: true })
const calls = counter(metric.calls, "Calls by how they ended")
const attempts = counter(metric.attempts, "Attempts by how they ended")
const failovers = counter(metric.failovers, "Targets that a call left for the next one")
const cost = counter(metric.cost, "What attempts cost, by the prices of the configuration")
const keys = counter(metric.keys, "Changes of keys")
const probes = counter(metric.probes, "Probes of removed keys")
const circuits = counter(metric.circuits, "Changes of circuits")
const removedKeys = Metric.gauge(metric.removedKeys, { description: "1 while a key is taken out, else 0" })
const openCircuits = Metric.gauge(metric.openCircuits, { description: "1 while a target's circuit is open, else 0" })

type Attributes = Readonly<Record<string, string>>
type Update = <Input, State>(target: Metric.Metric<Input, State>, value: Input, attributes: Attributes) => void
type Of<Tag extends CallEvent["_tag"]> = Extract<CallEvent, { readonly _tag: Tag }>

const failure = (outcome: string): Attributes => (outcome === "ok" ? {} : { [attribute.errorType]: outcome })

const onAttempt = (update: Update, operation: Operation, { attempt }: Of<"AttemptEnded">): void => {
  const { model, next, provider } = attempt
  const about = {
    [attribute.operation]: operation,
    [attribute.provider]: provider,
    [attribute.requestModel]: model
  }
  const ended = { ...about, [attribute.outcome]: outcomeOf(attempt) }
  if (next._tag === "NextTarget") update(failovers, 1, ended)
  if (!isSent(attempt)) return
  update(attempts, 1, ended)
  const { input, output } = TokenCounts.of(attempt.usage)
  if (input !== undefined) update(usage, input, { ...about, [attribute.tokenType]: "input" })
  if (output !== undefined) update(usage, output, { ...about, [attribute.tokenType]: "output" })
  if (attempt.cost !== undefined) {
    update(cost, attempt.cost.amount, { ...about, [attribute.currency]: attempt.cost.currency })
  }
}

const onCall = (update: Update, event: Of<"CallEnded">): void => {
  const { answer, firstContent, millis, model, operation, outcome, route, streamed } = event
  const about = {
    [attribute.operation]: operation,
    [attribute.route]: route,
    [attribute.requestModel]: model,
    ...(answer === undefined ? {} : { [attribute.provider]: answer.provider }),
    ...failure(outcome)
  }
  update(calls, 1, { ...about, [attribute.outcome]: outcome })
  update(duration, millis / 1000, about)
  if (streamed && firstContent !== undefined) update(firstChunk, firstContent / 1000, about)
}

const onKey = (update: Update, event: KeyEvent): void => {
  const about = { [attribute.provider]: event.provider, [attribute.key]: event.key }
  if (event._tag === "KeyProbed") {
    return update(probes, 1, { ...about, [attribute.outcome]: event.ok ? "ok" : "refused" })
  }
  update(keys, 1, { ...about, [attribute.state]: event._tag })
  if (event._tag !== "KeyCooling") update(removedKeys, event._tag === "KeyRemoved" ? 1 : 0, about)
}

const onCircuit = (update: Update, { model, provider, to }: CircuitEvent): void => {
  const about = { [attribute.provider]: provider, [attribute.requestModel]: model }
  update(circuits, 1, { ...about, [attribute.state]: to })
  update(openCircuits, to === "Open" ? 1 : 0, about)
}

/** Makes a listener that counts into the registry in force. */
export const make: Effect.Effect<Listener> = Effect.map(Effect.context<never>(), (context) => {
  const operations = new Map<number, Operation>()
  const update: Update = (target, value, attributes) => {
    const merged = { ...Context.get(context, Metric.CurrentMetricAttributes), ...attributes }
    target.updateUnsafe(value, Context.add(context, Metric.CurrentMetricAttributes, merged))
  }
  const emit = (event: Event): void => {
    switch (event._tag) {
      case "CallStarted":
        operations.set(event.call, event.operation)
        return
      case "AttemptStarted":
        return
      case "AttemptEnded":
        return onAttempt(update, operations.get(event.call) ?? "chat", event)
      case "CallEnded":
        operations.delete(event.call)
        return onCall(update, event)
      case "CircuitChanged":
        return onCircuit(update, event)
      default:
        return onKey(update, event)
    }
  }
  return { emit }
})
