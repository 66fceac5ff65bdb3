import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as Json from "../../src/report/Json.ts"
import { call, day, failed, passed, warned, withoutVerdict } from "./support.ts"

const reverse = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).toReversed()) as Value

const why = (text: string): string => {
  const read = Json.decode(text, "a.json")
  return Result.isFailure(read) ? read.failure.message : "was read"
}

describe("the JSON report", () => {
  it("is read as what was written", () => {
    const all = [failed, passed, warned, withoutVerdict]
    expect(Json.decode(Json.encode(all))).toEqual(Result.succeed(all.map(Json.toStored)))
  })

  it("has the same bytes for equal runs, in whatever order their fields were filled in", () => {
    const { run, verdict } = failed
    const other = {
      run: { ...reverse(run), calls: run.calls.map(reverse), attempts: run.attempts.map(reverse) },
      verdict: { ...verdict, figures: reverse(verdict.figures), findings: verdict.findings.map(reverse) }
    }
    expect(Json.encode([other])).toBe(Json.encode([failed]))
  })

  it("holds no value of a key, wherever it was quoted", () => {
    const text = Json.encode([failed])
    expect(text).not.toContain("sk-demo")
    expect(text).toContain("Incorrect API key provided: {q1}")
  })

  it("counts the ordinary calls of a day by the minute and tells the others", () => {
    const text = Json.encode([day()])
    expect(text.length).toBeLessThan(200_000)
    const [stored] = Result.getOrThrow(Json.decode(text))
    expect(stored?.calls.map(({ id }) => id).slice(0, 2)).toEqual(["c999", "c1999"])
    expect(stored?.attempts.map(({ ordinal }) => ordinal).slice(0, 2)).toEqual([1000, 2000])
    expect(stored?.minutes?.[0]).toEqual({ minute: 0, calls: 60, probes: 0, slowest: 240 })
    expect(stored?.minutes?.reduce((sum, { calls }) => sum + calls, stored.calls.length)).toBe(86_400)
  })

  it("keeps every call of a run that is short enough", () => {
    const calls = Array.from({ length: 2000 }, (_, index) => call(`c${index}`, index))
    expect(Json.toStored({ ...passed, run: { ...passed.run, calls } }).calls.length).toBe(2000)
  })

  it.each([
    ["{", "a.json is not JSON"],
    ["[]", "a.json is JSON, but no report of the lab"],
    ['{"format":"understudy-lab","version":1}', "a.json is a report of version 1, and this release reads version 2"],
    [
      '{"format":"understudy-lab","version":2,"runs":[{}]}',
      'a.json is a report whose content does not fit: Missing key at ["runs"][0]["scenario"]'
    ]
  ])("says why %s cannot be read", (text, message) => {
    expect(why(text)).toContain(message)
  })
})
