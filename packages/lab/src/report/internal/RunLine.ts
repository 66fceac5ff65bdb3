/** How a run was made, and what could not be judged because of it. */
import type { Run } from "../../run/Run.ts"
import type { Judged } from "../Judged.ts"
import type { Text } from "../Text.ts"
import * as Format from "./Format.ts"

/** The runner, and how much faster than the client's own time its time went by. */
export const runner = (text: Text, { clock, runner: name }: Run): string =>
  [text.runners[name], ...(clock === undefined || clock.speed === 1 ? [] : [text.faster(String(clock.speed))])].join(
    " · "
  )

/** What was not judged, and why; undefined where everything was. */
export const notJudged = (text: Text, { run, verdict }: Judged): string | undefined => {
  const { clock, rest } = run
  const notes = [
    ...(verdict.withheld.length === 0
      ? []
      : [text.withheld(verdict.withheld.join(", "), Format.duration(clock?.jumped ?? 0))]),
    ...(rest === undefined || rest.beyond === 0 ? [] : [text.beyond(Format.count(rest.beyond))])
  ]
  return notes.length === 0 ? undefined : notes.join(" ")
}
