/** Who is compared, and how one of them does in one scenario. */
import * as Lab from "@understudy/lab/Lab"
import type { Client } from "@understudy/lab/run/Client"
import type { Cell } from "./table.ts"

/** In the order of the table's columns; each is loaded where it runs. */
const contestants: Readonly<Record<string, () => Promise<Client>>> = {
  openai: async () => (await import("./OpenAiClient.ts")).openai,
  "AI SDK": async () => (await import("./AiSdkClient.ts")).aiSdk,
  LangChain: async () => (await import("./LangChainClient.ts")).langChain,
  Understudy: async () => (await import("./UnderstudyClient.ts")).understudy
}

/** Their names. */
export const names: ReadonlyArray<string> = Object.keys(contestants)

/** Runs a scenario of the library against a contestant. */
export const compete = async (contestant: string, scenario: string): Promise<Cell> => {
  const client = await contestants[contestant]?.()
  const { verdict } = await Lab.run(scenario, { client, runner: "network", approximate: true })
  const { availability } = verdict.figures
  return { passed: verdict.passed, availability, findings: verdict.findings.map(({ kind }) => kind) }
}
