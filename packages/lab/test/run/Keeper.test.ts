import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Library from "../../src/library/Library.ts"
import * as Json from "../../src/report/Json.ts"
import type { Client } from "../../src/run/Client.ts"
import { Keeper } from "../../src/run/Keeper.ts"
import { nothing } from "../../src/run/Rest.ts"
import type { CallRecord } from "../../src/run/Run.ts"
import * as UnderstudyClient from "../../src/run/UnderstudyClient.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { broken } from "../clients/Broken.ts"

const { source } = Library.find("day-of-outages@qwen")

/** Two hours with trouble in both: a revoked key, an overload, a limit. */
const hours = Scenario.make({
  ...source,
  name: "two-hours",
  keys: {
    "qwen-1": {
      vendor: "qwen",
      changes: [
        { state: "revoked", after: "20m" },
        { state: "valid", after: "10m" }
      ]
    },
    "qwen-2": { vendor: "qwen" },
    "deepseek-1": { vendor: "deepseek" },
    "deepseek-2": { vendor: "deepseek" }
  },
  faults: [
    { kind: "overload.fast", vendor: "qwen", from: "45m", for: "10m", flap: { every: "2m", on: "50s" } },
    { kind: "rate.limit", account: "qwen-2", ratio: 0.5, retryAfter: 20, from: "70m", for: "10m" }
  ],
  traffic: { model: "qwen-plus", every: "4s", for: "2h", stream: 0.1 }
})

const both = async (scenario: Scenario.Scenario, client: Client) => ({
  whole: await Lab.run(scenario, { client }),
  folded: await Lab.run(scenario, { client, whole: 300 })
})

describe("what is kept of a long run", () => {
  it("has an end, and says how many calls beyond it were worth keeping", () => {
    const keeper = new Keeper(hours, {}, (calls) => ({ found: true, figures: { ...nothing, calls: calls.length } }))
    const failed = (index: number): CallRecord => ({
      ...{ id: `c${index}`, at: index, model: "qwen-plus", stream: false },
      ...{ outcome: "failed", endedAt: index, text: "" }
    })
    keeper.take(Array.from({ length: 60_000 }, (_, index) => failed(index)))
    expect([keeper.kept.calls.length, keeper.rest.beyond, keeper.rest.calls]).toEqual([60_000, 0, 0])
    keeper.take([failed(60_000), failed(60_001)])
    expect([keeper.kept.calls.length, keeper.rest.beyond, keeper.rest.calls]).toEqual([60_000, 2, 2])
  })
})

describe("a long run", { timeout: 60_000 }, () => {
  it("counts what is ordinary and keeps the rest, and the verdict is the same", async () => {
    const { folded, whole } = await both(hours, UnderstudyClient.make())
    expect(folded.verdict).toEqual(whole.verdict)
    expect(folded.verdict.figures.calls).toBe(1_800)
    expect(folded.run.calls.length + (folded.run.rest?.calls ?? 0)).toBe(1_800)
    expect(folded.run.calls.length).toBeLessThan(900)
    expect(whole.run.rest).toBeUndefined()
    // Stored as the same bytes: what is ordinary is counted by the minute there anyway.
    expect(Json.toStored(folded).figures).toEqual(Json.toStored(whole).figures)
    const failed = ({ run }: typeof whole) => run.attempts.filter(({ recipe }) => recipe !== "answer")
    expect(failed(folded)).toEqual(failed(whole))
    const kept = new Set(folded.run.calls.map(({ id }) => id))
    expect(failed(folded).every(({ call }) => call === undefined || kept.has(call))).toBe(true)
  })

  it("counts who passed a dead target over, so that looks at it now and then are no habit", async () => {
    const busy = Scenario.make({
      ...source,
      name: "an-outage-under-load",
      keys: { "qwen-1": { vendor: "qwen" }, "qwen-2": { vendor: "qwen" }, "deepseek-1": { vendor: "deepseek" } },
      faults: [{ kind: "overload.fast", vendor: "qwen", from: "2m", for: "12m" }],
      traffic: { model: "qwen-plus", every: "250ms", for: "16m", stream: 0.1 }
    })
    const kinds = ({ verdict }: Awaited<ReturnType<typeof Lab.run>>) => verdict.findings.map(({ kind }) => kind)
    const ours = await both(busy, UnderstudyClient.make())
    expect(kinds(ours.folded)).toEqual(kinds(ours.whole))
    expect(kinds(ours.folded)).not.toContain("dead-target-asked")
    const forgetful = await both(busy, broken["dead-target-asked"])
    expect(kinds(forgetful.folded)).toEqual(kinds(forgetful.whole))
    expect(kinds(forgetful.folded)).toContain("dead-target-asked")
  })

  it.each([
    "key-reused",
    "key-not-restored",
    "low-availability"
  ] as const)("is as hard on a client that earns %s", async (kind) => {
    const client = broken[kind]
    const { folded, whole } = await both(hours, client)
    expect(folded.verdict.findings).toEqual(whole.verdict.findings)
    expect(folded.verdict.figures).toEqual(whole.verdict.figures)
  })
})
