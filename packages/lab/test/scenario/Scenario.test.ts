import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { names } from "@understudy/mocks/VendorList"
import * as Effect from "effect/Effect"
import type { ScenarioOptions } from "../../src/scenario/Options.ts"
import * as Scenario from "../../src/scenario/Scenario.ts"
import { ScenarioError } from "../../src/scenario/ScenarioError.ts"

const least: ScenarioOptions = {
  name: "least",
  teaches: { en: "Nothing.", zh: "没有。" },
  traffic: { model: "qwen-plus", every: "1s", for: "10s" }
}

const head = "name: a\nteaches: { en: x, zh: y }\n"
const traffic = "traffic: { model: qwen-plus, every: 1s, for: 1m }\n"

const problems = (yaml: string) =>
  Effect.map(Effect.flip(Scenario.fromYaml(yaml, { env: {} })), (error) => error.message.split("\n").slice(1))

const refusal = (make: () => unknown): ScenarioError => {
  try {
    make()
  } catch (error) {
    if (error instanceof ScenarioError) return error
  }
  return expect.unreachable("nothing was refused")
}

describe("Scenario.make", () => {
  it("fills in the standard keys, the standard setting and what is expected", () => {
    const { config, expect: expected, keys, length, pace, seed } = Scenario.make(least)
    expect({ seed, pace, length }).toEqual({ seed: 42, pace: 20, length: 9_000 })
    expect(keys.map(({ account, name, value, vendor }) => [name, vendor, account, value])).toEqual([
      ["qwen-1", "qwen", "qwen-1", "sk-demo-qwen-1"],
      ["qwen-2", "qwen", "qwen-2", "sk-demo-qwen-2"],
      ["deepseek-1", "deepseek", "deepseek-1", "sk-demo-deepseek-1"],
      ["deepseek-2", "deepseek", "deepseek-2", "sk-demo-deepseek-2"]
    ])
    expect(config.providers).toEqual({
      qwen: { type: "qwen", keys: ["qwen-1", "qwen-2"] },
      deepseek: { type: "deepseek", keys: ["deepseek-1", "deepseek-2"] }
    })
    expect(expected).toEqual({
      outcome: "answered",
      availability: 1,
      within: undefined,
      attemptsPerCall: 10,
      stallWithin: 30_000,
      restoredWithin: 120_000,
      allow: []
    })
  })

  it("sets up only the vendors that there are keys of", () => {
    const { config } = Scenario.make({ ...least, keys: { mine: { vendor: "qwen" } } })
    expect(Object.keys(config.providers)).toEqual(["qwen"])
    expect(config.routes.map((route) => [route.name, route.fallback])).toEqual([
      ["reasoning", []],
      ["qwen", []]
    ])
  })

  it("gives every fault a name of its own", () => {
    const { faults, phases } = Scenario.make({
      ...least,
      faults: [{ kind: "dns" }, { kind: "dns" }, { kind: "refuse", name: "dns-2" }],
      phases: [{ name: "only", faults: [{ kind: "dns" }] }]
    })
    const names = [...faults, ...(phases[0]?.faults ?? [])].map((fault) => fault.name)
    expect(names).toEqual(["dns", "dns-3", "dns-2", "dns-4"])
  })

  it("lists everything that is wrong at once", () => {
    const wrong = {
      ...least,
      faults: [{ kind: "dns", key: "qwen-3" }],
      traffic: { model: "gpt-4o", every: "1s", for: "0s" }
    }
    expect(refusal(() => Scenario.make(wrong as ScenarioOptions, "mine")).message).toBe(
      [
        "mine: 3 problems",
        "  mine  traffic.for: is no time at all: a run without calls shows nothing",
        '  mine  traffic.model: no route takes "gpt-4o": there are routes for = qwq-32b, deepseek-*, qwen*',
        '  mine  faults[0].key: "qwen-3" is no key of this scenario: did you mean "qwen-1"?'
      ].join("\n")
    )
  })

  it("never repeats what may be a secret", () => {
    const secret = "sk-0123456789abcdef"
    const places: ReadonlyArray<Partial<ScenarioOptions>> = [
      { keys: { mine: { vendor: "qwen", value: secret } } },
      { keys: { [secret]: { vendor: "qwen" } } },
      { faults: [{ kind: "dns", key: secret }] },
      { keys: { mine: { vendor: "qwen", state: secret as "valid" } } },
      {
        config: {
          version: 1,
          providers: { qwen: { type: "qwen", keys: [secret] } },
          routes: [{ name: "a", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] }]
        }
      }
    ]
    for (const place of places) {
      expect(refusal(() => Scenario.make({ ...least, ...place })).message).not.toContain("0123456789abcdef")
    }
  })
})

