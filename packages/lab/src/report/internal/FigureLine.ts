/** The figures of a run in one line. */
import type { Figures } from "../../verdict/Verdict.ts"
import type { Text } from "../Text.ts"
import * as Format from "./Format.ts"

/** The parts, in the order in which they are read. */
export const parts = (text: Text, figures: Figures): ReadonlyArray<string> => [
  text.share(Format.percent(figures.availability)),
  text.someCalls(Format.count(figures.calls)),
  ...(figures.rejected === 0 ? [] : [text.rejected(Format.count(figures.rejected))]),
  text.someAttempts(Format.count(figures.attempts)),
  text.most(Format.count(figures.mostAttempts)),
  text.probes(Format.count(figures.probes)),
  text.median(Format.duration(figures.medianAnswer)),
  text.p95(Format.duration(figures.p95Answer)),
  text.slowest(Format.duration(figures.slowestAnswer)),
  text.tokens(Format.count(figures.tokens))
]
