import { describe, expect, it, vi } from "vitest"
import * as Assert from "../../src/assert.ts"
import * as Lab from "../../src/Lab.ts"
import type { Judged } from "../../src/report/Judged.ts"
import { broken } from "../clients/Broken.ts"

vi.stubEnv("LC_ALL", "en_US.UTF-8")

const thrown = (check: () => unknown): unknown => {
  try {
    check()
  } catch (error) {
    return error
  }
  throw new Error("the assertion held")
}

const first = (check: () => unknown): string | undefined => String((thrown(check) as Error).message).split("\n")[0]

describe("the assertions", () => {
  it("hold for a client that does well", async () => {
    const judged = await Lab.run("auth.invalid@qwen")
    Assert.assertResilient(judged)
    Assert.assertAvailability(judged, 1)
    Assert.assertAnswersWithin(judged, "2s")
    Assert.assertCostsAtMost(judged, { attemptsPerCall: 2 })
  })

  it("say what the matchers say, how to make the run again, and where they stand", async () => {
    const judged = await Lab.run("auth.invalid@qwen", { client: broken["key-reused"] })
    Assert.assertFinding(judged, "key-reused")
    const error = thrown(() => Assert.assertResilient(judged))
    expect(error).toBeInstanceOf(Assert.LabAssertionError)
    const { message, stack } = error as Assert.LabAssertionError
    expect(message).toMatch(/^forgets which keys were refused does not get through auth.invalid@qwen\n/)
    expect(message).toContain("1. key-reused")
    expect(message).toContain('Run it again: Lab.run("auth.invalid@qwen", { client, runner: "virtual", seed: 42 })')
    expect(stack?.split("\n").find((line) => /^ {4}at /.test(line))).toContain("Assert.test.ts")
  })

  it("say by how much they were missed", async () => {
    const judged = await Lab.run("auth.invalid@qwen")
    expect([
      first(() => Assert.assertFinding(judged, "spliced")),
      first(() => Assert.assertAnswersWithin(judged, "100ms")),
      first(() => Assert.assertCostsAtMost(judged, { attemptsPerCall: 1 }))
    ]).toEqual([
      "spliced is not held against understudy",
      "the slowest answer took 180 ms, expected at most 100ms",
      "the most expensive call cost 2 attempts, expected at most 1"
    ])
  })

  it("refuse what is no run, by their own names", () => {
    const promise = Promise.resolve() as unknown as Judged
    expect(() => Assert.assertResilient(promise)).toThrow(
      "assertResilient wants a judged run, got a promise of one: put `await` before lab.run"
    )
  })
})