/** What is wrong, below the head and beside ordinary traffic, and what is said of it. */
const table: ReadonlyArray<readonly [what: string, yaml: string, ...lines: ReadonlyArray<string>]> = [
  [
    "a setting that does not exist",
    "fault: []\n",
    '3:8  fault: is not a setting that exists here: did you mean "faults"?'
  ],
  [
    "a kind that does not exist",
    "faults:\n  - kind: cut.midsteam\n",
    '4:11  faults[0].kind: "cut.midsteam" is not possible here: did you mean "cut.midstream"?'
  ],
  ["a duration without a unit", "pace: 20\n", "3:7  pace: must be a duration such as 500ms, 5s, 2m or 1h, got 20"],
  [
    "a key that does not exist",
    "faults:\n  - kind: dns\n    key: quen-1\n",
    '5:10  faults[0].key: "quen-1" is no key of this scenario: did you mean "qwen-1"?'
  ],
  [
    "an account that does not exist",
    "faults: [{ kind: dns, account: main }]\n",
    '3:32  faults[0].account: "main" is no account of this scenario: there are: qwen-1, qwen-2, deepseek-1, deepseek-2'
  ],
  [
    "a model that nobody asks for",
    "faults: [{ kind: dns, model: qwen-pls }]\n",
    '3:30  faults[0].model: no request is about "qwen-pls" here: did you mean "qwen-plus"?'
  ],
  [
    "a model of another vendor",
    "faults: [{ kind: dns, vendor: qwen, model: deepseek-flash }]\n",
    '3:44  faults[0].model: no request is about "deepseek-flash" here: there are: qwen-plus'
  ],
  [
    "a kind that the vendor never answers",
    "faults: [{ kind: overload.queue, vendor: qwen }]\n",
    '3:18  faults[0].kind: qwen never answers "overload.queue", only deepseek does'
  ],
  [
    "a kind that the key's vendor never answers",
    "faults: [{ kind: rate.burst, key: deepseek-2 }]\n",
    '3:18  faults[0].kind: deepseek never answers "rate.burst", only qwen does'
  ],
  [
    "a key of another vendor",
    "faults: [{ kind: dns, vendor: qwen, key: deepseek-1 }]\n",
    '3:42  faults[0].key: "deepseek-1" belongs to deepseek, not to qwen: nothing fits both'
  ],
  [
    "an end before the beginning",
    "faults: [{ kind: dns, from: 30s, until: 10s }]\n",
    "3:41  faults[0].until: is not after from (30s): the fault would never strike"
  ],
  [
    "two ends",
    "faults: [{ kind: dns, until: 10s, for: 5s }]\n",
    "3:30  faults[0].until: cannot stand beside for: leave one of them out"
  ],
  [
    "a fault after the last call",
    "faults: [{ kind: dns, from: 2m }]\n",
    "3:29  faults[0].from: is at 120s, after the last call (59s)"
  ],
  [
    "a flapping that is always on",
    "faults: [{ kind: dns, flap: { every: 5s, on: 8s } }]\n",
    "3:46  faults[0].flap.on: is longer than every (5s)"
  ],
  [
    "ordinals beside other ways to choose",
    "faults: [{ kind: dns, ordinals: [1], skip: 2, times: 3 }]\n",
    "3:44  faults[0].skip: cannot stand beside ordinals, which say it all: leave it out",
    "3:54  faults[0].times: cannot stand beside ordinals, which say it all: leave it out"
  ],
  [
    "what the mocks would refuse",
    "faults: [{ kind: overload.queue, every: 0s }]\n",
    '3:10  faults[0]: every must be a duration greater than 0; got "0s"'
  ],
  [
    "two faults of one name",
    "faults: [{ kind: dns, name: a }, { kind: refuse, name: a }]\n",
    '3:56  faults[1].name: "a" is there twice'
  ],
  [
    "phases that never end or follow nothing",
    "phases: [{ name: a }, { name: b, until: {} }, { name: c, until: { after: 5s } }]\n",
    "3:10  phases[0].until: is missing: only the last phase needs none",
    "3:41  phases[1].until: needs either after or requests",
    "3:65  phases[2].until: ends the last phase: add the next one, or leave it out"
  ],
  [
    "a phase after the last call",
    "phases: [{ name: a, until: { after: 5m } }, { name: b }]\n",
    "3:45  phases[1]: begins at 300s, after the last call (59s)"
  ],
  [
    "a fault after the end of its phase",
    "phases: [{ name: a, until: { after: 5s }, faults: [{ kind: dns, from: 6s }] }, { name: b }]\n",
    "3:71  phases[0].faults[0].from: is not before the end of its phase (5s)"
  ],
  [
    "two keys of one value",
    "keys:\n  a: { vendor: qwen, value: sk-demo-a }\n  b: { vendor: qwen, value: sk-demo-a }\n",
    '5:29  keys.b.value: is the value of "a" too: give each key its own, or leave both out'
  ],
  [
    "a key that may be real",
    "keys:\n  a: { vendor: qwen, value: abcdef123456 }\n",
    "4:29  keys.a.value: may be a real secret, and does not belong into a scenario: use one such as sk-demo-a"
  ],
  [
    "an account of two vendors",
    "keys:\n  a: { vendor: qwen, account: main }\n  b: { vendor: deepseek, account: main }\n",
    '5:35  keys.b.account: "main" is an account at qwen: an account belongs to one vendor'
  ],
  [
    "a state that the vendor does not know",
    "keys: { a: { vendor: deepseek, state: billing.freeTier } }\n",
    '3:39  keys.a.state: deepseek never answers "billing.freeTier", only qwen does',
    '4:19  traffic.model: no route takes "qwen-plus": there are routes for deepseek-*'
  ],
  [
    "a restoration of nothing",
    "keys: { a: { vendor: qwen, restoredAfter: 5s } }\n",
    "3:43  keys.a.restoredAfter: has nothing to restore: give the key a state, or use changes"
  ],
  [
    "changes that come too late or never",
    "keys: { a: { vendor: qwen, changes: [{ state: slow, after: 50s }, { state: valid, after: 20s }, { state: cut }] } }\n",
    "3:90  keys.a.changes[1].after: comes at 70s, after the last call (59s)",
    "3:97  keys.a.changes[2]: needs either after or afterRequests, or it never comes"
  ],
  ["no keys", "keys: {}\n", "3:7  keys: is empty: name a key, or leave it out for the standard four"],
  [
    "a configuration that names other keys, vendors and addresses",
    `config:
  version: 1
  providers:
    a: { type: qwen, keys: [qwen-1, deepseek-1, qwen-3] }
    b: { type: openai-compatible, baseUrl: "http://127.0.0.1/v1" }
    c: { type: deepseek, baseUrl: "http://127.0.0.1", keys: [deepseek-1] }
  routes: [{ name: r, match: { model: { prefix: qwen- } }, targets: [{ provider: d }] }]
`,
    '6:37  config.providers.a.keys[1]: "deepseek-1" is a key of deepseek: there are: qwen-1, qwen-2',
    '6:49  config.providers.a.keys[2]: "qwen-3" is no key of this scenario: did you mean "qwen-1"?',
    `7:16  config.providers.b.type: the lab plays ${names.join(", ")} only`,
    "8:35  config.providers.c.baseUrl: is filled in by the runner: leave it out",
    '9:82  config.routes[0].targets[0].provider: "d" is not configured. Providers: a, b, c'
  ]
]

