import { describe, expect, it } from "vitest"
import * as Baseline from "../../src/report/Baseline.ts"
import * as Json from "../../src/report/Json.ts"
import type { Judged } from "../../src/report/Judged.ts"
import { failed, passed, warned, withoutVerdict } from "./support.ts"

const stored = Json.toStored

const worse = (before: Judged | undefined, now: Judged): ReadonlyArray<string> =>
  Baseline.worse(before === undefined ? undefined : stored(before), now).map(({ en }) => en)

const changed = (now: Judged, change: Partial<Judged["verdict"]>): Judged => ({
  ...now,
  verdict: { ...now.verdict, ...change }
})

const [finding] = failed.verdict.findings

describe("a baseline", () => {
  it("lets pass what passes, whatever was before", () => {
    for (const before of [undefined, passed, failed, withoutVerdict]) {
      expect([worse(before, passed), worse(before, warned)]).toEqual([[], []])
    }
  })

  it("lets fail what failed the same way, also with fewer findings or more answers", () => {
    const more = changed(failed, { figures: { ...failed.verdict.figures, availability: 0.9 } })
    expect([worse(failed, failed), worse(failed, more), worse(withoutVerdict, withoutVerdict)]).toEqual([[], [], []])
  })

  it("says what is worse", () => {
    const other = changed(failed, { findings: finding === undefined ? [] : [finding, { ...finding, kind: "spliced" }] })
    const less = changed(failed, { figures: { ...failed.verdict.figures, availability: 0.5 } })
    expect([
      worse(undefined, failed),
      worse(passed, failed),
      worse(warned, failed),
      worse(failed, other),
      worse(failed, less),
      worse(failed, withoutVerdict)
    ]).toEqual([
      ["it is not in the baseline"],
      ["it passed"],
      ["it passed"],
      ["spliced is new"],
      ["50% of the calls ended well, 75% before"],
      ["there was a verdict"]
    ])
  })
})
