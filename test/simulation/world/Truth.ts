/**
 * The truth about a schedule: what each fault is, what it strikes and when. The oracle judges by this, never by what the
 * engine made of it.
 */
import { type Fault, type FaultKind, keysOf, type Plan } from "./Plan.ts"

/**
 * Whose fault it is.
 *
 * - `key`: this key is bad. `account`: its account has no money. `limit`: its account is limited on this model.
 *   `permission`: this key may not use this model.
 * - `target`: the model at this provider is broken. `model`: it does not exist there. `slow`: it answers, but late.
 */
export type Scope = "key" | "account" | "limit" | "permission" | "target" | "model" | "slow"

interface Truth {
  readonly scope: Scope
  /** Whether the free endpoint shows it; what shows in the body of a completion alone does not. */
  readonly probed: boolean
  /** The reasons by which a route may name it. */
  readonly reasons: ReadonlyArray<string>
}

const key = (scope: Scope, ...reasons: ReadonlyArray<string>): Truth => ({ scope, probed: true, reasons })
const target = (...reasons: ReadonlyArray<string>): Truth => ({ scope: "target", probed: true, reasons })
const hidden = (scope: Scope, ...reasons: ReadonlyArray<string>): Truth => ({ scope, probed: false, reasons })
const inAnswer = (...reasons: ReadonlyArray<string>): Truth => hidden("target", ...reasons)

/** What each kind is. */
export const truths: Readonly<Record<FaultKind, Truth>> = {
  badKey: key("key", "Unauthorized"),
  arrears: key("account", "BalanceExhausted"),
  freeTier: key("account", "BalanceExhausted"),
  forbidden: hidden("permission", "PermissionDenied"),
  rateLimit: hidden("limit", "RateLimited"),
  overload: target("Overloaded"),
  serverError: target("ServerFailed"),
  slowError: target("Overloaded", "TimedOut"),
  refused: target("ConnectionFailed"),
  unconnected: target("TimedOut"),
  reset: target("ConnectionFailed"),
  silent: target("TimedOut"),
  noContent: inAnswer("TimedOut"),
  keepAlives: target("TimedOut"),
  stall: inAnswer("TimedOut"),
  cut: target("Interrupted"),
  eof: inAnswer("Interrupted", "MalformedResponse", "EmptyResponse"),
  malformed: inAnswer("MalformedResponse", "Interrupted"),
  errorEvent: inAnswer("ServerFailed"),
  gaveUp: inAnswer("Interrupted"),
  empty: inAnswer("EmptyResponse"),
  partial: inAnswer("Interrupted"),
  slow: hidden("slow", "TimedOut"),
  modelGone: hidden("model", "ModelNotFound")
}

/** The whole of a vendor, its free endpoint included, or only one model of it? */
export const isKeyScope = (scope: Scope): boolean => scope === "key" || scope === "account"

/** True when the fault is on at this instant. */
export const isOn = (fault: Fault, at: number): boolean => {
  if (at < fault.from || at >= fault.until) return false
  return fault.flap === undefined || (at - fault.from) % fault.flap.period < fault.flap.on
}

/** True when the fault's window touches [from, to], whether or not it flaps inside. */
export const touches = (fault: Fault, from: number, to: number): boolean => fault.from <= to && fault.until > from

/** True when the fault strikes this request; `model` undefined is the free endpoint. */
export const strikes = (fault: Fault, provider: string, model: string | undefined, key: string): boolean =>
  fault.provider === provider &&
  (fault.model === undefined || fault.model === model) &&
  (fault.keys === undefined || fault.keys.includes(key))

/** True when the free endpoint shows the fault. */
export const isShownToProbes = (fault: Fault): boolean =>
  fault.model === undefined && fault.hidden !== true && truths[fault.kind].probed

/** Milliseconds of the wait that a fault states in a way that counts for what it is; undefined when it states none. */
export const statedBy = ({ kind, retryAfter, stated }: Fault): number | undefined => {
  if (retryAfter === undefined || stated === "nonsense") return undefined
  const isOfLimit = stated === "reset" || stated === "words"
  return isOfLimit && truths[kind].scope !== "limit" ? undefined : retryAfter * 1_000
}

/** The other keys of a key's account, itself included. */
export const accountOf = (plan: Plan, provider: string, key: string): ReadonlyArray<string> => {
  const keys = keysOf(plan.providers[provider]!)
  const account = keys.find(({ value }) => value === key)?.account
  return keys.filter((each) => each.account === account).map(({ value }) => value)
}
