/** How the lab's reports are written for this terminal, or for the log that stands in its place. */
import type * as Terminal from "@understudy/lab/report/Terminal"
import * as Style from "../internal/Style.ts"
import type { Language } from "../Language.ts"

/** Wider than this, timelines are no clearer. */
const widest = 140

/** Options for reports on standard output. */
export const options = (language: Language): Terminal.Options => ({
  language,
  width: Math.min(widest, process.stdout.columns ?? 100),
  colour: Style.canColour(process.stdout)
})
