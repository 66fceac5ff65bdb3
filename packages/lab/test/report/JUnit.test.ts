import { describe, expect, it } from "vitest"
import * as JUnit from "../../src/report/JUnit.ts"
import { failed, named, passed, warned, withoutVerdict } from "./support.ts"
import { flawsOf } from "./xml.ts"

describe("the JUnit report", () => {
  it("has a suite per client, a case per scenario and a failure per finding", () => {
    expect(JUnit.render([failed, passed], "en")).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="understudy lab" tests="2" failures="1" errors="0" time="16.000">
        <testsuite name="understudy" tests="1" failures="1" errors="0" time="8.000">
          <testcase name="revoked-mid-day" classname="understudy" time="8.000">
            <failure type="failed-while-healthy" message="Call c3 failed after 1.25s although deepseek/deepseek-chat#d1 was healthy.">Call c3 failed after 1.25s although deepseek/deepseek-chat#d1 was healthy.
      calls: c3
      attempts: #3</failure>
            <system-out>75% available, 4 calls, 5 attempts, at most 2 a call, 1 probe, median 240ms, p95 1.25s, slowest 1.25s, 1,234 tokens
      npx understudy lab run revoked-mid-day --seed 42</system-out>
          </testcase>
        </testsuite>
        <testsuite name="reference" tests="1" failures="0" errors="0" time="8.000">
          <testcase name="revoked-mid-day" classname="reference" time="8.000">
            <system-out>100% available, 4 calls, 5 attempts, at most 2 a call, 1 probe, median 240ms, p95 1.25s, slowest 1.25s, 1,234 tokens
      npx understudy lab run revoked-mid-day --seed 42</system-out>
          </testcase>
        </testsuite>
      </testsuites>
      "
    `)
  })

  it("has an error where there is no verdict, and no failure for what merely warns", () => {
    const xml = JUnit.render([warned, withoutVerdict], "en")
    expect(xml).toContain('tests="2" failures="0" errors="1"')
    expect(xml).toContain('<error type="nothing-reached" message="No request reached a vendor: {q1} is elsewhere?">')
    expect(xml).toContain("<system-out>failed-while-healthy (warning): Call c3 failed")
    expect(xml).toContain("Not judged, because the clock was moved on by 30s")
    expect(flawsOf(xml)).toEqual([])
  })

  it("says how long the runs really took", () => {
    const xml = JUnit.render(
      [
        { ...failed, took: 120 },
        { ...passed, took: 30 }
      ],
      "en"
    )
    const [all, ...each] = [...xml.matchAll(/ time="([^"]+)"/g)].map(([, time]) => time)
    expect([all, ...each]).toEqual(["0.150", "0.120", "0.120", "0.030", "0.030"])
  })

  it("is well-formed whatever the names and messages hold", () => {
    const hostile = named(`"]]><a b='c'>&amp;`, "<x>\u0000\u001b[1m\ud800 & \ufffe]]>\r\n\t")
    expect(flawsOf(JUnit.render([hostile, passed], "zh"))).toEqual([])
  })
})

describe("the check itself", () => {
  it.each([
    ["<a><b></a>"],
    ["<a b=c/>"],
    ["<a>&nbsp;</a>"],
    ["<a>\u0001</a>"],
    ["<a/><b/>"],
    ["<a>a < b</a>"]
  ])("finds %j not well-formed", (text) => {
    expect(flawsOf(text)).not.toEqual([])
  })
})
