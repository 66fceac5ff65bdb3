// `npm run check [step…]`: everything that can be said about the code without running it, and the architecture's tests.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"

const effectCompiler = `@effect/tsgo-${process.platform}-${process.arch}/lib/tsc`

const steps = [
  // One program over sources, tests and examples, resolved through the `source` condition: nothing has to be built.
  { name: "types", run: ["typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"] },
  { name: "lint", run: ["@biomejs/biome/bin/biome", "check", "--max-diagnostics=none", "."] },
  // Effect's build of the compiler: the types once more, and floating effects. Only the platform that CI runs on has it
  // in the lock file; elsewhere: npm i --no-save @effect/tsgo-<platform>-<arch>
  { name: "effect", native: true, run: [effectCompiler, "--noEmit", "-p", "tsconfig.json"] },
  { name: "architecture", run: ["vitest/vitest.mjs", "run", "test/architecture"] }
]

const colours = process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1", FORCE_COLOR: undefined }

const runStep = ({ name, native = false, run: [script, ...args] }) =>
  new Promise((resolve) => {
    const started = performance.now()
    let output = ""
    const file = `node_modules/${script}`
    // The tools' own JavaScript under this very Node: no shell, and none of another platform's shims.
    const child = spawn(native ? file : process.execPath, native ? args : [file, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...colours }
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text
      })
    }
    const finish = (ok) => resolve({ name, ok, output, seconds: ((performance.now() - started) / 1000).toFixed(1) })
    child.on("error", (error) => {
      output += error.message
      finish(false)
    })
    child.on("close", (code) => finish(code === 0))
  })

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(", ")}. The steps are ${steps.map((step) => step.name).join(", ")}.`)
  process.exit(2)
}

const results = []
for (const step of steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  if (step.native && !existsSync(`node_modules/${step.run[0]}`)) {
    console.log(`skipped ${step.name.padEnd(12)}         ${step.run[0]} is not installed on this platform`)
    continue
  }
  const result = await runStep(step)
  console.log(`${result.ok ? "ok    " : "FAILED"}  ${step.name.padEnd(12)}  ${result.seconds.padStart(5)} s`)
  if (!result.ok) console.log(`\n${result.output.trim()}\n`)
  results.push(result)
}

const failed = results.filter(({ ok }) => !ok)
console.log(
  failed.length === 0
    ? `\nAll ${results.length} checks passed.`
    : `\n${failed.length} of ${results.length} checks failed: ${failed.map(({ name }) => name).join(", ")}.`
)
process.exitCode = failed.length === 0 ? 0 : 1
