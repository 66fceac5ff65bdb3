import { expect, it } from "vitest"
import { compete, names, scenarios } from "./contestants.ts"

it.each(names("one key"))("brings the same out of %s, whatever ran before in the process", {
  timeout: 60_000
}, async (name) => {
  const first = await compete(name, "stall.before@qwen", "one key")
  await compete(name, "refuse@qwen", "one key")
  expect(await compete(name, "stall.before@qwen", "one key")).toEqual(first)
})

it("refuses a contestant that nobody knows", async () => {
  await expect(compete("curl", "auth.invalid@qwen", "one key")).rejects.toThrow(
    'There is no contestant "curl": openai, AI SDK'
  )
})

it("leaves each vendor one key where that is the set-up, and what was about the others out", async () => {
  const { length } = scenarios("one key")
  expect(length).toBeGreaterThan(0.9 * scenarios("two keys").length)
  const alone = await compete("Understudy", "auth.allKeys@qwen", "one key")
  expect(alone).toEqual({ passed: true, availability: 1, findings: [] })
})
