/** How long things last, for people: `45s`, `4m`, `1h30m`. */

/** Milliseconds as people write them; parts that are nothing are left out. */
export const toLabel = (millis: number): string => {
  const seconds = Math.round(millis / 1000)
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"]
  ] as const
  const label = parts.map(([amount, unit]) => (amount === 0 ? "" : `${amount}${unit}`)).join("")
  return label === "" ? "0s" : label
}
