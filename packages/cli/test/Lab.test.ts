import { readFileSync, writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Lab from "@understudy/lab/Lab"
import * as Library from "@understudy/lab/library/Library"
import * as Json from "@understudy/lab/report/Json"
import * as Client from "@understudy/lab/run/Client"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Warnings from "@understudy/lab/scenario/Warnings"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as LabReplay from "../src/commands/LabReplay.ts"
import * as LabRun from "../src/commands/LabRun.ts"
import * as MockScenario from "../src/commands/MockScenario.ts"
import * as Style from "../src/internal/Style.ts"
import * as Length from "../src/lab/Length.ts"
import * as MockHost from "../src/lab/MockHost.ts"
import * as OwnConfig from "../src/lab/OwnConfig.ts"
import * as Plan from "../src/lab/Plan.ts"
import * as Rejudge from "../src/lab/Rejudge.ts"
import * as ReportFiles from "../src/lab/ReportFiles.ts"
import * as RerunCommand from "../src/lab/RerunCommand.ts"
import * as Selection from "../src/lab/Selection.ts"
import * as Target from "../src/lab/Target.ts"
import * as TextFile from "../src/lab/TextFile.ts"
import * as Messages from "../src/Messages.ts"

const en = Messages.of("en")

const scenario = (change: object = {}): Scenario.Scenario =>
  Scenario.make({
    name: "own",
    teaches: { en: "Something.", zh: "某事。" },
    traffic: { model: "qwen-plus", every: "1s", for: "3s" },
    ...change
  })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "understudy-lab-"))
})
afterAll(() => rm(folder, { recursive: true }))

it.each([
  [0, "0s"],
  [45_000, "45s"],
  [238_000, "3m58s"],
  [86_400_000, "24h"],
  [3_661_000, "1h1m1s"]
])("writes %d milliseconds as %s", (millis, expected) => {
  expect(Length.toLabel(millis)).toBe(expected)
})

describe("a selection", () => {
  const names = async (...args: ReadonlyArray<string>) =>
    (await Effect.runPromise(Selection.of(en, args))).map(({ name }) => name)

  it("takes whole names, beginnings and patterns, each scenario once", async () => {
    expect(await names("auth.invalid@qwen")).toEqual(["auth.invalid@qwen"])
    expect(await names("auth.invalid", "auth.invalid@qwen")).toEqual(["auth.invalid@qwen", "auth.invalid@deepseek"])
    expect(await names("auth.inv*@d*")).toEqual(["auth.invalid@deepseek"])
  })

  it("reads files", async () => {
    const file = path.join(folder, "own.yaml")
    writeFileSync(file, "name: own\nteaches: { en: x, zh: x }\ntraffic: { model: qwen-plus, every: 1s, for: 1s }\n")
    expect(await names(file)).toEqual(["own"])
  })

  it("fails on a name that nothing has, and says which was meant", async () => {
    const failure = await Effect.runPromise(Effect.flip(Selection.of(en, ["auth.invalid@qwem"])))
    expect(failure).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('did you mean "auth.invalid@qwen"?')
    })
  })
})

describe("a plan", () => {
  const manner: Plan.Manner = { runner: "sockets", config: undefined, gateway: true, longest: 60_000 }
  const whyNot = (change: object, others: Partial<Plan.Manner> = {}) =>
    Plan.make(en, [scenario(), scenario({ name: "second", ...change })], { ...manner, ...others }).skipped.map(
      ({ why }) => why
    )

  it("leaves out what lasts too long in real time, and nothing on a virtual clock", () => {
    const long = { traffic: { model: "qwen-plus", every: "1m", for: "1h" } }
    expect(whyNot(long)).toEqual([en.lab.tooLong("59m", "1m")])
    expect(whyNot(long, { runner: "virtual" })).toEqual([])
  })

  it("leaves out what another gateway would be needed for", () => {
    const other = { keys: { "qwen-9": { vendor: "qwen" } } }
    expect(whyNot(other)).toEqual([en.lab.otherSetup])
    expect(whyNot(other, { gateway: false })).toEqual([])
  })

  it("leaves out faults that the runner cannot do", () => {
    expect(whyNot({ faults: [{ kind: "dns", vendor: "qwen" }] })).toEqual([
      expect.stringContaining('the sockets runner cannot do "dns"')
    ])
  })

  it("leaves out what no route of one's own configuration takes", () => {
    const config = OwnConfig.fromOptions({
      version: 1,
      providers: { qwen: { type: "qwen", keys: ["sk-real"] } },
      routes: [{ name: "q", match: { model: { prefix: "qwen-" } }, targets: [{ provider: "qwen" }] }]
    })
    const other = { traffic: { model: "deepseek-flash", every: "1s", for: "3s" } }
    expect(whyNot(other, { config })).toEqual([expect.stringContaining('no route takes "deepseek-flash"')])
  })
})

