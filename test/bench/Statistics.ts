/** The few statistics that the tables need. */

/** The value below which the given share of the sorted values lies; NaN without values. */
export const quantile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** The middle value; the mean of the two middle ones of an even number. NaN without values. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? quantile(sorted, 0.5) : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2
}

/** The median of each field over records of the same fields. */
export const medians = <A extends Readonly<Record<string, number>>>(records: ReadonlyArray<A>): A => {
  const names = Object.keys(records[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, median(records.map((record) => record[name] ?? NaN))])) as A
}

/** The median over rounds of a quotient: each round's two values were measured one after the other. */
export const ratio = (above: ReadonlyArray<number>, below: ReadonlyArray<number>): number =>
  median(above.map((value, index) => value / (below[index] ?? NaN)))
