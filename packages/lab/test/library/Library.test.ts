import { describe, expect, it } from "@effect/vitest"
import { catalogue, names } from "@understudy/mocks/FaultKind"
import { faultOf } from "@understudy/mocks/Key"
import * as Effect from "effect/Effect"
import { stringify } from "yaml"
import * as Library from "../../src/library/Library.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { ScenarioError } from "../../src/scenario/ScenarioError.ts"
import * as Traffic from "../../src/traffic/Traffic.ts"

const kindsOf = ({ faults, keys, phases }: Scenario.Scenario) => [
  ...[...faults, ...phases.flatMap((phase) => phase.faults)].map((fault) => fault.kind),
  ...keys
    .flatMap((key) => [key.state ?? "valid", ...(key.changes ?? []).map((change) => change.state)])
    .flatMap((state) => faultOf(state) ?? [])
]

/** The rows of the degradation catalogue, by the vendors that have them. */
const rows: Readonly<Record<string, ReadonlyArray<"deepseek" | "qwen">>> = {
  "auth.invalid": ["deepseek", "qwen"],
  "auth.missing": ["deepseek", "qwen"],
  "billing.exhausted": ["deepseek", "qwen"],
  "billing.freeTier": ["qwen"],
  "rate.limit": ["deepseek", "qwen"],
  "rate.tokens": ["deepseek", "qwen"],
  "rate.burst": ["qwen"],
  "overload.fast": ["deepseek", "qwen"],
  "overload.disguised": ["qwen"],
  "overload.queue": ["deepseek"],
  "empty.200": ["deepseek", "qwen"],
  "stall.thinking": ["deepseek", "qwen"],
  "cut.midstream": ["deepseek", "qwen"],
  "eof.noDone": ["deepseek", "qwen"],
  "finish.resource": ["deepseek"],
  "partial.200": ["qwen"],
  "content.input": ["deepseek", "qwen"],
  "content.output": ["deepseek", "qwen"],
  "model.gone": ["deepseek", "qwen"],
  "mode.mismatch": ["deepseek", "qwen"],
  "edge.html": ["deepseek", "qwen"]
}

describe("Library", () => {
  it("has every row of the degradation catalogue for every vendor that has it", () => {
    const wanted = Object.entries(rows).flatMap(([row, vendors]) => vendors.map((vendor) => `${row}@${vendor}`))
    expect(Library.all.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted))
  })

  it("gives every scenario a name of its own, and a lesson of its own in both languages", () => {
    const all = Library.all.map(({ name }) => name)
    expect(new Set(all).size).toBe(all.length)
    for (const { name, teaches } of Library.all) {
      expect(teaches.en, name).toMatch(/^[A-Za-z"0-9].{30,}\.$/)
      expect(teaches.zh, name).toMatch(/^(?=.*\p{Script=Han}.*\p{Script=Han}).{12,}。$/u)
    }
    for (const side of ["qwen", "deepseek"]) {
      const lessons = Library.all.filter(({ name }) => name.endsWith(`@${side}`)).map(({ teaches }) => teaches.en)
      expect(new Set(lessons).size).toBe(lessons.length)
    }
  })

  it("asks for nothing that the virtual runner cannot do, and plays every kind that there is", () => {
    for (const scenario of Library.all) Scenario.check(scenario, "virtual")
    const played = new Set(Library.all.flatMap(kindsOf))
    expect(names.filter((kind) => !played.has(kind))).toEqual([])
    for (const kind of names) expect(catalogue[kind].transport).toBe("exact")
  })

  it("lets the traffic go on for a while after the last change", () => {
    for (const scenario of Library.all) {
      const ends = scenario.faults.flatMap(({ for: lasts, from }) =>
        lasts === undefined ? [] : [seconds(from ?? "0s") + seconds(lasts)]
      )
      expect(scenario.length / 1000 - Math.max(0, ...ends), scenario.name).toBeGreaterThanOrEqual(60)
      expect(Traffic.calls(scenario).length, scenario.name).toBeGreaterThanOrEqual(60)
    }
  })

  it("finds a scenario by its name, and says which one was probably meant", () => {
    expect(Library.find("auth.invalid@qwen").name).toBe("auth.invalid@qwen")
    expect(() => Library.find("auth.invalid@quen")).toThrow(ScenarioError)
    expect(() => Library.find("auth.invalid@quen")).toThrow(
      'there is no scenario "auth.invalid@quen": did you mean "auth.invalid@qwen"?'
    )
    expect(() => Library.find("auth.invalid")).toThrow('did you mean "auth.invalid@qwen"?')
  })

  it.effect("says the same when it is written as YAML and read again", () =>
    Effect.gen(function* () {
      const text = stringify({ scenarios: Library.all.map(({ source }) => source) }, { aliasDuplicateObjects: false })
      const read = yield* Scenario.fromYaml(text, { env: {} })
      expect(read.map(({ origin: _, ...rest }) => rest)).toEqual(Library.all)
    })
  )
})

const seconds = (text: string): number => {
  const [, amount, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? []
  return Number(amount) * ({ s: 1, m: 60, h: 3600 }[unit ?? "s"] ?? Number.NaN)
}