it("takes routes and limits of a configuration into a scenario, and neither keys nor addresses", () => {
  const { into, leftOut } = OwnConfig.fromOptions({
    version: 1,
    providers: {
      qwen: { type: "qwen", keys: ["real-secret"], baseUrl: "http://real", deadlines: { firstContent: "3s" } },
      local: { type: "openai-compatible", baseUrl: "http://local" }
    },
    routes: [
      { name: "vip", match: { model: { prefix: "qwen-" }, consumers: ["vip"] }, targets: [{ provider: "qwen" }] },
      {
        name: "q",
        match: { model: { prefix: "qwen-" } },
        targets: [{ provider: "qwen" }],
        fallback: [{ provider: "local" }]
      }
    ],
    consumers: [{ name: "vip", keys: ["consumer-secret"] }]
  })
  const { config } = into(scenario())
  expect(leftOut).toEqual(["local"])
  expect(config.providers).toEqual({ qwen: { type: "qwen", deadlines: { firstContent: "3s" }, keys: ["qwen-1"] } })
  expect(config.routes).toMatchObject([{ name: "q", fallback: [] }])
  expect(JSON.stringify(into(scenario()))).not.toMatch(/secret|real/)
})

describe("a configuration of one's own", () => {
  const all = { name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "main" }] } as const
  const oneKey = { version: 1, providers: { main: { type: "qwen", keys: ["sk-real"] } }, routes: [all] } as const

  it("keeps how many keys there are, of how many accounts, and how they weigh", () => {
    const keys = [
      { value: "a,b", account: "team" },
      { value: "c", weight: 3 }
    ]
    const { config, keys: made } = OwnConfig.fromOptions({
      version: 1,
      providers: { main: { type: "qwen", keys } },
      routes: [all]
    }).into(scenario())
    expect(config.providers).toEqual({
      main: { type: "qwen", keys: ["qwen-1", "qwen-2", { value: "qwen-3", weight: 3 }] }
    })
    expect(made.filter(({ vendor }) => vendor === "qwen").map(({ account }) => account)).toEqual([
      "qwen/team",
      "qwen/team",
      "qwen-3"
    ])
  })

  it("does not pass a project with one key and no fallback where its key is revoked", async () => {
    const alone = OwnConfig.fromOptions(oneKey).into(Library.find("key.revoked@qwen"))
    expect(alone.keys.filter(({ vendor }) => vendor === "qwen")).toHaveLength(1)
    const { verdict } = await Lab.run(alone)
    expect(verdict.passed).toBe(false)
    expect(verdict.findings.map(({ kind }) => kind)).toContain("low-availability")
    expect(Warnings.of(alone).map(({ en }) => en)).toEqual([
      expect.stringContaining("qwen/qwen-plus has a single key"),
      expect.stringContaining("qwen-plus has no fallback")
    ])
  })

  it("asks for the routes' own models and aliases, and has faults be about what they stand for", () => {
    const source = { faults: [{ kind: "model.gone", vendor: "qwen", model: "qwen-plus" }] } as const
    const {
      config,
      faults,
      source: made
    } = OwnConfig.fromOptions({
      version: 1,
      providers: { main: { type: "qwen", keys: ["k"], aliases: { smart: "qwen3.7-plus" } } },
      routes: [{ ...all, match: { model: { exact: "smart" } } }]
    }).into(scenario(source))
    expect(made.traffic.model).toBe("smart")
    expect(faults).toMatchObject([{ model: "qwen3.7-plus" }])
    expect(config.routes).toHaveLength(1)
    expect(OwnConfig.ofModel("qwen-max").into(scenario(source)).faults).toMatchObject([{ model: "qwen-max" }])
  })

  it("warns of one account, and of models that no vendor has", () => {
    const keys = [
      { value: "a", account: "team" },
      { value: "b", account: "team" }
    ]
    const made = OwnConfig.fromOptions(
      { version: 1, providers: { main: { type: "qwen", keys } }, routes: [all] },
      "qwen-of-tomorrow"
    ).into(scenario())
    expect(Warnings.of(made).map(({ en }) => en)).toEqual([
      expect.stringContaining('qwen has no model "qwen-of-tomorrow"'),
      expect.stringContaining("are of one account"),
      expect.stringContaining("has no fallback")
    ])
  })
})

