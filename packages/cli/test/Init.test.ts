import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Answers } from "../src/init/Answers.ts"
import * as ConfigText from "../src/init/ConfigText.ts"
import * as EnvFile from "../src/init/EnvFile.ts"
import * as Files from "../src/init/Files.ts"
import * as GitIgnore from "../src/init/GitIgnore.ts"
import * as KeyCheck from "../src/init/KeyCheck.ts"
import * as Wizard from "../src/init/Wizard.ts"
import * as Style from "../src/internal/Style.ts"
import { splitKeys, type Vendor, vendors } from "../src/internal/Vendors.ts"
import * as Messages from "../src/Messages.ts"

const messages = Messages.of("en")

const vendorOf = (name: Vendor["name"]): Vendor => vendors.find((vendor) => vendor.name === name)!
const deepseek = vendorOf("deepseek")
const qwen = vendorOf("qwen")

const answers = (vendors: ReadonlyArray<readonly [Vendor, string]>, consumerKey?: string): Answers => ({
  vendors: vendors.map(([vendor, keys]) => ({
    vendor,
    keys: splitKeys(keys).map((key) => Redacted.make(key)),
    baseUrl: undefined
  })),
  consumerKey: consumerKey === undefined ? undefined : Redacted.make(consumerKey)
})

const load = (text: string, env: Record<string, string>) => Effect.runPromise(UnderstudyConfig.fromYaml(text, { env }))

describe("understudy.yaml", () => {
  it.each([
    "en",
    "zh"
  ] as const)("loads in %s, with routes for today's names, the aliases and a consumer", async (language) => {
    const both = answers(
      [
        [deepseek, "a"],
        [qwen, "b"]
      ],
      "secret"
    )
    const text = ConfigText.make(Messages.of(language), language, both)
    const config = await load(text, {
      DEEPSEEK_API_KEY: "a",
      DASHSCOPE_API_KEY: "b,c",
      UNDERSTUDY_CONSUMER_KEY: "secret"
    })
    expect(config.routes).toMatchObject([
      {
        name: "aliyun",
        match: { model: { _tag: "Prefix", value: "qwen" } },
        fallback: [{ provider: "deepseek", model: "deepseek-flash" }]
      },
      { name: "qwq", match: { model: { _tag: "Prefix", value: "qwq" } } },
      { name: "qvq", match: { model: { _tag: "Prefix", value: "qvq" } } },
      { name: "embeddings", match: { model: { value: "text-embedding-" } }, fallback: [] },
      {
        name: "deepseek",
        match: { model: { value: "deepseek-" } },
        fallback: [{ provider: "qwen", model: "qwen3.8-flash" }]
      }
    ])
    expect(config.providers[0]?.aliases).toEqual(deepseek.retired)
    expect(config.providers[1]?.base.origin).toBe("https://dashscope.aliyuncs.com")
    expect(config.consumers.map(({ name }) => name)).toEqual(["default"])
  })

  it("leaves a vendor out everywhere when it has no key", async () => {
    const config = await load(ConfigText.make(messages, "en", answers([[qwen, "b"]])), { DASHSCOPE_API_KEY: "b" })
    expect(config.providers.map(({ name }) => name)).toEqual(["qwen"])
    expect(config.routes.flatMap(({ fallback }) => fallback)).toEqual([])
    expect(config.consumers).toEqual([])
  })

  it("holds no key, only the names of variables", () => {
    expect(ConfigText.make(messages, "en", answers([[qwen, "sk-demo-secret"]], "consumer-secret"))).not.toMatch(
      /secret/
    )
  })
})

describe(".env", () => {
  const wanted = [
    { name: "A", value: "1" },
    { name: "B", value: "two words", comment: "why" }
  ]

  it("replaces a variable in its place, keeps the other lines and adds what is new", () => {
    expect(EnvFile.merge("# mine\nexport A=0\nC=3\n", wanted)).toBe('# mine\nA=1\nC=3\n# why\nB="two words"\n')
  })

  it("changes nothing the second time", () => {
    const once = EnvFile.merge("", wanted)
    expect(EnvFile.merge(once, wanted)).toBe(once)
  })

  it("finds the variables whose value would be lost", () => {
    expect(EnvFile.conflicts("A=0\nB=two words\n", wanted)).toEqual(["A"])
    expect(EnvFile.conflicts("A=\n", wanted)).toEqual([])
  })

  it("points to the mock vendors where no key was given", () => {
    const names = EnvFile.variables(messages, answers([])).map(({ name }) => name)
    expect(names).toEqual(vendors.flatMap(({ urlVariable, variable }) => [variable, urlVariable]))
  })
})

