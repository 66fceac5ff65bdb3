/**
 * `health-check-cost`: keys were checked too often, or by completions that are billed.
 *
 * **Details**
 *
 * A probe is a request that belongs to no call; those about a key are counted over any window of an hour, and of half a
 * minute. What it grants:
 *
 * - the first probe after each refusal of the key's own traffic: a key that flaps may be proved each time;
 * - 120 free probes an hour; 20 billed ones, which is what intervals that double take within the first hour;
 * - completions without a call in a run that shows no calls at all: they are traffic whose mark was lost.
 */
import type { Attempt } from "../../run/Run.ts"
import * as Evidence from "../Evidence.ts"
import type { Facts } from "../Facts.ts"
import type { Finding } from "../Finding.ts"

const hour = 3_600_000

const limits = [
  { window: hour, most: 120, billed: false },
  { window: 30_000, most: 30, billed: false },
  { window: hour, most: 20, billed: true }
] as const

const isBilled = ({ path }: Attempt): boolean => path.endsWith("/chat/completions")

/** The probes of a key but for the first after each refusal. Both lists in the order of arrival. */
const repeated = (probes: ReadonlyArray<Attempt>, refusals: ReadonlyArray<Attempt>): ReadonlyArray<Attempt> => {
  let next = 0
  return probes.filter(({ at }) => {
    const before = next
    while (next < refusals.length && refusals[next]!.at <= at) next++
    return next === before
  })
}

/** The most probes in any window of this length. */
const busiest = (probes: ReadonlyArray<Attempt>, window: number): ReadonlyArray<Attempt> => {
  let [from, start, length] = [0, 0, 0]
  probes.forEach(({ at }, index) => {
    while (probes[from]!.at <= at - window) from++
    if (index + 1 - from > length) [start, length] = [from, index + 1 - from]
  })
  return probes.slice(start, start + length)
}

const ofKey = (key: string, probes: ReadonlyArray<Attempt>): ReadonlyArray<Finding> => {
  for (const { billed, most, window } of limits) {
    const found = busiest(billed ? probes.filter(isBilled) : probes, window)
    if (found.length <= most) continue
    const span = Evidence.duration(window)
    const message = {
      en: `${key} was checked ${found.length} times within ${span}${billed ? " by completions" : ""}, at most ${most} are reasonable: let intervals grow${billed ? ", and ask GET /models" : ""}.`,
      zh: `密钥 ${key} 在 ${span} 内被${billed ? "用补全请求" : ""}探测 ${found.length} 次，合理上限为 ${most} 次：请让探测间隔逐步增大${billed ? "，并改用 GET /models" : ""}。`
    }
    return [Evidence.ofAttempts("health-check-cost", message, found)]
  }
  return []
}

/** Looks at the probes of each key. */
export const find = ({ attempts, probes }: Facts): ReadonlyArray<Finding> => {
  const subject = ({ key, vendor }: Attempt): string => `${vendor}#${key}`
  const refusals = Map.groupBy(
    attempts.filter(({ status }) => status >= 400),
    subject
  )
  const counted = attempts.length === 0 ? probes.filter((probe) => !isBilled(probe)) : probes
  return [...Map.groupBy(counted, subject)].flatMap(([key, ofThis]) =>
    ofKey(ofThis[0]!.key, repeated(ofThis, refusals.get(key) ?? []))
  )
}
