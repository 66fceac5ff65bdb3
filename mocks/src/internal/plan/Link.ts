/**
 * The way between a vendor and its clients: how late answers begin and how fast their bytes come, drawn from the seed.
 *
 * Latency is log-normal through the median and the 99th percentile. A `tail` (the 99.99th) makes what lies beyond a power law:
 * rare answers that take very long, as real services have them. Refusals come at once.
 */
import type { Plan, Step } from "../../Plan.ts"
import type { Scene } from "../vendor/Personality.ts"
import * as Check from "./Check.ts"
import * as Random from "./Random.ts"

/** How a vendor's answers come. What is left out takes no time. */
export interface LinkSpec {
  /** How long an answer takes to begin. */
  readonly latency?: {
    /** Half of the answers take no longer. */
    readonly median: Check.Duration
    /** 99 of 100 take no longer; the median unless told otherwise. */
    readonly p99?: Check.Duration
    /** 9,999 of 10,000 take no longer; as the two others have it unless told otherwise. */
    readonly tail?: Check.Duration
  }
  /** Bytes of an answer a second. */
  readonly bandwidth?: number
}

/** A link that was accepted. */
export interface Link {
  /** Milliseconds until an answer begins, by a share drawn in [0, 1). */
  readonly latency: (share: number) => number
  /** Milliseconds that so many bytes take. */
  readonly transfer: (bytes: number) => number
}

/** The quantile of the standard normal distribution (Acklam's approximation, good to nine digits), from 0.02425 upwards. */
const upper = (share: number): number => {
  if (share > 0.97575) {
    const q = Math.sqrt(-2 * Math.log(1 - share))
    const above =
      ((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
      2.938163982698783
    return (
      -above /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    )
  }
  const q = share - 0.5
  const r = q * q
  const above =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
      2.506628277459239) *
    q
  return (
    above /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
      1)
  )
}

const quantile = (share: number): number => (share < 0.5 ? -upper(1 - share) : upper(share))

const ninetyNine = upper(0.99)

/** Accepts a link or says what is wrong with it. */
export const make = (field: string, input: LinkSpec): Link => {
  const { bandwidth, latency } = Check.object(field, input, ["latency", "bandwidth"])
  const bytes = Check.optional(bandwidth, (value) => Check.integer(`${field}.bandwidth`, value, 1))
  const transfer = (sent: number): number => (bytes === undefined ? 0 : (sent * 1000) / bytes)
  if (latency === undefined) return { latency: () => 0, transfer }
  const spec = Check.object(`${field}.latency`, latency, ["median", "p99", "tail"])
  const median = Check.duration(`${field}.latency.median`, spec["median"])
  const p99 = Check.optional(spec["p99"], (value) => Check.duration(`${field}.latency.p99`, value)) ?? median
  const tail = Check.optional(spec["tail"], (value) => Check.duration(`${field}.latency.tail`, value))
  if (median <= 0) throw new Check.BadInput(`${field}.latency.median`, "a duration greater than 0", spec["median"])
  if (p99 < median) throw new Check.BadInput(`${field}.latency.p99`, "at least the median", spec["p99"])
  if (tail !== undefined && tail < p99) throw new Check.BadInput(`${field}.latency.tail`, "at least p99", spec["tail"])
  const spread = Math.log(p99 / median) / ninetyNine
  const power = tail === undefined ? 0 : Math.log(tail / p99) / Math.log(100)
  return {
    transfer,
    latency: (share) =>
      tail !== undefined && share > 0.99
        ? p99 * (0.01 / (1 - share)) ** power
        : median * Math.exp(spread * quantile(Math.max(share, 1e-9)))
  }
}

/** A good answer as it comes over the link of its vendor. */
export const over = (plan: Plan, link: Link | undefined, scene: Pick<Scene, "id" | "stream">, seed: number): Plan => {
  if (link === undefined) return plan
  const late = Math.round(link.latency(Random.make(seed, "link", scene.id).next()))
  const first = scene.stream ? plan.steps.findIndex((step) => step.chunks > 0) : -1
  let owed = 0
  const steps = plan.steps.map((step, index): Step => {
    owed += link.transfer(Buffer.byteLength(step.data as string))
    const whole = Math.floor(owed)
    owed -= whole
    return { ...step, after: step.after + whole + (index === first ? late : 0) }
  })
  return { ...plan, opening: { ...plan.opening, after: plan.opening.after + (first < 0 ? late : 0) }, steps }
}
