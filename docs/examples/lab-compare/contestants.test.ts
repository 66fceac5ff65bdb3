import { expect, it } from "vitest"
import { compete, names } from "./contestants.ts"

it.each(names)("brings the same out of %s, whatever ran before in the process", { timeout: 60_000 }, async (name) => {
  const first = await compete(name, "stall.before@qwen")
  await compete(name, "refuse@qwen")
  expect(await compete(name, "stall.before@qwen")).toEqual(first)
})

it("refuses a contestant that nobody knows", async () => {
  await expect(compete("curl", "auth.invalid@qwen")).rejects.toThrow('There is no contestant "curl": openai, AI SDK')
})
