/** The files of this folder are what their build servers read, and the commands in them exist. */
import { readFileSync } from "node:fs"
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

const read = (name: string): unknown => {
  // The build server fills variables in, not the reader of configurations.
  const text = readFileSync(path.join(import.meta.dirname, name), "utf8")
    .split("${")
    .join("$${")
  const { issues, value } = Yaml.parse(text, {})
  expect(issues).toEqual([])
  return value
}

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

it("the guide shows these very files", () => {
  const guide = readFileSync(path.join(root, "docs/guides/degradation-lab.md"), "utf8")
  for (const name of ["github-actions.yml", "gitlab-ci.yml", "vendors-weekly.yml"])
    expect(guide).toContain(`../examples/ci/${name}`)
})
