/**
 * The circuit of one target: the states and the pure transitions between them.
 *
 * ```
 *          faults in a row, or their share of a window
 * Closed ──────────────────────────────────────────────▶ Open ──its time is up──▶ HalfOpen
 *   ▲                                                      ▲                        │  one live call probes
 *   └───────────────────── it succeeds ────────────────────┼────────────────────────┤
 *                                                          └───────── it fails ─────┘
 * ```
 *
 * Silence counts more than an error: a deadline that passes before the first content opens the circuit at once, because
 * every further caller would wait it out as well.
 *
 * A fault that cost its caller time doubles the time until the next look; one that came at once leaves it as it is, so that
 * a target which refuses quickly is in use again soon after it is well. A stated wait counts up to `openCap`.
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
      readonly doublings: number
      readonly lastOpen: number
    }
  | ({ readonly _tag: "Open"; readonly until: number } & Openings)
  | ({ readonly _tag: "HalfOpen" } & Openings)

interface Openings {
  /** How often it opened in a row. */
  readonly openings: number
  /** How often it opened in a row by a fault that cost a caller time: each doubles the next time that such a one opens it. */
  readonly doublings: number
  /** How long it was last open, in milliseconds. */
  readonly lastOpen: number
}

/** How a call that went through ended, as far as the target is concerned. */
export type CallOutcome = { readonly _tag: "Success" } | { readonly _tag: "Ignored" } | Fault

interface Fault {
  readonly _tag: "Fault"
  /** Nothing came within a deadline: opens the circuit at once. */
  readonly silent: boolean
  /** It cost its caller time: worth keeping others from for longer and longer. */
  readonly costly: boolean
  /** The vendor's stated wait, in milliseconds. */
  readonly retryAfter: number | undefined
}

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
  doublings: 0,
  lastOpen: 0
}

const open = (before: Openings, { costly, retryAfter }: Fault, now: number, policy: CircuitPolicy): Circuit => {
  // What fails within milliseconds costs next to nothing to look at again.
  const own = policy.openDuration * 2 ** (costly ? Math.min(before.doublings, 30) : 0)
  const lastOpen = Math.min(policy.openCap, Math.max(own, retryAfter ?? 0))
  const doublings = before.doublings + (costly ? 1 : 0)
  return { _tag: "Open", until: now + lastOpen, openings: before.openings + 1, doublings, lastOpen }
}

const rolled = (state: Closed, now: number, policy: CircuitPolicy): Closed => {
  const forgiven = state.openings > 0 && now - state.closedAt >= state.lastOpen
  const base = forgiven ? { ...state, openings: 0, doublings: 0 } : state
  return now - state.windowStart >= policy.window ? { ...base, windowStart: now, calls: 0, faults: 0 } : base
}

const afterFault = (state: Closed, fault: Fault, now: number, policy: CircuitPolicy): Circuit => {
  const next = { ...state, consecutive: state.consecutive + 1, calls: state.calls + 1, faults: state.faults + 1 }
  const byRate = next.calls >= policy.minimumCalls && next.faults / next.calls >= policy.failureRate
  const trips = fault.silent || byRate || next.consecutive >= policy.consecutiveFailures
  return trips ? open(next, fault, now, policy) : next
}

/** The state after a call. In HalfOpen the call was the probe. */
export const record = (state: Circuit, outcome: CallOutcome, now: number, policy: CircuitPolicy): Circuit => {
  if (outcome._tag === "Ignored") return state
  if (state._tag !== "Closed") {
    // While it is open only a last resort gets through: its fault is no news, its success is.
    if (outcome._tag === "Fault") return state._tag === "Open" ? state : open(state, outcome, now, policy)
    const { doublings, lastOpen, openings } = state
    return { ...closed, windowStart: now, closedAt: now, openings, doublings, lastOpen }
  }
  const current = rolled(state, now, policy)
  if (outcome._tag === "Fault") return afterFault(current, outcome, now, policy)
  // The ordinary case allocates nothing but this: a healthy target's success.
  return { ...current, consecutive: 0, calls: current.calls + 1 }
}

/** The share of calls, between 0 and 1, that a circuit lets through: it grows after a close. */
export const share = (state: Circuit, now: number, policy: CircuitPolicy): number => {
  if (state._tag !== "Closed" || state.openings === 0) return 1
  // Never none: the first calls after a close are what proves it.
  return Math.min(1, Math.max(0.1, (now - state.closedAt) / policy.slowStart))
}
