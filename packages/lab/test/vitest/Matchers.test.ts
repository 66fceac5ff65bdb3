import { describe, vi } from "vitest"
import { expect, type Fixture, test } from "../../src/vitest.ts"
import { broken } from "../clients/Broken.ts"

vi.stubEnv("LC_ALL", "en_US.UTF-8")

const naive = broken["key-reused"]
const good = (lab: Fixture) => lab.run("auth.invalid@qwen")
const bad = (lab: Fixture) => lab.run("auth.invalid@qwen", naive)

/** What an expectation says when it fails. */
const saying = (check: () => unknown): string => {
  try {
    check()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error("the expectation held")
}

describe("the matchers", () => {
  test("hold for a client that does well", async ({ lab }) => {
    const judged = await good(lab)
    expect(judged).toBeResilient()
    expect(judged).toHaveAvailability(1)
    expect(judged).not.toHaveFinding("key-reused")
    expect(judged).toAnswerWithin("2s")
    expect(judged).toCostAtMost({ attemptsPerCall: 2 })
  })

  test("say what was found, who it was, and how to see it again", async ({ lab }) => {
    const judged = await bad(lab)
    expect(judged).not.toBeResilient()
    expect(judged).toHaveFinding("key-reused")
    const message = saying(() => expect(judged).toBeResilient())
    expect(message).toMatch(/^forgets which keys were refused does not get through auth.invalid@qwen\n/)
    expect(message).toContain("1. key-reused")
    expect(message).toMatch(/#1\d+ .*qwen\/qwen-plus {2}qwen-1 {2}401 auth.invalid/)
    expect(message).toContain('Run it again: lab.run("auth.invalid@qwen", client, { runner: "virtual", seed: 42 })')
    expect(message).not.toContain("sk-demo")
    vi.stubEnv("LC_ALL", "zh_CN.UTF-8")
    expect(saying(() => expect(judged).toBeResilient())).toMatch(/未通过 auth.invalid@qwen.*重新运行: lab.run/s)
    vi.stubEnv("LC_ALL", "en_US.UTF-8")
  })

  test("say by how much an expectation was missed", async ({ lab }) => {
    const [helped, naked] = [await good(lab), await lab.run("server.error@qwen", broken["low-availability"])]
    const first = (check: () => unknown): string | undefined => saying(check).split("\n")[0]
    expect([
      first(() => expect(naked).toHaveAvailability(0.99)),
      first(() => expect(helped).not.toHaveAvailability(0.99)),
      first(() => expect(helped).toHaveFinding("spliced")),
      first(() => expect(naked).not.toHaveFinding("failed-while-healthy")),
      first(() => expect(helped).toAnswerWithin("100ms")),
      first(() => expect(helped).not.toAnswerWithin("1s")),
      first(() => expect(helped).toCostAtMost({ attemptsPerCall: 1 })),
      first(() => expect(helped).not.toCostAtMost({ attemptsPerCall: 2 })),
      first(() => expect(helped).not.toBeResilient())
    ]).toEqual([
      "75% of the calls ended well, expected at least 99%",
      "100% of the calls ended well, expected less than 99%",
      "spliced is not held against understudy",
      "failed-while-healthy is held against asks once, expected not",
      "the slowest answer took 180 ms, expected at most 100ms",
      "the slowest answer took 180 ms, expected more than 1s",
      "the most expensive call cost 2 attempts, expected at most 1",
      "the most expensive call cost 2 attempts, expected more than 2",
      "understudy gets through auth.invalid@qwen, expected not"
    ])
  })

  test("find no time for answers that there were none of", async ({ lab }) => {
    const nobody = await lab.run("content.input@qwen")
    expect(nobody).toBeResilient()
    expect(saying(() => expect(nobody).toAnswerWithin("1h"))).toMatch(/^no call got an answer\n/)
  })

  test("refuse what is no judged run, and what makes no sense", async ({ lab }) => {
    const running = good(lab)
    expect(() => expect(running).toBeResilient()).toThrow(
      "toBeResilient wants a judged run, got a promise of one: put `await` before lab.run"
    )
    const judged = await running
    expect(() => expect(judged.run).not.toHaveAvailability(1)).toThrow("got an object without run and verdict: pass on")
    expect(() => expect(undefined).toAnswerWithin("1s")).toThrow("got undefined: pass on what lab.run resolves to")
    expect(() => expect(judged).toAnswerWithin("soon")).toThrow('wants a duration such as "500ms" or "2s", got "soon"')
    expect(() => expect(judged).toHaveAvailability(99)).toThrow("wants a share between 0 and 1, got 99")
    // @ts-expect-error The kinds are a closed list.
    expect(() => expect(judged).not.toHaveFinding("key-reuse")).toThrow('did you mean "key-reused"?')
  })
})