describe("on the disk", () => {
  let folder = ""
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "understudy-init-"))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ["a repository that ignores nothing", undefined, ".env\n"],
    ["a list without a last line end", "dist", "dist\n.env\n"],
    ["a list that has it", "dist\n/.env\n", undefined],
    ["a list with a pattern for it", ".env*\n", undefined]
  ])("adds .env to .gitignore for %s", (_, before, after) => {
    mkdirSync(join(folder, ".git"))
    if (before !== undefined) writeFileSync(join(folder, ".gitignore"), before)
    expect(GitIgnore.change(folder)).toBe(after)
  })

  it("sees the repository, and what it ignores, from a folder below", () => {
    const below = join(folder, "a/b")
    mkdirSync(below, { recursive: true })
    expect(GitIgnore.change(below)).toBeUndefined()
    mkdirSync(join(folder, ".git"))
    expect(GitIgnore.change(below)).toBe(".env\n")
    writeFileSync(join(folder, ".gitignore"), ".env\n")
    expect(GitIgnore.change(below)).toBeUndefined()
  })

  it("writes all files at one go, .env for its owner only", async () => {
    const target = join(folder, "new")
    const plan = Files.plan(messages, "en", target, answers([[qwen, "sk-demo-b"]]), "{}")
    expect(plan.overwritten).toEqual([])
    await Effect.runPromise(Files.write(messages, target, plan.files))
    expect(readdirSync(target).sort()).toEqual([".env", "understudy.schema.json", "understudy.yaml"])
    expect(statSync(join(target, ".env")).mode & 0o777).toBe(0o600)
    expect(Files.plan(messages, "en", target, answers([[qwen, "sk-demo-c"]]), "{}").overwritten).toEqual([
      join(target, "understudy.yaml"),
      `${join(target, ".env")} (DASHSCOPE_API_KEY)`
    ])
  })

  it("leaves every old file and no new one when one of them cannot be written", async () => {
    writeFileSync(join(folder, "understudy.yaml"), "mine\n")
    const file = (name: string) => ({ path: join(folder, name), text: "new", mode: 0o644 })
    const broken = Files.write(messages, folder, [file("understudy.yaml"), file("no/such/folder")])
    const error = await Effect.runPromise(Effect.flip(broken))
    expect(error.message).toContain(`Cannot write into ${folder}`)
    expect(readFileSync(join(folder, "understudy.yaml"), "utf8")).toBe("mine\n")
    expect(readdirSync(folder)).toEqual(["understudy.yaml"])
    expect(existsSync(join(folder, "no"))).toBe(false)
  })
})

describe("a key that was typed", () => {
  it("may be one of several, each taken once", () => {
    expect(splitKeys(" sk-a, sk-b，sk-a ,, ")).toEqual(["sk-a", "sk-b"])
  })

  it.each(["sk a", '"sk-a"', "sk-你", "sk-a#b"])("is refused when it cannot be one: %j", async (text) => {
    const result = await Effect.runPromise(Effect.flip(Wizard.validate(messages, text)))
    expect(result).toContain(messages.init.notAKey)
  })

  it.each([
    ["sk-demo-0123456789 1", 'Read: 20 characters, ending in "89 1".'],
    ["sk-demo-0123456789\u200b", 'Read: 19 characters, ending in "789U+200B", with U+200B among them.'],
    ["sk-demo-“1", "Read: 10 characters, with U+201C among them."],
    ["\u0016sk-demo-0123456789", 'Read: 19 characters, ending in "6789", with U+0016 among them.']
  ])("is told by its length and its end, never whole: %j", async (text, says) => {
    const result = await Effect.runPromise(Effect.flip(Wizard.validate(messages, text)))
    expect(result).toContain(says)
    expect(result).not.toContain(text.slice(0, 10))
    expect(await Effect.runPromise(Effect.flip(Wizard.validate(Messages.of("zh"), text)))).toMatch(/读到 \d+ 个字符/)
  })

  it("is told so where the vendor refuses it", () => {
    const failure = { reason: { _tag: "Unauthorized" as const }, message: "401", vendor: undefined }
    const check = { provider: "qwen", key: "k1", name: "k1", ok: false, failure, millis: 1 }
    expect(KeyCheck.toLine(messages, Style.plain, check, Redacted.make("sk-demo-0123456789"))).toBe(
      '  ✗ k1  Unauthorized: the key is wrong or was revoked  Read: 18 characters, ending in "6789".  401'
    )
  })

  it.each([
    ["Unauthorized", "bad"],
    ["BalanceExhausted", "bad"],
    ["ServerFailed", "unknown"],
    ["EmptyResponse", "unknown"]
  ] as const)("is judged from %s as %s", (tag, verdict) => {
    const failure = { reason: { _tag: tag }, message: "", vendor: undefined }
    const check = { provider: "qwen", key: "k1", name: "k1", ok: false, failure, millis: 1 }
    expect(KeyCheck.verdictOf(check)).toBe(verdict)
  })
})
