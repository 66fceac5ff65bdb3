import { stripVTControlCharacters } from "node:util"
import { displayWidth } from "effect/cli/CliOutput"
import { describe, expect, it } from "vitest"
import * as Terminal from "../../src/report/Terminal.ts"
import { day, failed, named, passed, warned, withoutVerdict } from "./support.ts"

describe("a timeline for the terminal", () => {
  it("shows phases, faults, a lane per key and per target, the callers, the findings and the figures", () => {
    expect(Terminal.timeline(failed, { language: "en", width: 80 })).toMatchInlineSnapshot(`
      "✗ revoked-mid-day  understudy  ·  virtual clock  ·  seed 42
        A revoked key is left at once.

                                  0s           2s           4s           6s
        phase                     │calm              │storm
        slow.chunks                                  ━━━━━━━━━━━━━━
        qwen · main
          q1                      ▪            ▪     revoked⊘░░░░░░░░▫░░░░░░░░░░░░░░░░
        deepseek
          d1                                                             ▪
        targets
          deepseek/deepseek-chat                                         ▪
          qwen/qwen-max           ▪            ▪            ⊘
        callers                   ▪            ▪            ✗            ▪
        findings                                            1

        ▪ answered   ▫ probe   ⊘ refused   ✗ failed

        1. failed-while-healthy  failed with a healthy path left
           Call c3 failed after 1.25s although deepseek/deepseek-chat#d1 was healthy.
           #3     4s        c3        qwen/qwen-max  q1  401 auth.invalid  complete 5~

        75% available · 4 calls · 5 attempts · at most 2 a call · 1 probe · median
        240ms · p95 1.25s · slowest 1.25s · 1,234 tokens
        Run it again: npx understudy lab run revoked-mid-day --seed 42"
    `)
  })

  it("says the same in Chinese, in ASCII", () => {
    expect(Terminal.timeline(failed, { language: "zh", width: 80, unicode: false })).toMatchInlineSnapshot(`
      "x revoked-mid-day  understudy  -  虚拟时钟  -  种子 42
        吊销的 key 应立即停用。

                                  0s           2s           4s           6s
        阶段                      |calm              |storm
        slow.chunks                                  ==============
        qwen · main
          q1                      o            o     已吊销_-________+________________
        deepseek
          d1                                                             o
        目标
          deepseek/deepseek-chat                                         o
          qwen/qwen-max           o            o            -
        调用方                    o            o            x            o
        问题                                                1

        o 已回答   + 探测   - 被拒绝   x 失败

        1. failed-while-healthy  有健康路径却仍失败
           调用 c3 在 1.25s 后失败，而 deepseek/deepseek-chat#d1 一直健康。
           #3     4s        c3        qwen/qwen-max  q1  401 auth.invalid  complete 5~

        可用率 75% - 4 次调用 - 5 次尝试 - 单次调用最多 2 次 - 1 次探测 - 中位数 240ms
        - P95 1.25s - 最慢 1.25s - 1,234 个 token
        重新运行：npx understudy lab run revoked-mid-day --seed 42"
    `)
  })

  it.each(["en", "zh"] as const)("is nowhere wider than asked, in %s", (language) => {
    const lines = Terminal.timeline(failed, { language, width: 72 }).split("\n")
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(72)
  })

  it("has the same text with colours and without", () => {
    const coloured = Terminal.timeline(failed, { language: "en", colour: true })
    expect(coloured).toContain("\u001b[31m")
    const bare = stripVTControlCharacters(coloured).replaceAll(/ +$/gm, "")
    expect(bare).toBe(Terminal.timeline(failed, { language: "en" }).replaceAll(/ +$/gm, ""))
  })

  it("lets nothing that data holds steer the terminal", () => {
    expect(Terminal.timeline(named("a\u001b[2Jb", "c\u0007\u009bd"), { language: "en" })).not.toMatch(/(?!\n)\p{Cc}/u)
  })

  it("keeps a day with a call a second as small as a short run", () => {
    const text = Terminal.timeline(day(), { language: "en" })
    expect(text.length).toBeLessThan(4000)
    expect(text).toContain("█")
  })
})

describe("the lines of scenarios", () => {
  it("stand under one another in both languages", () => {
    const lines = [failed, passed].map((judged) => Terminal.line(judged, { language: "zh" }))
    expect(lines).toMatchInlineSnapshot(`
      [
        "✗ revoked-mid-day                   75%        4 次调用           5 次尝试    P95 1.25s         8s",
        "✓ revoked-mid-day                  100%        4 次调用           5 次尝试    P95 1.25s         8s",
      ]
    `)
    const english = [failed, passed].map((judged) => Terminal.line(judged, { language: "en" }))
    expect(new Set([...lines, ...english].map(displayWidth)).size).toBe(1)
  })
})

describe("the summary", () => {
  it("names no command where none runs a client again that was made in code", () => {
    const { run, verdict } = failed
    expect(Terminal.summary([{ run, verdict }], { language: "en" })).not.toContain("npx")
    expect(Terminal.timeline({ run, verdict }, { language: "en" })).not.toContain("npx")
  })

  it("counts by client, and tells what failed and how to see it again", () => {
    expect(Terminal.summary([failed, passed], { language: "zh" })).toMatchInlineSnapshot(`
      "客户端      通过  未通过  问题  调用  尝试  时长
      understudy     0       1     1     4     5    8s
      reference      1       0     0     4     5    8s

      56 种故障中演练了 1 种：auth.invalid 4

      ✗ revoked-mid-day  understudy
          failed-while-healthy  有健康路径却仍失败
          npx understudy lab run revoked-mid-day --seed 42"
    `)
  })
})

describe("how a run stands", () => {
  const all = [passed, warned, failed, withoutVerdict]

  it("has a sign of its own, in Unicode and in ASCII", () => {
    const signs = (unicode: boolean) => all.map((each) => Terminal.line(each, { language: "en", unicode }).slice(0, 2))
    expect(signs(true)).toEqual(["✓ ", "! ", "✗ ", "? "])
    expect(signs(false)).toEqual(["ok", "! ", "x ", "? "])
  })

  it("is told with what warns, what was not judged, and why there is no verdict", () => {
    const [, two, , four] = all.map((each) => Terminal.timeline(each, { language: "en", width: 100 }))
    expect(two).toContain("1. failed-while-healthy  failed with a healthy path left (warning)")
    expect(two).toContain("Not judged, because the clock was moved on by 30s")
    expect(four).toContain("nothing-reached  no verdict\n     No request reached a vendor: {q1} is elsewhere?")
    expect(four).not.toContain("Nothing is held against the client")
  })

  it("counts in the summary, which lists whatever did not merely pass", () => {
    expect(Terminal.summary(all, { language: "zh" })).toMatchInlineSnapshot(`
      "客户端      通过  未通过  无法判定  问题  调用  尝试  时长
      reference      2       0         1     1    12    15   24s
      understudy     0       1         0     1     4     5    8s

      56 种故障中演练了 1 种：auth.invalid 8

      ! revoked-mid-day  reference
          failed-while-healthy  有健康路径却仍失败（警告）
          npx understudy lab run revoked-mid-day --seed 42

      ✗ revoked-mid-day  understudy
          failed-while-healthy  有健康路径却仍失败
          npx understudy lab run revoked-mid-day --seed 42

      ? revoked-mid-day  reference
          nothing-reached  无法判定
          npx understudy lab run revoked-mid-day --seed 42"
    `)
  })
})
