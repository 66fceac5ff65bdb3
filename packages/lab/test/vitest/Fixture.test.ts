import { afterEach, describe, vi } from "vitest"
import type { Judged } from "../../src/report/Judged.ts"
import * as UnderstudyClient from "../../src/run/UnderstudyClient.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { expect, test } from "../../src/vitest.ts"
import { badKey } from "../runners/Short.ts"

afterEach(() => vi.useRealTimers())

describe("lab.run", () => {
  test("runs Understudy on the virtual runner unless told otherwise", async ({ lab }) => {
    const { run } = await lab.run(badKey)
    expect([run.client, run.runner, run.seed]).toEqual(["understudy", "virtual", 42])
    const other = await lab.run(badKey, UnderstudyClient.make({ name: "another" }), { seed: 7 })
    expect([other.run.client, other.run.seed]).toEqual(["another", 7])
  })

  test("takes the test's own fake timers, moves them, and leaves them in force", async ({ lab }) => {
    vi.useFakeTimers({ now: 0 })
    const judged = await lab.run(badKey, { runner: "network", timers: vi })
    expect(judged).toBeResilient()
    expect(judged.run.attempts.map(({ at }) => Math.floor(at / 100))).toEqual([0, 0, 20, 21, 22, 23])
    expect(vi.isFakeTimers()).toBe(true)
    expect(Date.now()).toBeGreaterThanOrEqual(judged.run.duration)
  })

  test("prints nothing", async ({ lab }) => {
    const spies = [
      ...(["log", "info", "warn", "error", "debug"] as const).map((level) => vi.spyOn(console, level)),
      vi.spyOn(process.stdout, "write"),
      vi.spyOn(process.stderr, "write")
    ]
    for (const runner of ["virtual", "network"] as const) expect(await lab.run(badKey, { runner })).toBeResilient()
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

describe("a run that its test does not wait for", () => {
  const endless = Scenario.make({
    name: "endless",
    teaches: { en: "A test's own.", zh: "测试专用。" },
    traffic: { model: "qwen-plus", every: "1s", for: "1h" }
  })
  const realTimeout = globalThis.setTimeout
  const left: Array<Promise<Judged>> = []

  test("goes on while the test does", ({ lab }) => {
    left.push(lab.run(endless, { runner: "sockets" }), lab.run(endless, { runner: "network" }))
  })

  test("is called off when the test is over", async () => {
    expect(left).toHaveLength(2)
    for (const run of left) await expect(run).rejects.toThrow("The test is over, and its run was called off")
    expect(globalThis.setTimeout).toBe(realTimeout)
  })

  test("is called off by a signal of one's own too", async ({ lab }) => {
    const signal = AbortSignal.abort(new Error("enough"))
    await expect(lab.run(endless, { signal })).rejects.toThrow("enough")
  })
})
