/**
 * When a target is left alone, how long, and how it comes back.
 */

/** Settings of the circuits. Durations in milliseconds. */
export interface CircuitPolicy {
  /** Faults in a row that open the circuit. Default 5. */
  readonly consecutiveFailures: number
  /** Share of faulty calls, between 0 and 1, that opens it. Default 0.5. */
  readonly failureRate: number
  /** Calls that a window must hold before the share counts. Default 20. */
  readonly minimumCalls: number
  /** Length of the window. Default 30 s. */
  readonly window: number
  /** Time that the circuit stays open; doubles while the probes fail in a way that costs callers time. Default 10 s. */
  readonly openDuration: number
  /** Longest time that it stays open, whatever the vendor states. Default 2 min. */
  readonly openCap: number
  /** Time after closing in which the target's share of calls grows to the whole. Default 10 s. */
  readonly slowStart: number
}

/** The defaults. */
export const defaults: CircuitPolicy = {
  consecutiveFailures: 5,
  failureRate: 0.5,
  minimumCalls: 20,
  window: 30_000,
  openDuration: 10_000,
  openCap: 120_000,
  slowStart: 10_000
}
