/**
 * When a key is taken out, how long, and how it is asked whether it is well again. The first four settings have Higress's
 * names and the defaults of its console.
 */

/** Settings of a provider's key pool. Durations in milliseconds. */
export interface KeyPolicy {
  /** Failures in a row that remove a key. Default 1. */
  readonly failureThreshold: number
  /** Successful probes in a row that restore it. Default 1. */
  readonly successThreshold: number
  /** Wait before the first probe; each failed probe doubles it, up to `probeCap`. Default 5 s. */
  readonly healthCheckInterval: number
  /** Time that a probe has. Default 10 s. */
  readonly healthCheckTimeout: number
  /** Failures further apart than this are not in a row. Default 10 min. */
  readonly failureWindow: number
  /** First probe of a key whose balance is gone: money comes back slowly. Default 1 min. */
  readonly balanceInterval: number
  /** Longest wait between two probes. Default 10 min: at most 144 a day. */
  readonly probeCap: number
  /** First cool-down of a limited key when the vendor states none; doubles in a row. Default 1 s. */
  readonly coolDown: number
  /** Longest cool-down of our own making. Default 1 min: both vendors' windows are minutes. */
  readonly coolDownCap: number
  /** Longest wait that a vendor may state for a limited key. Default 1 h: after that a caller's request finds out. */
  readonly statedCap: number
  /** First cool-down of a key that may not use a model. Default 10 min, doubles up to 1 h. */
  readonly permissionCoolDown: number
}

/** The defaults. */
export const defaults: KeyPolicy = {
  failureThreshold: 1,
  successThreshold: 1,
  healthCheckInterval: 5_000,
  healthCheckTimeout: 10_000,
  failureWindow: 600_000,
  balanceInterval: 60_000,
  probeCap: 600_000,
  coolDown: 1_000,
  coolDownCap: 60_000,
  statedCap: 3_600_000,
  permissionCoolDown: 600_000
}

/** `base` doubled `times` times, capped, with up to a fifth taken off by luck (`draw` in [0, 1)) against herds. */
export const backoff = (base: number, times: number, cap: number, draw: number): number => {
  const full = Math.min(cap, base * 2 ** Math.min(times, 30))
  return Math.round(full * (1 - 0.2 * draw))
}
