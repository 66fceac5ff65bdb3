/** One scenario, one verdict: however time goes by, and whether Understudy is in this process or behind its gateway. */
import * as Gateway from "@understudy/gateway/Gateway"
import { beforeAll, describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Json from "../../src/report/Json.ts"
import type { Judged } from "../../src/report/Judged.ts"
import type { Client } from "../../src/run/Client.ts"
import * as HttpClient from "../../src/run/HttpClient.ts"
import type { RunnerName } from "../../src/run/Run.ts"
import * as UnderstudyClient from "../../src/run/UnderstudyClient.ts"
import type { Scenario } from "../../src/scenario/Scenario.ts"
import { broken } from "../clients/Broken.ts"
import { badKey, hour, late, leaving, limited, unfinished, wrong } from "./Short.ts"

const understudy = UnderstudyClient.make()
const naive = broken["key-reused"]

/** Our gateway, pointed at the vendors of the run. */
const gateway: Client = {
  name: "gateway",
  promises: true,
  open: async (setting) => {
    const { close, url } = await Gateway.start({ port: 0, grace: 0, log: false, config: setting.config })
    const session = await HttpClient.make({ url }).open(setting)
    return { start: session.start, close }
  }
}

const pairs: ReadonlyArray<readonly [Scenario, Client, ReadonlyArray<string>]> = [
  [badKey, understudy, []],
  [badKey, naive, ["key-reused"]],
  [limited, understudy, []],
  [limited, naive, ["retry-after-ignored"]],
  [wrong, understudy, []],
  [wrong, naive, ["retried-caller-error"]],
  [unfinished, understudy, []],
  [late, understudy, []],
  [late, naive, ["too-slow"]]
]

const kindsOf = ({ verdict }: Judged): ReadonlyArray<string> => [...new Set(verdict.findings.map(({ kind }) => kind))]

const outcomesOf = ({ run }: Judged) => run.calls.map(({ id, outcome }) => [id, outcome])

const recipesOf = ({ run }: Judged) =>
  run.calls.map(({ id }) =>
    run.attempts.filter(({ call }) => call === id).map(({ recipe, vendor }) => `${vendor} ${recipe}`)
  )

const withoutRunner = (judged: Judged): string =>
  Json.encode([{ ...judged, run: { ...judged.run, runner: "virtual" } }])

describe("the same scenario", () => {
  const runs = new Map<string, Judged>()
  const runOf = (runner: RunnerName, scenario: Scenario, client: Client): Judged =>
    runs.get(`${runner} ${scenario.name} ${client.name}`)!

  beforeAll(async () => {
    const run = async (runner: RunnerName, scenario: Scenario, client: Client): Promise<void> => {
      runs.set(`${runner} ${scenario.name} ${client.name}`, await Lab.run(scenario, { client, runner }))
    }
    for (const [scenario, client] of pairs) {
      await run("virtual", scenario, client)
      await run("network", scenario, client)
    }
    const behind = [badKey, limited, wrong].map((scenario) => [scenario, gateway] as const)
    await Promise.all([...pairs, ...behind].map(([scenario, client]) => run("sockets", scenario, client)))
  })

  it.each(
    pairs.map(([scenario, client, kinds]) => [scenario.name, client.name, scenario, client, kinds] as const)
  )("%s brings the same out of '%s' through every runner", (_, __, scenario, client, kinds) => {
    const virtual = runOf("virtual", scenario, client)
    expect(kindsOf(virtual)).toEqual(kinds)
    expect(withoutRunner(runOf("network", scenario, client))).toBe(withoutRunner(virtual))
    const sockets = runOf("sockets", scenario, client)
    expect(kindsOf(sockets)).toEqual(kinds)
    expect(outcomesOf(sockets)).toEqual(outcomesOf(virtual))
    expect(recipesOf(sockets)).toEqual(recipesOf(virtual))
  })

  it.each([badKey, limited, wrong])("$name brings the same out of the gateway as out of the ChatModel", (scenario) => {
    const [inProcess, behind] = [runOf("sockets", scenario, understudy), runOf("sockets", scenario, gateway)]
    expect(kindsOf(behind)).toEqual(kindsOf(inProcess))
    expect(outcomesOf(behind)).toEqual(outcomesOf(inProcess))
    expect(behind.run.calls.map(({ text }) => text.replace(/\d+/g, "n"))).toEqual(
      inProcess.run.calls.map(({ text }) => text.replace(/\d+/g, "n"))
    )
  })
})

describe("the same run twice", () => {
  it.each([
    ["virtual", leaving, understudy],
    ["virtual", leaving, naive],
    ["network", leaving, understudy],
    ["network", leaving, naive]
  ] as const)("through the %s runner writes the same bytes", async (runner, scenario, client) => {
    const [once, again] = [await Lab.run(scenario, { client, runner }), await Lab.run(scenario, { client, runner })]
    expect(Json.encode([once])).toBe(Json.encode([again]))
  })

  it("is another one with another seed", async () => {
    const [once, other] = [await Lab.run(leaving), await Lab.run(leaving, { seed: 7 })]
    expect(other.run.calls).not.toEqual(once.run.calls)
  })

  it("writes the same bytes of an hour with six outages at one call a second", async () => {
    const [once, again] = [await Lab.run(hour), await Lab.run(hour)]
    expect(once.verdict.figures).toMatchObject({ calls: 3600, availability: 1 })
    const troubles = once.run.transitions.filter(({ from, to }) => from !== "" && to !== "off" && to !== "valid")
    expect(new Set(troubles.map(({ name }) => name)).size).toBe(6)
    expect(Json.encode([once])).toBe(Json.encode([again]))
  })
})
