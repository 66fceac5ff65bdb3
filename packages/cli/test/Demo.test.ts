import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Matcher from "@understudy/core/route/Matcher"
import * as Catalogue from "@understudy/mocks/Catalogue"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { parseKeys } from "../src/commands/MockServe.ts"
import * as Demonstrations from "../src/demo/Demonstrations.ts"
import * as RealSetup from "../src/demo/RealSetup.ts"
import * as Setup from "../src/demo/Setup.ts"
import { calledAs } from "../src/internal/CalledAs.ts"
import { beside, configPath } from "../src/internal/Environment.ts"
import { languages } from "../src/Language.ts"
import * as Messages from "../src/Messages.ts"

const place: Demonstrations.Place = {
  gateway: "http://127.0.0.1:8080",
  mock: "http://127.0.0.1:9090",
  understudy: "understudy",
  vendors: { deepseek: true, qwen: true }
}

describe("the demonstrations", () => {
  it.each(languages)("are ten in %s, each with a line that a shell can be given as a comment", (language) => {
    const list = Demonstrations.make(Messages.of(language), place)
    expect(list.map(({ name }) => name)).toEqual(Object.keys(Messages.of(language).demo.shows))
    // zsh reads a pasted comment as a command, so nothing in it may mean anything to a shell.
    for (const { shows } of list) expect(shows).not.toMatch(/['"`$\\!;&|<>(){}*?[\]~^#\n]/)
  })

  it("leave out what the missing vendor and the missing mocks would show", () => {
    const alone = { ...place, mock: undefined, vendors: { deepseek: false, qwen: true } }
    const list = Demonstrations.make(Messages.of("en"), alone)
    expect(list.map(({ name }) => name)).toEqual(["qwen", "consumer", "tokenFailover", "models", "explain"])
    expect(JSON.stringify(list)).not.toMatch(/_mock|"deepseek-/)
  })
})

describe("the setting", () => {
  it("names models that the mock vendors list, today's and former ones", () => {
    const { deepseek, former, qwen, qwenLarge } = Setup.models
    expect(Catalogue.listed("deepseek")).toContain(deepseek)
    expect(Catalogue.answers("deepseek", former.deepseek)).toBe(true)
    expect(Catalogue.listed("qwen")).toEqual(expect.arrayContaining([qwen, qwenLarge, former.qwen]))
    expect(Catalogue.answers("deepseek", deepseek, "2026")).toBe(true)
  })

  it("takes every model that the mock vendors list to the vendor that has it", async () => {
    const config = await Effect.runPromise(UnderstudyConfig.fromOptions(Setup.withMocks("http://127.0.0.1:9090")))
    const vendorOf = (model: string) =>
      config.routes.find(({ match }) => Matcher.fitsModel(match.model, model))?.targets[0]?.provider
    for (const vendor of ["deepseek", "qwen"] as const) {
      for (const model of Catalogue.listed(vendor)) expect([model, vendorOf(model)]).toEqual([model, vendor])
    }
  })

  it("is a valid configuration against the mocks, open, with quick probes", async () => {
    const config = Setup.quickProbes(
      await Effect.runPromise(UnderstudyConfig.fromOptions(Setup.withMocks("http://127.0.0.1:9090")))
    )
    expect(config.consumers).toEqual([])
    expect(config.providers.map(({ policy }) => policy.probeCap)).toEqual([400, 400])
  })

  it("is none for the real vendors while no key is set", () => {
    expect(RealSetup.fromEnvironment(Messages.of("en"), "en", { DEEPSEEK_API_KEY: " " })).toBeUndefined()
  })

  it("takes several keys of one vendor, says that the other is left out, and keeps retired names", async () => {
    const setting = RealSetup.fromEnvironment(Messages.of("zh"), "zh", { DEEPSEEK_API_KEY: "sk-demo-a,sk-demo-b" })
    const config = await Effect.runPromise(UnderstudyConfig.fromOptions(setting?.options ?? Setup.withMocks("")))
    expect(config.providers.map(({ keys, name }) => [name, keys.length])).toEqual([["deepseek", 2]])
    expect(config.providers[0]?.aliases["deepseek-reasoner"]?.model).toBe("deepseek-flash")
    expect(config.routes.map(({ name }) => name)).toEqual(["deepseek"])
    expect(setting?.notes).toEqual([
      "未启用 通义千问（百炼）：没有设置 DASHSCOPE_API_KEY。",
      expect.stringContaining("deepseek-chat、deepseek-reasoner 已被厂商停用")
    ])
  })
})

it.each([
  ["qwen:sk-1", { keys: { "sk-1": { vendor: "qwen" } } }],
  [
    "qwen:sk-1, deepseek:sk-2:arrears",
    { keys: { "sk-1": { vendor: "qwen" }, "sk-2": { vendor: "deepseek", state: "arrears" } } }
  ],
  ["azure:sk-1", { wrong: "azure:sk-1" }],
  ["qwen:", { wrong: "qwen:" }],
  ["qwen:a:b:c", { wrong: "qwen:a:b:c" }]
])("reads the mocks' keys %j", (text, expected) => {
  expect(parseKeys(text)).toEqual(expected)
})

it.each([
  ["npm run -s understudy --", "/x/main.ts", { npm_lifecycle_event: "start" }],
  ["npm run -s understudy --", "/x/main.ts", { npm_lifecycle_event: "understudy" }],
  ["understudy", "/usr/local/bin/understudy", {}],
  ["understudy", undefined, {}],
  ["npx understudy", `${process.cwd()}/node_modules/.bin/understudy`, { npm_command: "exec" }],
  ["npx understudy", `${process.cwd()}/node_modules/@understudy/cli/dist/main.js`, { npm_lifecycle_event: "start" }],
  ["npx @understudy/cli", "/home/me/.npm/_npx/0a1b/node_modules/.bin/understudy", { npm_command: "exec" }],
  ["understudy", "/usr/lib/node_modules/@understudy/cli/dist/main.js", {}],
  [`node --conditions=source packages/cli/src/main.ts`, `${process.cwd()}/packages/cli/src/main.ts`, {}]
])("can be called again as %j", (expected, argv1, env) => {
  expect(calledAs(argv1, env)).toBe(expected)
})

it("finds the configuration as given, by the environment, or in the current folder", () => {
  expect(configPath("a.yaml", { UNDERSTUDY_CONFIG: "b.yaml" })).toBe("a.yaml")
  expect(configPath(undefined, { UNDERSTUDY_CONFIG: "b.yaml" })).toBe("b.yaml")
  expect(configPath(undefined, { UNDERSTUDY_CONFIG: "" })).toBe("understudy.yaml")
  expect(beside("no/such/understudy.yaml", { A: "1", B: "" })).toEqual({ A: "1" })
})