it("prints a setup that a gateway accepts as its configuration", async () => {
  const lines = Target.lines(en, Style.plain, scenario(), { host: MockHost.loopback, port: 9090 })
  const from = lines.indexOf("version: 1")
  const yaml = lines.slice(from, lines.indexOf("", from)).join("\n")
  const config = await Effect.runPromise(UnderstudyConfig.fromYaml(yaml))
  expect(config.providers.map(({ name, keys }) => [name, keys.length])).toEqual([
    ["qwen", 2],
    ["deepseek", 2]
  ])
  expect(lines).toContain("qwen      base URL  http://127.0.0.1:9090/qwen/compatible-mode/v1")
})

describe("what does not go together is refused before anything starts", () => {
  const nothing = {
    ...{
      config: undefined,
      model: undefined,
      catalogue: undefined,
      target: undefined,
      apiKey: undefined,
      port: undefined,
      mockHost: undefined
    },
    ...{ headers: {}, beforeEach: undefined, concurrency: undefined }
  }
  const run: LabRun.Input = {
    ...{ ...nothing, language: "en", scenarios: ["auth.invalid@qwen"], all: false, seed: undefined, runner: undefined },
    ...{
      longest: undefined,
      report: undefined,
      baseline: undefined,
      onlyFailed: false,
      failFast: false,
      format: "json",
      json: false
    }
  }
  const runs: ReadonlyArray<readonly [what: Partial<LabRun.Input>, message: string]> = [
    [{ target: "127.0.0.1:8080" }, en.lab.badTarget("127.0.0.1:8080")],
    [{ mockHost: "0.0.0.0" }, en.lab.onlyWithTarget("--mock-host")],
    [{ headers: { tenant: "a" } }, en.lab.onlyWithTarget("--header")],
    [{ beforeEach: "true" }, en.lab.onlyWithTarget("--before-each")],
    [{ targetLog: "gateway.log" }, en.lab.onlyWithTarget("--target-log")],
    [{ concurrency: 2 }, en.lab.onlyWithTarget("--concurrency")],
    [{ target: "http://127.0.0.1:1", concurrency: 0 }, en.labTarget.badConcurrency(0)],
    [{ target: "http://127.0.0.1:1", mockHost: "a:1" }, en.lab.badMockHost("a:1")],
    [{ config: "none/understudy.yaml" }, "does not exist"]
  ]

  it.each(runs)("of lab run: %j", async (change, message) => {
    const failure = await Effect.runPromise(Effect.flip(LabRun.run(en, { ...run, ...change })))
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) })
  })

  const serve: MockScenario.Input = {
    ...{ language: "en", host: "127.0.0.1", port: 0, seed: undefined, keys: undefined, acceptAnyKey: false },
    ...{ catalogue: undefined, recordings: undefined, speed: undefined, scenario: "auth.invalid@qwen" }
  }
  const serves: ReadonlyArray<readonly [what: Partial<MockScenario.Input>, message: string]> = [
    [{ keys: "qwen:sk-demo-1" }, en.lab.notWithScenario("--keys")],
    [{ acceptAnyKey: true }, en.lab.notWithScenario("--accept-any-key")],
    [{ catalogue: "2026" }, en.lab.notWithScenario("--catalogue")],
    [{ recordings: "none.json" }, "none.json cannot be read"],
    [{ scenario: "auth.invalid" }, en.lab.oneOf("auth.invalid", "auth.invalid@qwen", 2)]
  ]

  it.each(serves)("of mock serve: %j", async (change, message) => {
    const failure = await Effect.runPromise(Effect.flip(MockScenario.run(en, { ...serve, ...change })))
    expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining(message) })
  })
})

