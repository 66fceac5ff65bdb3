/** What READMEs and guides say is true: their configurations are accepted, their code is code that runs, their links lead somewhere. */
import { existsSync, globSync, readFileSync } from "node:fs"
import * as path from "node:path"
import { Reason, UnderstudyConfig } from "@understudy/core"
import * as Library from "@understudy/lab/library/Library"
import { findingKinds } from "@understudy/lab/scenario/FindingKind"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as FaultKind from "@understudy/mocks/FaultKind"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const read = (file: string): string => readFileSync(path.join(root, file), "utf8")

const guides = globSync("docs/guides/*.md", { cwd: root }).sort()
const readmes = ["README.md", "README.zh-CN.md"]
const packages = globSync("packages/*/README.md", { cwd: root }).sort()
const pages = [...readmes, ...guides, ...packages, "mocks/README.md", "CHANGELOG.md"]

interface Block {
  readonly language: string
  readonly code: string
}

const blocksOf = (file: string): ReadonlyArray<Block> =>
  [...read(file).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => ({ language, code }))

const proseOf = (file: string): string => read(file).replace(/^```\w*\n.*?^```$/gms, "")

const headingsOf = (file: string): ReadonlyArray<{ readonly level: number; readonly title: string }> =>
  [...proseOf(file).matchAll(/^(#+) (.+)$/gm)].map(([, marks = "", title = ""]) => ({ level: marks.length, title }))

/** The anchor of a heading, as the usual renderers make it. */
const toAnchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-")

const env = new Proxy({}, { get: (_, name) => `demo-${String(name)}` })

const configurations = pages.flatMap((file) =>
  blocksOf(file)
    .filter(({ code, language }) => language === "yaml" && code.startsWith("version: 1"))
    .map(({ code }, index) => ({ file, index, code }))
)

it.each(configurations)("$file: configuration $index is accepted", async ({ code, file }) => {
  const config = await Effect.runPromise(UnderstudyConfig.fromYaml(code, { source: file, env }))
  expect(config.routes.length).toBeGreaterThan(0)
})

const scenarios = pages.flatMap((file) =>
  blocksOf(file)
    .filter(({ code, language }) => language === "yaml" && code.startsWith("name: "))
    .map(({ code }, index) => ({ file, index, code }))
)

it.each(scenarios)("$file: scenario $index has nothing wrong", async ({ code, file }) => {
  expect(await Effect.runPromise(Scenario.fromYaml(code, { source: file, env: {} }))).toHaveLength(1)
})

/** Lines without indentation and without the stars of a doc comment. */
const linesOf = (text: string): string =>
  `\n${text
    .split("\n")
    .map((line) => line.trim().replace(/^\* ?/, "").trim())
    .filter((line) => line !== "")
    .join("\n")}\n`

const sources = globSync(["docs/examples/**/*.{ts,py,java,yaml}", "packages/*/src/**/*.ts"], { cwd: root })
  .map((file) => linesOf(read(file)))
  .join("\n")

const snippets = pages
  .filter((file) => file !== "mocks/README.md")
  .flatMap((file) => blocksOf(file).map((block, index) => ({ file, index, ...block })))
  .filter(({ code, language }) => ["ts", "python", "java"].includes(language) || code.startsWith("name: "))

it.each(snippets)("$file: block $index is a part of a source that is compiled and tested", ({ code }) => {
  expect(sources.includes(linesOf(code)), code).toBe(true)
})

const links = pages.flatMap((file) =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => ({ file, target }))
    .filter(({ target }) => !/^https?:/.test(target))
)

it.each(links)("$file: $target leads somewhere", ({ file, target }) => {
  const [to = "", anchor] = target.split("#")
  const found = to === "" ? file : path.join(path.dirname(file), to)
  expect(existsSync(path.join(root, found)), found).toBe(true)
  if (anchor !== undefined) expect(headingsOf(found).map(({ title }) => toAnchor(title))).toContain(anchor)
})

const translations = [...readmes, ...guides].filter((file) => !file.endsWith(".zh-CN.md"))

it.each(translations)("%s has a Chinese twin with the same structure", (file) => {
  const twin = file.replace(/\.md$/, ".zh-CN.md")
  expect(headingsOf(twin).map(({ level }) => level)).toEqual(headingsOf(file).map(({ level }) => level))
  // The README's demonstrations ask in the reader's language; all other code is the same.
  const same = (each: string) =>
    blocksOf(each).filter(({ language }) => file !== "README.md" || ["ts", "yaml"].includes(language))
  expect(same(twin)).toEqual(same(file))
})

it.each([
  "docs/guides/failover-semantics.md",
  "docs/guides/failover-semantics.zh-CN.md"
])("%s has a row for every reason", (file) => {
  const rows = [...read(file).matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm)]
  expect(rows.map(([, name]) => name)).toEqual(Reason.tags)
})

it.each([
  "docs/guides/degradation-lab.md",
  "docs/guides/degradation-lab.zh-CN.md"
])("%s has a row for every finding, and names scenarios and the size of the library right", (file) => {
  const text = read(file)
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| [^|]+ \|$/gm)]
  expect(rows.map(([, kind]) => kind)).toEqual([...findingKinds])
  const names = Library.all.map(({ name }) => name)
  const named = [...text.matchAll(/\b[a-z][\w.-]+@(?:qwen|deepseek)\b/g)].map(([name]) => name)
  expect(named.filter((name) => !names.includes(name))).toEqual([])
  expect(text).toContain(` ${names.length} `)
})

it.each(readmes)("%s names the npm scripts and the number of faults right", (file) => {
  const { scripts } = JSON.parse(read("package.json")) as { readonly scripts: Readonly<Record<string, string>> }
  const named = [...read(file).matchAll(/`npm (?:run (?:-s )?)?(start|test|\w+)(?: --[^`]*)?`/g)].map(
    ([, name]) => name
  )
  expect(named.filter((name) => name !== "ci" && !(name !== undefined && name in scripts))).toEqual([])
  expect(read(file)).toContain(String(FaultKind.names.length))
})
