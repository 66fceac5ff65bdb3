/** A run with its verdict: what every report is made from. */
import type { Run } from "../run/Run.ts"
import type { Verdict } from "../verdict/Verdict.ts"

/** One run and what was found in it. */
export interface Judged {
  readonly run: Run
  readonly verdict: Verdict
  /** Real milliseconds that the run took, where it was run here: on a virtual clock far fewer than it lasted. */
  readonly took?: number
  /** The command that runs it again, where one does: a client made in code is in none. */
  readonly command?: string
}
