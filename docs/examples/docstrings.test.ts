/**
 * The examples of docstrings are true: each compiles, runs in a folder with an `understudy.yaml` against the mock vendors, and
 * gives what it says; whatever a package offers is shown in one.
 */
import { execFile } from "node:child_process"
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import * as path from "node:path"
import { MockServer, Vendors } from "@understudy/mocks"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { parse } from "../../test/architecture/Source.ts"
import { examplesOf, toProgram } from "./docstrings/Example.ts"
import { gapsOf } from "./docstrings/Gaps.ts"

const root = path.resolve(import.meta.dirname, "../..")
/** Whatever these offer is shown. */
const shown = ["ai-sdk", "chat-model", "effect-ai", "lab", "langchain", "nestjs"]
const packages = [...shown, "core", "gateway"]

const sources = globSync(`packages/{${packages.join(",")}}/src/**/*.ts`, { cwd: root })
  .filter((file) => !file.includes("/internal/"))
  .sort()
  .map((file) => parse({ path: file, text: readFileSync(path.join(root, file), "utf8") }))

const vendors = Vendors.make({ acceptAnyKey: true })
const server = await MockServer.listen(vendors)

const yaml = `
version: 1
providers:
  qwen: { type: qwen, baseUrl: "${server.urls.qwen}", keys: ["\${DASHSCOPE_API_KEY}"] }
  deepseek: { type: deepseek, baseUrl: "${server.urls.deepseek}", keys: ["\${DEEPSEEK_API_KEY}"] }
routes:
  - { name: qwen, match: { model: { regex: "^(qwen|text-embedding)" } }, targets: [{ provider: qwen }] }
  - { name: deepseek, match: { model: { prefix: deepseek- } }, targets: [{ provider: deepseek }] }
models:
  planner: { model: qwen-plus }
  worker: { model: qwen3.8-flash }
`

const runtime = path.join(import.meta.dirname, "docstrings/Runtime.ts")
const setting = { runtime, deepseek: server.urls.deepseek, qwen: server.urls.qwen }
const examples = sources.flatMap(examplesOf).map((example) => ({ ...example, code: toProgram(example, setting) }))

/** Beside the sources of its package a program finds the modules that they find. */
const folders = new Map(packages.map((name) => [name, mkdtempSync(path.join(root, "packages", name, ".docstrings-"))]))
const home = mkdtempSync(path.join(root, "packages/.docstrings-"))

const programs = examples.map(({ code, line, path: source }) => {
  const [, name = "", inner = ""] = /^packages\/([^/]+)\/src\/(.+)\.ts$/.exec(source) ?? []
  const file = path.join(folders.get(name) ?? home, `${inner}:${line}.ts`)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, code)
  const isSuite = code.includes("@understudy/lab/vitest")
  // What serves until it is stopped is compiled, and not run.
  const isEndless = code.includes("Layer.launch(")
  return { name: `${source}:${line}`, file, isSuite, isEndless }
})

const base = { extends: path.join(root, "tsconfig.json") }
// Decorators need settings that are found.
for (const folder of folders.values()) {
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ ...base, include: ["**/*.ts"] }))
}

afterAll(async () => {
  await server.close()
  for (const folder of [home, ...folders.values()]) rmSync(folder, { recursive: true })
})

/** What the compiler has to say about the programs, as it would of their sources. */
const compile = (): Promise<string> => {
  const compilerOptions = {
    noEmit: true,
    noUnusedLocals: false,
    // The runtime is imported by its absolute path.
    rewriteRelativeImportExtensions: false,
    typeRoots: [path.join(root, "node_modules/@types")]
  }
  const project = path.join(home, "tsconfig.json")
  const files = programs.map(({ file }) => file)
  writeFileSync(project, JSON.stringify({ ...base, compilerOptions, files, include: [] }))
  const tsc = path.join(root, "node_modules/typescript/bin/tsc")
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, "-p", project], { cwd: root }, (_, stdout) => {
      const errors = stdout.split("\n").filter((line) => line.includes("/.docstrings-"))
      resolve(errors.map((line) => line.replace(/\.docstrings-\w+\/(.+?):\d+\.ts/, "src/$1.ts")).join("\n"))
    })
  })
}
const compiled = compile()

describe("runs", () => {
  const before = process.cwd()
  beforeAll(() => {
    writeFileSync(path.join(home, "understudy.yaml"), yaml)
    process.chdir(home)
  })
  afterAll(() => process.chdir(before))
  beforeEach(() => {
    for (const level of ["debug", "error", "info", "log", "warn"] as const) vi.spyOn(console, level).mockReturnValue()
    vi.spyOn(process.stdout, "write").mockReturnValue(true)
    vi.stubEnv("PORT", "0")
    vi.stubEnv("DASHSCOPE_API_KEY", "sk-demo-qwen")
    vi.stubEnv("DEEPSEEK_API_KEY", "sk-demo-deepseek")
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    vendors.reset()
  })

  it.each(programs.filter(({ isEndless, isSuite }) => !isEndless && !isSuite))("$name", ({ file }) => import(file))
  describe.each(programs.filter(({ isSuite }) => isSuite))("$name", ({ file }) =>
    import(file).catch((error: unknown) => {
      it("is a suite", () => Promise.reject(error))
    }))
})

it("every example compiles", { timeout: 60_000 }, async () => {
  expect(await compiled).toBe("")
})

it.each(shown)("every function, method and constructor of %s is shown in an example", (name) => {
  const own = sources.filter((source) => source.path.startsWith(`packages/${name}/`))
  const [index] = own.filter((source) => source.path === `packages/${name}/src/index.ts`)
  expect(index === undefined ? name : gapsOf(index, own)).toEqual([])
})
