/**
 * The states of a key and the pure transitions between them.
 *
 * ```
 *            failure x failureThreshold, arrears
 * Available ────────────────────────────────────▶ Removed ──probe x successThreshold──▶ Available
 *     │  ▲                                            (or a success as the last resort)
 *     │  └─ the clock, then a success ─┐
 *     └──── limited ────────────▶ Cooling (doubles when repeated in a row)
 * ```
 *
 * A key has one such state for itself, and for each model one as limited and one as forbidden: a limit is no word on what the
 * key may use. Times are Unix milliseconds of the injected clock.
 */
import { type ReasonTag, reasons } from "../failure/Reason.ts"
import { backoff, type KeyPolicy } from "../internal/key/KeyPolicy.ts"

/** The state of a key, or of a key for one model. */
export type KeyState =
  | { readonly _tag: "Available"; readonly consecutiveFailures: number; readonly lastFailureAt: number }
  | Cooling
  | {
      readonly _tag: "Removed"
      readonly reason: ReasonTag
      readonly since: number
      readonly consecutiveSuccesses: number
      readonly probes: number
      readonly nextProbeAt: number
    }
  | { readonly _tag: "Disabled" }

/** Out for a model until the clock says otherwise; `times` in a row for this reason. */
export interface Cooling {
  readonly _tag: "Cooling"
  readonly reason: ReasonTag
  readonly until: number
  readonly times: number
}

/** A fresh or recovered key. */
export const available: KeyState = { _tag: "Available", consecutiveFailures: 0, lastFailureAt: 0 }

/** May user traffic use the key now? A cool-down ends by the clock. */
export const isUsable = (state: KeyState, now: number): boolean =>
  state._tag === "Available" || (state._tag === "Cooling" && state.until <= now)

/** Milliseconds until the key may be usable again; undefined where only an operator can bring it back. */
export const dueIn = (state: KeyState, now: number): number | undefined => {
  switch (state._tag) {
    case "Available":
      return 0
    case "Cooling":
      return Math.max(0, state.until - now)
    case "Removed":
      return Math.max(0, state.nextProbeAt - now)
    case "Disabled":
      return undefined
  }
}

/** Money comes back slowly. */
const probeInterval = (reason: ReasonTag, policy: KeyPolicy): number =>
  reasons[reason].about === "money" ? policy.balanceInterval : policy.healthCheckInterval

/** Takes the key out at once. */
export const remove = (reason: ReasonTag, now: number, policy: KeyPolicy): KeyState => ({
  _tag: "Removed",
  reason,
  since: now,
  consecutiveSuccesses: 0,
  probes: 0,
  nextProbeAt: now + probeInterval(reason, policy)
})

/** Counts one failure of the key's own; the last of `failureThreshold` in a row removes it. */
export const fail = (state: KeyState, reason: ReasonTag, now: number, policy: KeyPolicy): KeyState => {
  if (state._tag === "Removed" || state._tag === "Disabled") return state
  const inWindow = state._tag === "Available" && now - state.lastFailureAt <= policy.failureWindow
  const failures = (inWindow ? state.consecutiveFailures : 0) + 1
  return failures >= policy.failureThreshold
    ? remove(reason, now, policy)
    : { _tag: "Available", consecutiveFailures: failures, lastFailureAt: now }
}

/** Cools the key: for the stated wait up to `statedCap`, or for a backoff that doubles with each repetition in a row. */
export const cool = (
  before: Cooling | undefined,
  reason: ReasonTag,
  stated: number | undefined,
  now: number,
  policy: KeyPolicy,
  draw: number
): Cooling => {
  const times = before?.times ?? 0
  const own =
    reasons[reason].about === "permission"
      ? backoff(policy.permissionCoolDown, times, policy.permissionCoolDown * 6, draw)
      : backoff(policy.coolDown, times, policy.coolDownCap, draw)
  return { _tag: "Cooling", reason, until: now + Math.min(stated ?? own, policy.statedCap), times: times + 1 }
}

/** An answer came with this key: whatever was held against it is over. */
export const succeed = (state: KeyState): KeyState => (state._tag === "Disabled" ? state : available)

/** The outcome of a probe. A failed one starts the successes over and doubles the wait for the next. */
export const probed = (state: KeyState, ok: boolean, now: number, policy: KeyPolicy, draw: number): KeyState => {
  if (state._tag !== "Removed") return state
  if (!ok) {
    const probes = state.probes + 1
    const base = probeInterval(state.reason, policy)
    const nextProbeAt = now + backoff(base, probes, Math.max(base, policy.probeCap), draw)
    return { ...state, consecutiveSuccesses: 0, probes, nextProbeAt }
  }
  const successes = state.consecutiveSuccesses + 1
  return successes >= policy.successThreshold
    ? available
    : { ...state, consecutiveSuccesses: successes, nextProbeAt: now + policy.healthCheckInterval }
}