it("says in words what the operating system has against a file", async () => {
  const refusal = async (file: string) => (await Effect.runPromise(Effect.flip(TextFile.read(en, file)))).message
  expect(await refusal(path.join(folder, "none.yaml"))).toMatch(/none\.yaml cannot be read: there is no such file\.$/)
  expect(await refusal(folder)).toBe(`${folder} cannot be read: it is a folder.`)
  expect(TextFile.why(en, Object.assign(new Error("x"), { code: "EMFILE" }))).toBe("EMFILE")
})

it.each([
  [undefined, "127.0.0.1", "127.0.0.1"],
  ["localhost", "127.0.0.1", "localhost"],
  ["172.17.0.1", "172.17.0.1", "172.17.0.1"],
  ["fd00::7", "fd00::7", "[fd00::7]"],
  ["0.0.0.0", "0.0.0.0", "192.168.1.7"],
  ["::", "::", "192.168.1.7"],
  ["host.docker.internal", "0.0.0.0", "host.docker.internal"]
])("listens for --mock-host %s on %s and shows %s", (given, listen, shown) => {
  expect(MockHost.of(given, ["192.168.1.7", "10.0.0.2"])).toEqual({ listen, shown })
})

it.each(["http://host", "host:9090", "[::1]", "a b", "", "host."])("takes no --mock-host %j", (given) => {
  expect(MockHost.of(given, [])).toBeUndefined()
})

it("shows a gateway elsewhere the address at which it finds the vendors, and says who else may reach them", () => {
  const host = { listen: "0.0.0.0", shown: "host.docker.internal" }
  const text = Target.lines(en, Style.plain, scenario(), { host, port: 9090 }).join("\n")
  expect(text).toContain("deepseek  base URL  http://host.docker.internal:9090/deepseek")
  expect(text).toContain(en.lab.openMocks("0.0.0.0:9090"))
  expect(text).not.toContain("127.0.0.1")
})

describe("the command that runs a scenario again", () => {
  const setting: RerunCommand.Invocation = {
    ...{ config: undefined, model: undefined, target: undefined, apiKey: undefined, port: undefined },
    ...{ headers: {}, beforeEach: undefined, mockHost: undefined, runner: undefined, longest: undefined }
  }
  const text = "name: one\nteaches: { en: x, zh: x }\ntraffic: { model: qwen-plus, every: 1s, for: 1s }\n"
  const rest = "teaches: { en: x, zh: x }, traffic: { model: qwen-plus, every: 1s, for: 1s } }"
  const two = `scenarios:\n  - { name: one, ${rest}\n  - { name: two, ${rest}\n`

  it("names what is in the library, with the seed", () => {
    expect(RerunCommand.toText({ ...scenario(), seed: 7 }, setting)).toBe("npx understudy lab run own --seed 7")
  })

  it("says what a gateway was given, without the values of headers", () => {
    const given = {
      target: "http://127.0.0.1:8080",
      headers: { "x-tenant": "secret" },
      beforeEach: "./restart &",
      targetLog: "a.log"
    }
    expect(RerunCommand.toText(scenario(), { ...setting, ...given })).toBe(
      "npx understudy lab run own --seed 42 --target http://127.0.0.1:8080 --header x-tenant=VALUE --before-each './restart &' --target-log a.log"
    )
  })

  it("gives the path of a file as it was given, and the one of several that it means", async () => {
    const file = path.join(folder, "it's mine.yaml")
    writeFileSync(file, text)
    const [one] = await Effect.runPromise(Selection.of(en, [file]))
    const quoted = `'${file.replace("'", "'\\''")}'`
    expect(one && RerunCommand.toText(one, setting)).toBe(`npx understudy lab run ${quoted} --seed 42`)
    const both = path.join(folder, "two.yaml")
    writeFileSync(both, two)
    const commands = (await Effect.runPromise(Selection.of(en, [both]))).map((each) =>
      RerunCommand.toText(each, setting)
    )
    expect(commands[1]).toBe(`npx understudy lab run ${both}#two --seed 42`)
    const again = await Effect.runPromise(Selection.of(en, [`${both}#two`]))
    expect(again.map(({ name }) => name)).toEqual(["two"])
    const wrong = await Effect.runPromise(Effect.flip(Selection.of(en, [`${both}#twoo`])))
    expect(wrong).toMatchObject({ exitCode: 2, message: expect.stringContaining('did you mean "two"?') })
  })

  it("keeps the file where another configuration is put into the scenario", async () => {
    const file = path.join(folder, "configured.yaml")
    writeFileSync(file, text)
    const config = OwnConfig.fromOptions({
      version: 1,
      providers: { qwen: { type: "qwen", keys: ["sk-real"] } },
      routes: [{ name: "all", match: { model: { prefix: "" } }, targets: [{ provider: "qwen" }] }]
    })
    const manner = { config, gateway: false, longest: 60_000, runner: "virtual" } as const
    const { scenarios } = Plan.make(en, await Effect.runPromise(Selection.of(en, [file])), manner)
    expect(scenarios.map((each) => RerunCommand.toText(each, { ...setting, config: "own.yaml" }))).toEqual([
      `npx understudy lab run ${file} --seed 42 --config own.yaml`
    ])
  })

  it("says where the gateway is, and never its key", () => {
    const real = {
      ...{ target: "http://127.0.0.1:8080", apiKey: "sk-secret", port: 9191 },
      ...{ mockHost: "host.docker.internal", runner: "sockets", longest: "1h" }
    }
    expect(RerunCommand.toText(scenario(), { ...setting, ...real })).toBe(
      "npx understudy lab run own --seed 42 --target http://127.0.0.1:8080 --api-key KEY --port 9191 --mock-host host.docker.internal --runner sockets --longest 1h"
    )
  })
})

