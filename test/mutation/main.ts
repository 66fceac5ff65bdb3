/**
 * `npm run mutate`: puts each defect into a copy of the core, runs the core's tests and the simulation on it, and says which
 * of them noticed. Exits with 1 when a defect goes unnoticed. The working tree is not touched.
 *
 * `npm run mutate -- --only WORD` runs the defects whose name holds the word.
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
import { type Defect, defects } from "./Defects.ts"

const root = join(import.meta.dirname, "../..")

/** A copy of what the tests need; installed packages are links, and so are the workspaces but for the core. */
const makeCopy = (): string => {
  const copy = mkdtempSync(join(tmpdir(), "understudy-mutation-"))
  for (const name of [
    "packages/core",
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
    if (name === "@understudy" || name === "@understudy/core" || name.startsWith(".")) continue
    symlinkSync(join(installed, name), join(modules, name))
  }
  symlinkSync(join(copy, "packages/core"), join(modules, "@understudy/core"))
  return copy
}

const run = (copy: string): Promise<{ readonly passed: boolean; readonly first: string }> =>
  new Promise((resolve) => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs")
    const child = spawn(process.execPath, [vitest, "run", "--bail=1", "packages/core", "test/simulation"], {
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

const apply = (copy: string, { file, find, name, replace }: Defect): (() => void) => {
  const path = join(copy, "packages/core/src", file)
  const text = readFileSync(path, "utf8")
  if (text.split(find).length !== 2)
    throw new Error(`"${name}": its text is not in ${file} exactly once; bring the defect up to date`)
  writeFileSync(
    path,
    text.replace(find, () => replace)
  )
  return () => writeFileSync(path, text)
}

const at = process.argv.indexOf("--only")
const word = at === -1 ? "" : (process.argv[at + 1] ?? "")
const wanted = defects.filter(({ name }) => name.includes(word))
const copy = makeCopy()
process.on("SIGINT", () => {
  rmSync(copy, { recursive: true, force: true })
  process.exit(130)
})
let unnoticed = 0
try {
  const sound = await run(copy)
  if (!sound.passed) throw new Error(`the suite fails without any defect: ${sound.first}`)
  for (const [index, defect] of wanted.entries()) {
    const undo = apply(copy, defect)
    const { first, passed } = await run(copy)
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
