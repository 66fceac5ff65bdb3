import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as Html from "../../src/report/Html.ts"
import { day, failed, named, passed, warned, withoutVerdict } from "./support.ts"

const hashOf = (text: string | undefined): string =>
  `'sha256-${createHash("sha256")
    .update(text ?? "")
    .digest("base64")}'`

describe("the page", () => {
  const page = Html.render([failed, passed], "zh")

  it("has a row and a section per run, with findings, calls and marks that are linked", () => {
    expect(page).toContain('<html lang="zh">')
    expect(page).toContain('<tr id="row-r1">')
    expect(page).toContain('<details class="run" id="r0" data-name="revoked-mid-day" data-passed="no"')
    expect(page).toContain('<a href="#r0-c3">c3</a>')
    expect(page).toContain('<tr id="r0-c3" data-c="c3">')
    expect(page).toContain(
      '<g class="refused" data-c="c3"><title>#3 c3 · 4s – 5.25s · qwen/qwen-max q1 · 401 auth.invalid'
    )
  })

  it("writes a key's state above its marks, and the number of a finding below", () => {
    const [, label] = /<text class="in" lang="en" x="[\d.]+" y="([\d.]+)">revoked/.exec(page) ?? []
    const [, middle] = /<use href="#s-refused" x="[\d.]+" y="([\d.]+)"/.exec(page) ?? []
    const [, number] = /<text class="no" x="[\d.]+" y="([\d.]+)">1/.exec(page) ?? []
    expect(Number(middle) - Number(label)).toBeGreaterThan(10)
    expect(Number(number) - Number(middle)).toBeGreaterThan(10)
  })

  it("links the first of many calls, and does not count what a finding leaves out", () => {
    const many = Array.from({ length: 20 }, (_, index) => `c${index}`)
    const [finding] = failed.verdict.findings
    const verdict = { ...failed.verdict, findings: finding === undefined ? [] : [{ ...finding, calls: many }] }
    const told = Html.render([{ ...failed, verdict }], "en")
    expect(told).toContain('<a href="#r0-c11">c11</a> #3 …</p>')
    expect(told).not.toContain('href="#r0-c12"')
  })

  it("has the command that runs it again, where there is one", () => {
    expect(page).toContain("<code>npx understudy lab run revoked-mid-day --seed 42</code>")
    expect(Html.render([{ run: failed.run, verdict: failed.verdict }], "en")).not.toContain("npx understudy")
  })

  it("tells warnings and runs without a verdict from failures", () => {
    const told = Html.render([warned, withoutVerdict], "en")
    expect(told).toContain('<li class="warns"><b class="cap">1. ')
    expect(told).toContain('<span class="tag warns">')
    expect(told).toContain('<svg class="g warned"')
    expect(told).toContain("<code>nothing-reached</code>")
    expect(told).toContain("No request reached a vendor: {q1} is elsewhere?")
    expect(told).toContain("1 passed, 0 failed, 1 without a verdict")
    expect(told).toContain("Not judged, because the clock was moved on by 30s")
  })

  it("puts what failed first, and opens it", () => {
    const told = Html.render([passed, warned, failed, withoutVerdict], "en")
    const states = [...told.matchAll(/<tr id="row-r\d"><td data-v="\d"><svg class="g (\w+)"/g)].map(([, name]) => name)
    expect(states).toEqual(["failed", "error", "warned", "passed"])
    const opened = [...told.matchAll(/<details class="run" id="(r\d)"[^>]* open>/g)].map(([, id]) => id)
    expect(opened).toEqual(["r0", "r1"])
    const many = Html.render(Array(12).fill(failed), "en")
    expect(many.match(/<details class="run"[^>]* open>/g)).toHaveLength(8)
  })

  it("draws a timeline for a phone that is no wider than it, beside the one for a desk", () => {
    const widths = [...page.matchAll(/<svg class="chart (\w+)" viewBox="0 0 (\d+) /g)].map(([, name, wide]) => [
      name,
      wide
    ])
    expect(widths.slice(0, 2)).toEqual([
      ["wide", "1072"],
      ["narrow", "352"]
    ])
    expect(page).toContain("@media(max-width:720px){.chart.wide{display:none}.chart.narrow{display:block}")
  })

  it("can be scrolled by the keyboard wherever it scrolls", () => {
    const places = page.match(/<div class="[^"]*scroll[^>]*>/g) ?? []
    expect(places.length).toBeGreaterThan(3)
    for (const place of places) expect(place).toMatch(/ tabindex="0" role="region" aria-label="[^"]+"/)
  })

  it("holds both languages", () => {
    expect(page).toContain(
      '<span lang="en">failed with a healthy path left</span><span lang="zh">有健康路径却仍失败</span>'
    )
  })

  it("allows its own style and script and nothing else", () => {
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? []
    const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`
    expect(page).toContain(`content="${policy}"`)
    expect(page).not.toMatch(/ (src|style|on[a-z]+)="|href="[^#]|url\(|@import/)
    expect(() => new Function(script ?? "")).not.toThrow()
  })

  it("holds no value of a key", () => {
    expect(page).not.toContain("sk-demo")
    expect(page).toContain("Incorrect API key provided: {q1}")
  })

  it("draws no HTML inside of SVG, where it would end the picture", () => {
    for (const [chart] of page.matchAll(/<svg class="chart"[\s\S]*?<\/svg>/g)) expect(chart).not.toContain("<span")
  })

  it("escapes everything that data holds", () => {
    const attack = `"><script>alert(1)</script><img src=x onerror='a'>\u0000`
    const { run, verdict } = named(attack, attack)
    const calls = run.calls.map((call) => ({ ...call, id: attack, error: { message: attack } }))
    const attempts = run.attempts.map((attempt) => ({
      ...attempt,
      key: attack,
      model: attack,
      recipe: attack,
      call: attack
    }))
    const transitions = run.transitions.map((transition) => ({ ...transition, name: attack, to: attack }))
    const scenario = { ...run.scenario, teaches: { en: attack, zh: attack } }
    const hostile = Html.render(
      [{ run: { ...run, client: attack, scenario, calls, attempts, transitions }, verdict }],
      "en"
    )
    expect(hostile.match(/<script>/g)?.length).toBe(1)
    expect(hostile).not.toMatch(/<img|(?!\n)\p{Cc}|onerror='/u)
  })

  it("says so when there are no runs", () => {
    expect(Html.render([], "en")).toContain("There are no runs in this report.")
  })

  it("stays under 3 MB with sixty scenarios of a thousand calls, and under 600 kB with a day", () => {
    const { run, verdict } = day()
    const some = { ...run, duration: 1_000_000, calls: run.calls.slice(0, 1000), attempts: run.attempts.slice(0, 1000) }
    expect(Html.render(Array(60).fill({ run: some, verdict }), "en").length).toBeLessThan(3_000_000)
    expect(Html.render([{ run, verdict }], "en").length).toBeLessThan(600_000)
  })
})