it("writes the reports that are wanted, and says where it cannot", async () => {
  const judged = [await Lab.run(scenario())]
  const options = { folder: path.join(folder, "a/b"), language: "zh", wanted: ["md", "json"] } as const
  await Effect.runPromise(ReportFiles.prepare(en, options.folder))
  const files = await Effect.runPromise(ReportFiles.write(en, judged, options))
  expect(files.map((file) => path.basename(file))).toEqual(["summary.md", "report.json"])
  expect(readFileSync(files[0] ?? "", "utf8")).toContain("降级实验室")
  const wrong = ReportFiles.prepare(en, path.join(files[0] ?? "", "inside"))
  expect((await Effect.runPromise(Effect.flip(wrong))).message).toContain("cannot be written")
})

describe("judging again", () => {
  const stored = async (name: string, client?: Client.Client) =>
    Json.toStored(await Lab.run(name, client === undefined ? {} : { client }))

  it.each([
    "auth.invalid@qwen",
    "outage.flapping@deepseek",
    "rate.limit@qwen"
  ])("finds in %s what was found at first", async (name) => {
    const hasty = Client.make("hasty", ({ deepseek, fetch, qwen }) => async ({ messages, model }) => {
      const { baseUrl, keys } = model.startsWith("deepseek") ? deepseek : qwen
      const init = { method: "POST", headers: { authorization: `Bearer ${keys[0]}` } }
      const response = await fetch(`${baseUrl}/chat/completions`, {
        ...init,
        body: JSON.stringify({ model, messages })
      })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      return { text: ((await response.json()) as any).choices[0].message.content }
    })
    const run = await stored(name, hasty)
    expect(run.findings).not.toEqual([])
    const verdict = Rejudge.verdict({ ...Scenario.make(run.scenario), seed: run.seed }, run)
    expect(LabReplay.differences(en, run, verdict ?? run)).toEqual([])
    expect(verdict).toBeDefined()
  })

  it("does not believe itself where requests changed a key", async () => {
    const counted = scenario({
      keys: { "qwen-1": { vendor: "qwen", state: "invalid", restoredAfterRequests: 1 }, "qwen-2": { vendor: "qwen" } }
    })
    const run = Json.toStored(await Lab.run(counted))
    expect(Rejudge.verdict(Scenario.make(run.scenario), run)).toBeUndefined()
  })
})

it("names the figures and the findings that differ", () => {
  const before = { figures: { calls: 3, attempts: 4 }, findings: [] } as never
  const now = { figures: { calls: 3, attempts: 5 }, findings: [{ kind: "retry-storm" }] } as never
  expect(LabReplay.differences(en, before, now)).toEqual(["attempts: was 4, is 5", "findings: was –, is retry-storm"])
})
