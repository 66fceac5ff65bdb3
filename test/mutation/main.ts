/**
 * `npm run mutate`: puts each defect into a copy of its package, runs the tests of that package (and the simulation, for the core) on it, and says which
 * of them noticed. Exits with 1 when a defect goes unnoticed. The working tree is not touched.
 *
 * `npm run mutate -- --only WORD` runs the defects whose name holds the word, `--part 2/5` the second fifth of all of them.
 */
import { spawn } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Defect, defects, type Package } from "./Defects.ts"
import { witnesses } from "./Witnesses.ts"

const root = join(import.meta.dirname, "../..")

/** The packages that defects are planted in. */
const planted: ReadonlyArray<Package> = ["core", "chat-model", "gateway"]

/** A copy of what the tests need; installed packages are links, and so are the workspaces but for those with defects. */
const makeCopy = (): string => {
  const copy = mkdtempSync(join(tmpdir(), "understudy-mutation-"))
  for (const name of [
    ...planted.map((name) => `packages/${name}`),
    "test/simulation",
    "vitest.config.ts",
    "tsconfig.json",
    "tsconfig.base.json",
    "package.json"
  ]) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  const modules = join(copy, "node_modules")
  mkdirSync(join(modules, "@understudy"), { recursive: true })
  const installed = join(root, "node_modules")
  const ours = readdirSync(join(installed, "@understudy")).map((name) => `@understudy/${name}`)
  for (const name of [...readdirSync(installed), ...ours]) {
    if (name === "@understudy" || name.startsWith(".") || planted.some((each) => name === `@understudy/${each}`))
      continue
    symlinkSync(join(installed, name), join(modules, name))
  }
  for (const name of planted) symlinkSync(join(copy, "packages", name), join(modules, "@understudy", name))
  return copy
}

/** The tests that have to notice a defect in a package. */
const testsOf: Readonly<Record<Package, ReadonlyArray<string>>> = {
  core: ["packages/core", "test/simulation"],
  "chat-model": ["packages/chat-model"],
  gateway: ["packages/gateway"]
}

interface Outcome {
  readonly passed: boolean
  /** The first test that failed. */
  readonly first: string
}

const run = (copy: string, tests: ReadonlyArray<string>): Promise<Outcome> =>
  new Promise((resolve) => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs")
    const child = spawn(process.execPath, [vitest, "run", "--bail=1", ...tests], {
      cwd: copy,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let output = ""
    const take = (text: Buffer): void => {
      output += text.toString()
    }
    child.stdout.on("data", take)
    child.stderr.on("data", take)
    child.on("close", (code) => {
      resolve({ passed: code === 0, first: /FAIL\s+(.*)/.exec(output)?.[1]?.trim() ?? "" })
    })
  })

const apply = (copy: string, { file, find, name, package: of = "core", replace }: Defect): (() => void) => {
  const path = join(copy, "packages", of, "src", file)
  const text = readFileSync(path, "utf8")
  if (text.split(find).length !== 2)
    throw new Error(`"${name}": its text is not in ${file} exactly once; bring the defect up to date`)
  writeFileSync(
    path,
    text.replace(find, () => replace)
  )
  return () => writeFileSync(path, text)
}

const packageOf = (defect: Defect): Package => defect.package ?? "core"

/** The file that noticed the defect before is asked first; all the others only when it does not. */
const judge = async (copy: string, defect: Defect): Promise<Outcome> => {
  const witness = witnesses[defect.name]
  const known = witness === undefined || !existsSync(join(copy, witness)) ? undefined : await run(copy, [witness])
  return known?.passed === false ? known : run(copy, testsOf[packageOf(defect)])
}

const { only, part } = parseArgs({
  options: { only: { type: "string", default: "" }, part: { type: "string", default: "1/1" } }
}).values
const [nth = 1, parts = 1] = part.split("/").map(Number)
const named = defects.filter(({ name }) => name.includes(only))
const wanted = named.filter((_, index) => Math.floor((index * parts) / named.length) === nth - 1)
const copy = makeCopy()
process.on("SIGINT", () => {
  rmSync(copy, { recursive: true, force: true })
  process.exit(130)
})
let unnoticed = 0
try {
  for (const name of planted.filter((each) => wanted.some((defect) => packageOf(defect) === each))) {
    const sound = await run(copy, testsOf[name])
    if (!sound.passed) throw new Error(`the suite fails without any defect: ${sound.first}`)
  }
  for (const [index, defect] of wanted.entries()) {
    const undo = apply(copy, defect)
    const { first, passed } = await judge(copy, defect)
    undo()
    if (passed) unnoticed++
    console.log(
      `${String(index + 1).padStart(2)}/${wanted.length}  ${passed ? "UNNOTICED" : "caught   "}  ${defect.name}${passed ? "" : `\n        by ${first}`}`
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`\n${wanted.length - unnoticed} of ${wanted.length} defects were caught.`)
process.exitCode = unnoticed === 0 ? 0 : 1
