/**
 * What checks have in common: they tell every issue, and never stop at the first.
 */
import type { VendorName } from "@understudy/mocks/VendorList"
import type { PathPlan } from "./Routing.ts"
import type { Path } from "./ScenarioError.ts"

/** Takes down one issue. */
export type Report = (path: Path, message: string) => void

/** A moment or length as people write it. */
export const seconds = (millis: number): string => `${millis / 1000}s`

/** A name as it may be shown: where a key's value was written by mistake, it is not repeated. */
export const shown = (name: string): string => (name.startsWith("sk-") ? "that value" : `"${name}"`)

/** The same, and whether it has taken anything down. */
export const counting = (report: Report): { readonly report: Report; readonly isSilent: () => boolean } => {
  let told = 0
  return {
    report: (path, message) => {
      told++
      report(path, message)
    },
    isSilent: () => told === 0
  }
}

/** What the checks of faults need to know of the scenario. */
export interface Context {
  readonly report: Report
  /** When the last call is made; infinite when the traffic is not to be read. */
  readonly length: number
  /** The vendors of the keys and of the accounts, by name. */
  readonly keys: ReadonlyMap<string, VendorName>
  readonly accounts: ReadonlyMap<string, VendorName>
  /** Where requests can go; nothing where nobody can say. */
  readonly paths: ReadonlyArray<PathPlan>
}
