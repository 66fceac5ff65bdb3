/** The suite passes in node:test itself, and fails there in words where an assertion does not hold. */
import { execFile } from "node:child_process"
import * as path from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "../../..")

it("passes", { timeout: 120_000 }, async () => {
  const args = ["--import", "./scripts/sources.mjs", "--test", `${import.meta.dirname}/tickets.spec.ts`]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env })
  expect(stdout).toMatch(/pass 2\n.*fail 0\n/s)
})