describe("Scenario.fromYaml", () => {
  it.effect.each(table)("refuses %s", ([, yaml, ...lines]) =>
    Effect.gen(function* () {
      expect(yield* problems(head + yaml + traffic)).toEqual(lines.map((line) => `  scenario.yaml:${line}`))
    })
  )

  it.effect("reads several scenarios, and tells what is wrong by the place in the file", () =>
    Effect.gen(function* () {
      const one = (name: string, more = "") =>
        `  - name: ${name}\n    teaches: { en: x, zh: y }\n${more}    traffic: { model: qwen-plus, every: 1s, for: 1m }\n`
      const scenarios = yield* Scenario.fromYaml(`scenarios:\n${one("a")}${one("b")}`)
      expect(scenarios.map(({ name }) => name)).toEqual(["a", "b"])
      const wrong = `scenarios:\n${one("a")}${one("a", "    faults: [{ kind: dns, key: b }]\n")}seed: 1\n`
      expect(yield* problems(wrong)).toEqual([
        '  scenario.yaml:5:11  scenarios[1].name: "a" is there twice',
        '  scenario.yaml:7:32  scenarios[1].faults[0].key: "b" is no key of this scenario: there are: qwen-1, qwen-2, deepseek-1, deepseek-2',
        "  scenario.yaml:9:7  seed: belongs into one of the scenarios"
      ])
      expect(yield* problems("scenarios: []\n")).toEqual([
        "  scenario.yaml:1:12  scenarios: must be a list of at least one scenario"
      ])
    })
  )

  it.effect("tells what parts mean beside parts that are not even of the right form", () =>
    Effect.gen(function* () {
      const yaml = `name: 5
teaches: { en: x, zh: y }
foo: 1
traffic: { model: qwen-plus, every: 1s, for: 10s }
expect: { within: soon }
faults: [{ kind: overlod.fast }, { kind: dns, from: 9s, until: 5s }]
phases: [{ name: a, until: { after: 1s }, faults: [{ kind: dns, ratio: 2 }, { kind: dns, key: b }] }, { name: a }]
`
      const paths = (yield* problems(yaml)).map((line) => line.replace(/^ *\S+ +(\S+): .*$/, "$1"))
      const [first, second] = ["faults[0].kind", "faults[1].until"]
      const inPhase = ["phases[0].faults[0].ratio", "phases[0].faults[1].key", "phases[1].name"]
      expect(paths).toEqual(["name", "foo", "expect.within", first, second, ...inPhase])
    })
  )

  it.effect("leaves meaning aside where traffic, keys, phases or the configuration cannot be read", () =>
    Effect.gen(function* () {
      const yaml = `${head}keys: { a: { vendor: nobody } }\nfaults: [{ kind: dns, key: b }]\n${traffic}`
      expect(yield* problems(yaml)).toHaveLength(1)
    })
  )

  it.effect("refuses an alias inside of what it names", () =>
    Effect.gen(function* () {
      const line = "  scenario.yaml:4:3  *f stands inside of what it names: write out what is meant"
      expect(yield* problems(`${head}faults: &f\n- *f\n${traffic}`)).toEqual([line])
    })
  )

  it.effect("tells the first hundred of very many problems, and how many more there are", () =>
    Effect.gen(function* () {
      const lines = yield* problems(`${head}faults:\n${"- { kind: nothing }\n".repeat(150)}${traffic}`)
      expect([lines.length, lines.at(-1)]).toEqual([101, "  … and 50 more"])
    })
  )

  it.effect("says what is no scenario at all", () =>
    Effect.gen(function* () {
      expect(yield* problems("")).toEqual([
        "  scenario.yaml  the file is empty: write a scenario with name, teaches and traffic"
      ])
      expect(yield* problems("scenarios: 3\n")).toEqual([
        "  scenario.yaml:1:12  scenarios: must be a list of at least one scenario"
      ])
      expect((yield* problems("a: [\n"))[0]).toMatch(/^ {2}scenario\.yaml:\d+:\d+ {2}not valid YAML: /)
    })
  )
})

