import { expect, it } from "vitest"
import * as Workers from "./workers.ts"

const tasks = [{ contestant: "openai", scenario: "no-such-thing@qwen", setUp: "one key" as const }]

const processes = (): number => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length

it("says in which run a process died and why, and leaves none behind", { timeout: 60_000 }, async () => {
  const before = processes()
  await expect(Workers.run(tasks, () => undefined, new AbortController().signal)).rejects.toThrow(
    /^openai in no-such-thing@qwen: its process ended with exit code 1\.[\s\S]*there is no scenario "no-such-thing@qwen"/
  )
  await expect.poll(processes).toBe(before)
})

it("ends with the reason of whoever leaves, and leaves no process behind", { timeout: 60_000 }, async () => {
  const before = processes()
  const leaving = new AbortController()
  const run = Workers.run(tasks, () => undefined, leaving.signal)
  leaving.abort(new Error("interrupted"))
  await expect(run).rejects.toThrow("interrupted")
  await expect.poll(processes).toBe(before)
})
