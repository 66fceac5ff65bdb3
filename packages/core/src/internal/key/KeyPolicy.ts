/**
 * When a key is taken out, how long, and how it is asked whether it is well again. The first five settings have Higress's
 * names, and the defaults of its console.
 */
import * as Schema from "effect/Schema"
import * as Duration from "../setting/Duration.ts"
import * as Setting from "../setting/Setting.ts"

/** Longest wait between two probes, in milliseconds: at most 144 a day. */
const probeCap = 600_000

/** What a configuration can say: a provider's `keyFailover`. */
export const settings = Schema.Struct({
  failureThreshold: Setting.defaulted(Setting.Count, 1, "Failures in a row that remove a key"),
  successThreshold: Setting.defaulted(Setting.Count, 1, "Successful probes in a row that bring it back"),
  healthCheckInterval: Setting.defaulted(
    Setting.PositiveMillis,
    "5s",
    `Wait before the first probe; each failed probe doubles it, up to \`${Duration.toText(probeCap)}\``
  ),
  healthCheckTimeout: Setting.defaulted(Setting.PositiveMillis, "10s", "Time that a probe has"),
  healthCheckModel: Setting.optional(
    Setting.Text,
    "Probe with one token of this model, which costs money",
    "a free request: the list of models, or the balance where the vendor tells it"
  ),
  whenExhausted: Setting.defaulted(
    Schema.Literals(["fallback", "wait", "fail"]),
    "fallback",
    "Every key is out: `fallback`, `wait` or `fail`"
  )
})

/** What nobody has wanted to change. */
const fixed = {
  /** Failures further apart than this are not in a row. 10 min. */
  failureWindow: 600_000,
  /** First probe of a key whose balance is gone: money comes back slowly. 1 min. */
  balanceInterval: 60_000,
  probeCap,
  /** First cool-down of a limited key when the vendor states none; doubles in a row. 1 s. */
  coolDown: 1_000,
  /** Longest cool-down of our own making. 1 min: both vendors' windows are minutes. */
  coolDownCap: 60_000,
  /** Longest wait that a vendor may state for a limited key. 1 h: after that a caller's request finds out. */
  statedCap: 3_600_000,
  /** First cool-down of a key that may not use a model. 10 min, doubles up to 1 h. */
  permissionCoolDown: 600_000
}

/** Settings of a provider's key pool. Durations in milliseconds. */
export type KeyPolicy = Readonly<typeof fixed> & typeof settings.Type

/** The policy that a configuration asks for. */
export const make = (given: typeof settings.Type): KeyPolicy => ({ ...fixed, ...given })

/** `base` doubled `times` times, capped, with up to a fifth taken off by luck (`draw` in [0, 1)) against herds. */
export const backoff = (base: number, times: number, cap: number, draw: number): number => {
  const full = Math.min(cap, base * 2 ** Math.min(times, 30))
  return Math.round(full * (1 - 0.2 * draw))
}
