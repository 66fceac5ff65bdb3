/** The files of this folder do what the guide says: the scenario is one, the clients are judged as shown. */
import { execFile, spawnSync } from "node:child_process"
import * as path from "node:path"
import { promisify } from "node:util"
import * as ScenarioServer from "@understudy/lab/control/ScenarioServer"
import * as Lab from "@understudy/lab/Lab"
import * as Library from "@understudy/lab/library/Library"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import * as Monday from "./monday.ts"

const file = (name: string): string => path.join(import.meta.dirname, name)

it("monday.yaml is a scenario that Understudy passes", async () => {
  const [monday] = await Effect.runPromise(Scenario.load(file("monday.yaml")))
  const { run, verdict } = await Lab.run(monday ?? "")
  expect(verdict.findings).toEqual([])
  expect(run.calls).toHaveLength(120)
})

it("monday.ts tells a client with a single key from Understudy", async () => {
  expect(await Monday.main()).toEqual([
    "understudy passed 1",
    "single-key failed 0.875 low-availability failed-while-healthy"
  ])
})

// Skipped where there is no python3.
const python = spawnSync("python3", ["--version"]).status === 0

it.skipIf(!python)(
  "resilience.py plays a scenario through Python",
  async () => {
    const server = await ScenarioServer.listen(Library.find("auth.invalid@qwen"))
    try {
      const { stdout } = await promisify(execFile)("python3", [file("resilience.py"), server.url])
      expect(stdout).toBe("120 of 120 calls answered\n")
    } finally {
      await server.close()
    }
  },
  30_000
)
