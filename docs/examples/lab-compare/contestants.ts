/** Who is compared, in which set-ups, and how one of them does in one scenario. */
import { readFileSync } from "node:fs"
import { findPackageJSON } from "node:module"
import * as Lab from "@understudy/lab/Lab"
import * as Library from "@understudy/lab/library/Library"
import type { Client } from "@understudy/lab/run/Client"
import * as Scenario from "@understudy/lab/scenario/Scenario"
import * as Standard from "@understudy/lab/scenario/Standard"
import * as FaultKind from "@understudy/mocks/FaultKind"
import type { Cell, SetUp } from "./table.ts"

interface Contestant {
  /** The packages under test. */
  readonly packages: ReadonlyArray<string>
  /** Loaded where it runs. */
  readonly load: () => Promise<Client>
  /** It has no place for a second key. */
  readonly oneKey?: true
}

const aiSdk = ["ai", "@ai-sdk/openai-compatible"]

const contestants: Readonly<Record<string, Contestant>> = {
  openai: { packages: ["openai"], load: async () => (await import("./OpenAiClient.ts")).openai, oneKey: true },
  "AI SDK": { packages: aiSdk, load: async () => (await import("./AiSdkClient.ts")).aiSdk, oneKey: true },
  "ai-fallback": {
    packages: [...aiSdk, "ai-fallback"],
    load: async () => (await import("./AiSdkClient.ts")).aiFallback
  },
  "ai-retry": { packages: [...aiSdk, "ai-retry"], load: async () => (await import("./AiSdkClient.ts")).aiRetry },
  LangChain: {
    packages: ["@langchain/core", "@langchain/openai"],
    load: async () => (await import("./LangChainClient.ts")).langChain
  },
  "by hand": { packages: [], load: async () => (await import("../lab/careful.ts")).careful },
  Understudy: {
    packages: ["@understudy/chat-model"],
    load: async () => (await import("./UnderstudyClient.ts")).understudy
  }
}

/** The names of those who can make use of a set-up, in the order of the table's columns. */
export const names = (setUp: SetUp): ReadonlyArray<string> =>
  Object.keys(contestants).filter((name) => setUp === "one key" || contestants[name]?.oneKey === undefined)

/** A day in a process where every request crosses MSW takes minutes: the virtual runner is for those. */
const longest = 15 * 60_000

/** Half-closed connections cannot be told through MSW, not even nearly. */
const isPossible = ({ faults }: Scenario.Scenario): boolean =>
  faults.every(({ kind }) => FaultKind.objection(kind, "network") === undefined)

/** The same with the first key of each vendor alone; undefined where it is about the others. */
const withOneKey = ({ source }: Scenario.Scenario): Scenario.Scenario | undefined => {
  const { config, faults = [], keys: all = Standard.keys } = source
  const seen = new Set<string>()
  const keys = Object.fromEntries(Object.entries(all).filter(([, { vendor }]) => !seen.has(vendor) && seen.add(vendor)))
  const dropped = Object.keys(all).filter((name) => !(name in keys))
  const isKept = (name: string | undefined): boolean => name === undefined || !dropped.includes(name)
  const providers = Object.entries(config?.providers ?? {}).map(([name, provider]) => [
    name,
    { ...provider, keys: provider.keys?.filter((key) => typeof key !== "string" || isKept(key)) }
  ])
  try {
    return Scenario.make({
      ...source,
      keys,
      faults: faults.filter(({ account, key }) => isKept(account) && isKept(key)),
      ...(config === undefined ? {} : { config: { ...config, providers: Object.fromEntries(providers) } })
    })
  } catch {
    return undefined
  }
}

const possible = Library.all.filter((scenario) => scenario.length <= longest && isPossible(scenario))

const inSetUp: Readonly<Record<SetUp, ReadonlyMap<string, Scenario.Scenario>>> = {
  "one key": new Map(
    possible.flatMap((scenario) => {
      const alone = withOneKey(scenario)
      return alone === undefined ? [] : [[scenario.name, alone] as const]
    })
  ),
  "two keys": new Map(possible.map((scenario) => [scenario.name, scenario]))
}

/** The names of the scenarios of a set-up, in the order of the table's rows. */
export const scenarios = (setUp: SetUp): ReadonlyArray<string> => [...inSetUp[setUp].keys()]

const versionOf = (name: string): string => {
  const file = findPackageJSON(name, import.meta.url)
  if (file === undefined) throw new Error(`${name} is not installed`)
  return `${name} ${(JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version}`
}

/** Every package under test with its version. */
export const versions = (): ReadonlyArray<string> =>
  [...new Set(Object.values(contestants).flatMap(({ packages }) => packages))].map(versionOf)

/** Runs a scenario of the library against a contestant. */
export const compete = async (contestant: string, name: string, setUp: SetUp): Promise<Cell> => {
  const found = contestants[contestant]
  if (found === undefined) throw new Error(`There is no contestant "${contestant}": ${names("one key").join(", ")}`)
  const client = await found.load()
  const scenario = inSetUp[setUp].get(name) ?? name
  const { verdict } = await Lab.run(scenario, { client, runner: "network", approximate: true })
  const { availability } = verdict.figures
  return { passed: verdict.passed, availability, findings: [...new Set(verdict.findings.map(({ kind }) => kind))] }
}
