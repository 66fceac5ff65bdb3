/**
 * The circuit of one target: the states and the pure transitions between them.
 *
 * ```
 *          faults in a row, or their share of a window
 * Closed ──────────────────────────────────────────────▶ Open ──its time is up──▶ HalfOpen
 *   ▲                                                      ▲                        │  one live call probes
 *   └───────────────────── it succeeds ────────────────────┼────────────────────────┤
 *                                                          └──── it fails: longer ──┘
 * ```
 *
 * Silence counts more than an error: a deadline that passes before the first content opens the circuit at once, because
 * every further caller would wait it out as well.
 *
 * The number of openings survives a close, and is forgotten once the circuit has stayed closed as long as it was last open.
 * Times are Unix milliseconds of the injected clock.
 */
import type { CircuitPolicy } from "./CircuitPolicy.ts"

/** The state of a circuit. */
export type Circuit =
  | {
      readonly _tag: "Closed"
      readonly consecutive: number
      readonly windowStart: number
      readonly calls: number
      readonly faults: number
      /** When it closed after having been open; 0 when it never was. */
      readonly closedAt: number
      readonly openings: number
      readonly lastOpen: number
    }
  | { readonly _tag: "Open"; readonly until: number; readonly openings: number; readonly lastOpen: number }
  | { readonly _tag: "HalfOpen"; readonly openings: number; readonly lastOpen: number }

/** How a call that went through ended, as far as the target is concerned. */
export type CallOutcome =
  | { readonly _tag: "Success" }
  | { readonly _tag: "Ignored" }
  | { readonly _tag: "Fault"; readonly silent: boolean; readonly retryAfter: number | undefined }

type Closed = Extract<Circuit, { _tag: "Closed" }>

/** A circuit that has seen nothing. */
export const closed: Closed = {
  _tag: "Closed",
  consecutive: 0,
  windowStart: 0,
  calls: 0,
  faults: 0,
  closedAt: 0,
  openings: 0,
  lastOpen: 0
}

const open = (openings: number, now: number, retryAfter: number | undefined, policy: CircuitPolicy): Circuit => {
  const own = Math.min(policy.openCap, policy.openDuration * 2 ** Math.min(openings, 30))
  const lastOpen = Math.max(own, retryAfter ?? 0)
  return { _tag: "Open", until: now + lastOpen, openings: openings + 1, lastOpen }
}

const rolled = (state: Closed, now: number, policy: CircuitPolicy): Closed => {
  const forgiven = state.openings > 0 && now - state.closedAt >= state.lastOpen
  const base = forgiven ? { ...state, openings: 0 } : state
  return now - state.windowStart >= policy.window ? { ...base, windowStart: now, calls: 0, faults: 0 } : base
}

const afterFault = (
  state: Closed,
  silent: boolean,
  retryAfter: number | undefined,
  now: number,
  policy: CircuitPolicy
): Circuit => {
  const next = { ...state, consecutive: state.consecutive + 1, calls: state.calls + 1, faults: state.faults + 1 }
  const byRate = next.calls >= policy.minimumCalls && next.faults / next.calls >= policy.failureRate
  const trips = silent || byRate || next.consecutive >= policy.consecutiveFailures
  return trips ? open(next.openings, now, retryAfter, policy) : next
}

/** The state after a call. In HalfOpen the call was the probe. */
export const record = (state: Circuit, outcome: CallOutcome, now: number, policy: CircuitPolicy): Circuit => {
  if (outcome._tag === "Ignored") return state
  if (state._tag !== "Closed") {
    // While it is open only a last resort gets through: its fault is no news, its success is.
    if (outcome._tag === "Fault")
      return state._tag === "Open" ? state : open(state.openings, now, outcome.retryAfter, policy)
    return { ...closed, windowStart: now, closedAt: now, openings: state.openings, lastOpen: state.lastOpen }
  }
  const current = rolled(state, now, policy)
  if (outcome._tag === "Fault") return afterFault(current, outcome.silent, outcome.retryAfter, now, policy)
  // The ordinary case allocates nothing but this: a healthy target's success.
  return { ...current, consecutive: 0, calls: current.calls + 1 }
}

/** The share of calls, between 0 and 1, that a circuit lets through: it grows after a close. */
export const share = (state: Circuit, now: number, policy: CircuitPolicy): number => {
  if (state._tag !== "Closed" || state.openings === 0) return 1
  // Never none: the first calls after a close are what proves it.
  return Math.min(1, Math.max(0.1, (now - state.closedAt) / policy.slowStart))
}
