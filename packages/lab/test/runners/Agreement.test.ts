/** One scenario, one verdict: however time goes by, and whether Understudy is in this process or behind its gateway. */
import * as Gateway from "@understudy/gateway/Gateway"
import { describe, expect, it } from "vitest"
import * as Lab from "../../src/Lab.ts"
import * as Json from "../../src/report/Json.ts"
import type { Judged } from "../../src/report/Judged.ts"
import type { Client } from "../../src/run/Client.ts"
import * as HttpClient from "../../src/run/HttpClient.ts"
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
  [unfinished, understudy, []],
  [late, understudy, []]
]

const kindsOf = ({ verdict }: Judged): ReadonlyArray<string> => [...new Set(verdict.findings.map(({ kind }) => kind))]

const outcomesOf = ({ run }: Judged) => run.calls.map(({ id, outcome }) => [id, outcome])

const recipesOf = ({ run }: Judged) =>
  run.calls.map(({ id }) =>
    run.attempts.filter(({ call }) => call === id).map(({ recipe, vendor }) => `${vendor} ${recipe}`)
  )

const modelsOf = ({ run }: Judged) => run.calls.map(({ answeredBy }) => answeredBy)

const withoutRunner = (judged: Judged): string =>
  Json.encode([{ ...judged, run: { ...judged.run, runner: "virtual" } }])

const named = pairs.map(([scenario, client, kinds]) => [scenario.name, client.name, scenario, client, kinds] as const)

describe("the same scenario", () => {
  it.each(
    named
  )("%s writes the same of '%s' through MSW as in virtual time", async (_, __, scenario, client, kinds) => {
    const [virtual, network] = [
      await Lab.run(scenario, { client }),
      await Lab.run(scenario, { client, runner: "network" })
    ]
    expect(kindsOf(virtual)).toEqual(kinds)
    expect(withoutRunner(network)).toBe(withoutRunner(virtual))
  })
})

describe("the same scenario in real time", { concurrent: true, timeout: 60_000 }, () => {
  it.each(named)("%s brings the same out of '%s' over sockets", async (_, __, scenario, client, kinds) => {
    const [virtual, sockets] = [
      await Lab.run(scenario, { client }),
      await Lab.run(scenario, { client, runner: "sockets" })
    ]
    expect(kindsOf(sockets)).toEqual(kinds)
    expect(outcomesOf(sockets)).toEqual(outcomesOf(virtual))
    expect(recipesOf(sockets)).toEqual(recipesOf(virtual))
  })

  it.each([
    badKey,
    limited,
    wrong
  ])("$name brings the same out of the gateway as out of the ChatModel", async (scenario) => {
    const behind = await Lab.run(scenario, { client: gateway, runner: "sockets" })
    const inProcess = await Lab.run(scenario)
    expect(kindsOf(behind)).toEqual([])
    expect(kindsOf(inProcess)).toEqual([])
    expect(outcomesOf(behind)).toEqual(outcomesOf(inProcess))
    expect(modelsOf(behind)).toEqual(modelsOf(inProcess))
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
  }, 60_000)
})
