/** Durations in logarithmic buckets: a percentile costs a walk over the buckets, and is off by at most 5 %. */

const base = Math.log(1.1)
/** One millisecond to about 20 minutes. */
const size = 148

/** A distribution of milliseconds. */
export class Histogram {
  readonly counts = new Uint32Array(size)

  add(millis: number): void {
    const bucket = millis <= 1 ? 0 : Math.min(size - 1, Math.ceil(Math.log(millis) / base))
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1
  }

  /** Counts another one's values too. */
  merge({ counts }: Histogram): void {
    for (let bucket = 0; bucket < size; bucket++)
      this.counts[bucket] = (this.counts[bucket] ?? 0) + (counts[bucket] ?? 0)
  }

  /** The value below which a share of all lies; null without any. */
  percentile(share: number): number | null {
    const total = this.counts.reduce((sum, count) => sum + count, 0)
    if (total === 0) return null
    const wanted = Math.ceil(total * share)
    let seen = 0
    const bucket = this.counts.findIndex((count) => {
      seen += count
      return seen >= wanted
    })
    return Math.round(Math.exp(base * bucket) * 10) / 10
  }
}
