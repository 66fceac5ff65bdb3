import { describe, expect, it } from "vitest"
import * as Markdown from "../../src/report/Markdown.ts"
import { failed, named, passed, warned, withoutVerdict } from "./support.ts"

describe("the Markdown summary", () => {
  it("has a table of all scenarios and unfolds what failed", () => {
    expect(Markdown.render([passed, failed], "en")).toMatchInlineSnapshot(`
      "### ❌ Degradation lab: 1 passed, 1 failed

      |  | Scenario | Client | Availability | Calls | Attempts | P95 | Findings |
      | --- | --- | --- | ---: | ---: | ---: | ---: | --- |
      | ❌ | revoked-mid-day | understudy | 75% | 4 | 5 | 1.25s | \`failed-while-healthy\` |
      | ✅ | revoked-mid-day | reference | 100% | 4 | 5 | 1.25s |  |

      <details><summary>❌ revoked-mid-day · understudy</summary>

      A revoked key is left at once.

      - **\`failed-while-healthy\`** failed with a healthy path left: Call c3 failed after 1.25s although deepseek/deepseek-chat#d1 was healthy.

      75% available · 4 calls · 5 attempts · at most 2 a call · 1 probe · median 240ms · p95 1.25s · slowest 1.25s · 1,234 tokens

      Run it again:

      \`\`\`sh
      npx understudy lab run revoked-mid-day --seed 42
      \`\`\`

      </details>

      <details><summary>1 of 56 kinds of faults exercised</summary>

      | Fault | Requests | Scenarios |
      | --- | ---: | ---: |
      | \`auth.invalid\` | 4 | 2 |

      Not exercised: \`refuse\` \`dns\` \`reset.before\` \`close.before\` \`stall.before\` \`edge.html\` \`edge.timeout\` \`auth.missing\` \`auth.format\` \`auth.workspace\` \`auth.plan\` \`access.denied\` \`billing.exhausted\` \`billing.shrinking\` \`billing.freeTier\` \`billing.freeQuota\` \`billing.overdue\` \`rate.limit\` \`rate.tokens\` \`rate.burst\` \`overload.fast\` \`overload.disguised\` \`overload.serving\` \`model.unavailable\` \`content.input\` \`model.gone\` \`model.unsupported\` \`mode.mismatch\` \`request.thinking\` \`request.malformed\` \`request.invalid\` \`request.tooLong\` \`request.tooLarge\` \`server.error\` \`server.empty\` \`server.timeout\` \`slow.headers\` \`slow.firstToken\` \`slow.chunks\` \`overload.queue\` \`stall.thinking\` \`stall.midstream\` \`cut.midstream\` \`reset.midstream\` \`halfclose.midstream\` \`eof.noDone\` \`finish.missing\` \`finish.resource\` \`content.output\` \`error.midstream\` \`frame.malformed\` \`empty.200\` \`body.short\` \`bytes.sliced\` \`partial.200\`

      </details>
      "
    `)
  })

  it("tells warnings and runs without a verdict from failures", () => {
    const text = Markdown.render([warned, withoutVerdict], "en")
    expect(text).toContain("### ❌ Degradation lab: 1 passed, 0 failed, 1 without a verdict")
    expect(text).toContain("| ⚠️ | revoked-mid-day |")
    expect(text).toContain("| ❔ | revoked-mid-day |")
    expect(text).toContain("- **`failed-while-healthy`** failed with a healthy path left (warning): Call c3")
    expect(text).toContain("- **`nothing-reached`** no verdict: No request reached a vendor")
  })

  it("escapes what would end a cell, a tag or a mention", () => {
    const text = Markdown.render([named("a|b", "<b>@all</b> [x](http://a) | `c`")], "zh")
    expect(text).toContain("| a\\|b |")
    expect(text).toContain("&lt;b&gt;@\u200ball&lt;/b&gt; \\[x\\](http://a) \\| \\`c\\`")
  })

  it("stays under GitHub's limit, and says that something is left out", () => {
    const many = Array.from({ length: 2000 }, (_, index) => named(`scenario-${index}`, "x".repeat(500)))
    const text = Markdown.render(many, "en")
    expect(text.length).toBeLessThan(65_536)
    expect(text).toContain("The report was shortened")
  })
})
