/** Keeps key values out of reports: wherever a text quotes one, the key's name stands in its place. */
import type { Scenario } from "../../scenario/Scenario.ts"

/** Shorter values are no secrets, and would be found in ordinary words. */
const shortest = 6

/** Replaces the values of a scenario's keys by their names. */
export const of = ({ keys }: Scenario): ((text: string) => string) => {
  // Longest first: one value may be the beginning of another.
  const secrets = keys
    .filter(({ value }) => value.length >= shortest)
    .toSorted((a, b) => b.value.length - a.value.length || (a.name < b.name ? -1 : 1))
  return (text) => secrets.reduce((told, { name, value }) => told.replaceAll(value, `{${name}}`), text)
}