describe("a scenario of many parts", () => {
  it("names each of ten thousand faults of one kind, and finds its last call", () => {
    const faults = Array.from({ length: 10_000 }, () => ({ kind: "dns" as const }))
    const calls = Array.from({ length: 200_000 }, (_, index) => ({ at: `${index}ms` }))
    const scenario = Scenario.make({ ...least, faults, traffic: { model: "qwen-plus", calls } })
    expect([scenario.faults.at(-1)?.name, scenario.length]).toEqual(["dns-10000", 199_999])
  })
})

describe("Scenario.load", () => {
  it.effect("reads a file, and says where there is none", () =>
    Effect.gen(function* () {
      const folder = mkdtempSync(path.join(tmpdir(), "understudy-lab-"))
      const file = path.join(folder, "mine.yaml")
      writeFileSync(file, head + traffic)
      const [scenario] = yield* Scenario.load(file)
      rmSync(folder, { recursive: true })
      expect([scenario?.name, scenario?.origin?.file]).toEqual(["a", file])
      const error = yield* Effect.flip(Scenario.load(file))
      expect(error.message).toBe(`${file}: 1 problem\n  ${file}  does not exist: give the path of a scenario's file`)
    })
  )
})

describe("Scenario.check", () => {
  const yaml = `${head}keys:
  qwen-1: { vendor: qwen, changes: [{ state: refuse, after: 5s }] }
faults:
  - { kind: dns }
  - { kind: halfclose.midstream }
phases:
  - { name: only, faults: [{ kind: cut.midstream }] }
${traffic}`

  it.effect("refuses what a runner cannot do exactly, by the place in the file, and names those that can", () =>
    Effect.gen(function* () {
      const [scenario] = yield* Scenario.fromYaml(yaml, { source: "mine.yaml" })
      if (scenario === undefined) return expect.unreachable()
      Scenario.check(scenario, "virtual")
      expect(refusal(() => Scenario.check(scenario, "sockets")).message).toBe(
        [
          "mine.yaml: 2 problems",
          '  mine.yaml:4:46  keys.qwen-1.changes[0].state: the sockets runner cannot do "refuse" (connection refused) as it really is: run it with virtual or network',
          '  mine.yaml:6:13  faults[0].kind: the sockets runner cannot do "dns" (the host name does not resolve) as it really is: run it with virtual or network'
        ].join("\n")
      )
      expect(refusal(() => Scenario.check(scenario, "network")).issues.map(({ line }) => line)).toEqual([7, 9])
    })
  )

  it("names the scenario where there is no file", () => {
    const scenario = Scenario.make({ ...least, faults: [{ kind: "dns" }] })
    expect(refusal(() => Scenario.check(scenario, "sockets")).source).toBe("least")
  })
})
