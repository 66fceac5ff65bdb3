/** What build servers read is what they can read, and the commands in it exist. */
import { spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import * as path from "node:path"
import * as Cli from "@understudy/cli/Cli"
import { Yaml } from "@understudy/core/config/Reading"
import { services } from "@understudy/core/provider/Vendors"
import * as Effect from "effect/Effect"
import { expect, it, vi } from "vitest"

const root = path.resolve(import.meta.dirname, "../../..")

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
}

interface Workflow {
  readonly permissions: unknown
  readonly jobs: { readonly lab: { readonly steps: ReadonlyArray<Step> } }
}

interface Pipeline {
  readonly resilience: { readonly script: ReadonlyArray<string>; readonly artifacts: unknown }
}

const parse = (text: string): unknown => {
  // The build server fills variables in, not the reader of configurations.
  const { issues, value } = Yaml.parse(text.split("${").join("$${"), {})
  expect(issues).toEqual([])
  return value
}

const read = (name: string): unknown => parse(readFileSync(path.join(import.meta.dirname, name), "utf8"))

/** The help of a command names the flags that a line uses. */
const isUnderstood = async (line: string): Promise<void> => {
  const [npx, program, ...words] = line.split(" ")
  expect([npx, program]).toEqual(["npx", "understudy"])
  const path = words.slice(
    0,
    words.findIndex((word) => word.startsWith("-"))
  )
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true)
  await Effect.runPromise(Cli.run("en", [...path, "--help"]))
  const help = written.mock.calls.join("")
  written.mockRestore()
  expect(help).toContain(`understudy ${path.join(" ")}`)
  for (const flag of words.filter((word) => word.startsWith("--"))) expect(help).toContain(`  ${flag} `)
}

it("github-actions.yml runs the library once, with pinned actions, and keeps the report whatever happens", async () => {
  const { jobs, permissions } = read("github-actions.yml") as Workflow
  const { steps } = jobs.lab
  expect(permissions).toEqual({ contents: "read" })
  for (const uses of steps.flatMap((step) => step.uses ?? [])) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/)
  const [install, own, ...others] = steps.flatMap((step) => step.run ?? [])
  expect([install, ...others]).toEqual(["npm ci"])
  await isUnderstood(own ?? "")
  expect(steps.at(-1)).toMatchObject({ if: "always()", with: { path: /--report (\S+)/.exec(own ?? "")?.[1] } })
})

it("gitlab-ci.yml runs the same, and shows the JUnit report", async () => {
  const { resilience } = read("gitlab-ci.yml") as Pipeline
  const [install, own] = resilience.script
  expect(install).toBe("npm ci")
  await isUnderstood(own ?? "")
  expect(resilience.artifacts).toMatchObject({ paths: ["lab-report"], reports: { junit: "lab-report/junit.xml" } })
})

it("vendors-weekly.yml asks the table of rules with the keys that there are, and keeps what was answered", async () => {
  const { jobs, permissions } = read("vendors-weekly.yml") as Workflow
  const { steps } = jobs.lab
  expect(permissions).toEqual({ contents: "read" })
  for (const uses of steps.flatMap((step) => step.uses ?? [])) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/)
  const [install, record, drift, ...others] = steps.flatMap((step) => step.run ?? [])
  expect([install, ...others]).toEqual(["npm ci"])
  await isUnderstood(record ?? "")
  const file = /--out (\S+)/.exec(record ?? "")?.[1]
  expect(drift).toBe(`npx understudy lab drift ${file}`)
  expect(Object.keys(steps.find(({ run }) => run === record)?.env ?? {})).toEqual(
    services.map(({ variable }) => variable)
  )
  expect(steps.at(-1)).toMatchObject({ if: "always()", with: { path: file } })
})

interface Inputs {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
}

interface Action extends Inputs {
  readonly runs: { readonly using: string; readonly steps: ReadonlyArray<Step> }
}

const everything = "--all --baseline known.json --fail-fast --report lab-report"

it("the action runs what it is given, with nothing looked up among the files, and keeps the report whatever happens", async () => {
  const { inputs, runs } = read("../../../actions/lab/action.yml") as Action
  const [own, upload] = runs.steps
  const names = Object.keys(inputs).map((name) => name.toUpperCase())
  for (const name of Object.keys(own?.env ?? {})) expect(names).toContain(name)
  const folder = mkdtempSync(path.join(tmpdir(), "understudy-ci-"))
  const npx = path.join(folder, "npx")
  writeFileSync(npx, '#!/bin/sh\nprintf "%s|" "$@"\n')
  chmodSync(npx, 0o755)
  const env = {
    PATH: `${folder}:${process.env["PATH"]}`,
    SCENARIOS: "rate.* *.md",
    FLAGS: "--fail-fast",
    REPORT: "lab report"
  }
  const { stdout } = spawnSync("bash", ["-c", own?.run ?? ""], { encoding: "utf8", cwd: root, env })
  rmSync(folder, { recursive: true })
  expect(stdout).toBe("understudy|lab|run|rate.*|*.md|--fail-fast|--report|lab report|")
  expect(upload).toMatchObject({ uses: expect.stringMatching(/^[\w/-]+@[0-9a-f]{40}$/), if: "always()" })
  await isUnderstood(`npx understudy lab run ${everything}`)
})

it("the component takes the same inputs, and shows the JUnit report", async () => {
  const [spec = "", job = ""] = readFileSync(path.join(root, "templates/lab.yml"), "utf8").split("\n---\n")
  const { spec: head } = parse(spec) as { readonly spec: Inputs }
  const given = job.replaceAll(/\$\[\[ inputs\.([\w-]+) \]\]/g, (_, name) => head.inputs[name]?.default ?? "nothing")
  const { resilience } = parse(given) as Pipeline
  expect(resilience.script).toEqual(["npm ci", "set -f", "npx understudy lab run --all  --report lab-report"])
  expect(resilience.artifacts).toMatchObject({ paths: ["lab-report"], reports: { junit: "lab-report/junit.xml" } })
  const action = read("../../../actions/lab/action.yml") as Action
  for (const name of ["scenarios", "flags", "report"]) {
    expect(head.inputs[name]?.default).toBe(action.inputs[name]?.default)
  }
})

it("the image serves the mocks by a command that there is", async () => {
  const dockerfile = readFileSync(path.join(root, "Dockerfile"), "utf8")
  const entry = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? "[]") as ReadonlyArray<string>
  expect(existsSync(path.join(root, entry[1] ?? ""))).toBe(true)
  await isUnderstood(["npx", "understudy", ...entry.slice(2)].join(" "))
})

it("the guide shows these very files", () => {
  const guide = readFileSync(path.join(root, "docs/guides/degradation-lab.md"), "utf8")
  for (const name of ["github-actions.yml", "gitlab-ci.yml", "vendors-weekly.yml"])
    expect(guide).toContain(`../examples/ci/${name}`)
})
