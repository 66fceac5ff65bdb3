/** Who is compared, in what, and how one of them does in one scenario. */
import { readFileSync } from "node:fs"
import { findPackageJSON } from "node:module"
import * as Lab from "@understudy/lab/Lab"
import * as Library from "@understudy/lab/library/Library"
import type { Client } from "@understudy/lab/run/Client"
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as FaultKind from "@understudy/mocks/FaultKind"
import type { Cell } from "./table.ts"

interface Contestant {
  /** The packages under test. */
  readonly packages: ReadonlyArray<string>
  /** Loaded where it runs. */
  readonly load: () => Promise<Client>
}

/** In the order of the table's columns. */
const contestants: Readonly<Record<string, Contestant>> = {
  openai: { packages: ["openai"], load: async () => (await import("./OpenAiClient.ts")).openai },
  "AI SDK": {
    packages: ["ai", "@ai-sdk/openai-compatible"],
    load: async () => (await import("./AiSdkClient.ts")).aiSdk
  },
  LangChain: {
    packages: ["@langchain/core", "@langchain/openai"],
    load: async () => (await import("./LangChainClient.ts")).langChain
  },
  Understudy: {
    packages: ["@understudy/chat-model"],
    load: async () => (await import("./UnderstudyClient.ts")).understudy
  }
}

/** Their names. */
export const names: ReadonlyArray<string> = Object.keys(contestants)

/** A day in a process where every request crosses MSW takes minutes: the virtual runner is for those. */
const longest = 15 * 60_000

/** Half-closed connections cannot be told through MSW, not even nearly. */
const isPossible = ({ faults }: Scenario): boolean =>
  faults.every(({ kind }) => FaultKind.objection(kind, "network") === undefined)

/** The names of the scenarios, in the order of the table's rows. */
export const scenarios: ReadonlyArray<string> = Library.all
  .filter((scenario) => scenario.length <= longest && isPossible(scenario))
  .map(({ name }) => name)

const versionOf = (name: string): string => {
  const file = findPackageJSON(name, import.meta.url)
  if (file === undefined) throw new Error(`${name} is not installed`)
  return `${name} ${(JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version}`
}

/** Every package under test with its version. */
export const versions = (): ReadonlyArray<string> =>
  Object.values(contestants).flatMap(({ packages }) => packages.map(versionOf))

/** Runs a scenario of the library against a contestant. */
export const compete = async (contestant: string, scenario: string): Promise<Cell> => {
  const found = contestants[contestant]
  if (found === undefined) throw new Error(`There is no contestant "${contestant}": ${names.join(", ")}`)
  const client = await found.load()
  const { verdict } = await Lab.run(scenario, { client, runner: "network", approximate: true })
  const { availability } = verdict.figures
  return { passed: verdict.passed, availability, findings: [...new Set(verdict.findings.map(({ kind }) => kind))] }
}
