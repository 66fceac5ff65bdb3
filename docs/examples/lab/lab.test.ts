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

it("qwen-down.yaml, which the Python and the Java suite play, is a scenario that Understudy passes", async () => {
  const [down] = await Effect.runPromise(Scenario.load(file("qwen-down.yaml")))
  expect((await Lab.run(down ?? "")).verdict.findings).toEqual([])
})

it("monday.ts tells a client with a single key from Understudy", async () => {
  expect(await Monday.main()).toEqual(["understudy passed 1", "single-key failed 0.875 failed-while-healthy"])
})

// Skipped where there is no python3.
const python = spawnSync("python3", ["--version"]).status === 0

it.skipIf(!python)(
  "resilience.py plays a scenario through Python",
  async () => {
    const { name, teaches, keys } = Library.find("auth.invalid@qwen").source
    const traffic = { model: "qwen-plus", every: "1s", for: "20s" } as const
    const scenario = Scenario.make({ name, teaches, traffic, ...(keys === undefined ? {} : { keys }) })
    const server = await ScenarioServer.listen(scenario, { speed: 20 })
    try {
      const { stdout } = await promisify(execFile)("python3", [file("resilience.py"), server.url])
      expect(stdout).toBe("20 of 20 calls answered\n")
    } finally {
      await server.close()
    }
  },
  30_000
)
