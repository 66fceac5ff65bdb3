/**
 * When a target is left alone, how long, and how it comes back.
 */
import * as Schema from "effect/Schema"
import * as Setting from "../setting/Setting.ts"

/** What a configuration can say: a provider's `circuit`. */
export const settings = Schema.Struct({
  consecutiveFailures: Setting.defaulted(Setting.Count, 5, "Faults in a row that open the circuit"),
  failureRate: Setting.defaulted(Setting.Fraction, 0.5, "Share of faulty calls, 0 to 1, that opens it"),
  minimumCalls: Setting.defaulted(Setting.Count, 20, "Calls that the window must hold before the share counts"),
  window: Setting.defaulted(Setting.PositiveMillis, "30s", "Length of the window"),
  openDuration: Setting.defaulted(
    Setting.PositiveMillis,
    "10s",
    "Time that it stays open; doubles while its probes fail and cost callers a second or more"
  ),
  openCap: Setting.defaulted(
    Setting.PositiveMillis,
    "2m",
    "Longest time that it stays open, whatever `Retry-After` says"
  ),
  slowStart: Setting.defaulted(
    Setting.Millis,
    "10s",
    "Time after closing in which the target's share of calls grows to the whole"
  )
})

/** Settings of the circuits. Durations in milliseconds. */
export type CircuitPolicy = typeof settings.Type
