/** The command that runs a scenario again as it was run: the same client, seed and clock, whatever else was run with it. */
import type { Scenario } from "@understudy/lab/scenario/Scenario"
import * as Selection from "./Selection.ts"

/** What of a command line a run depends on. */
export interface Invocation {
  readonly config: string | undefined
  readonly model?: string | undefined
  /** Which names of models the vendors have; the scenario's own unless told otherwise. */
  readonly catalogue?: string | undefined
  readonly target: string | undefined
  /** The reader has one of their own: only its place is kept. */
  readonly apiKey: unknown
  readonly headers: Readonly<Record<string, string>>
  readonly beforeEach: string | undefined
  readonly targetLog?: string | undefined
  readonly port: number | undefined
  readonly mockHost: string | undefined
  readonly runner: string | undefined
  /** A duration; the default where none is given. */
  readonly longest: string | undefined
}

const quote = (word: string): string => (/^[\w@%+=:,./#-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

type Given = readonly [flag: string, value: string | number | undefined]

/** Writes it for a shell. */
export const toText = (scenario: Scenario, invocation: Invocation): string => {
  const { apiKey, beforeEach, catalogue, config, headers, longest, mockHost, model, port, runner } = invocation
  const { target, targetLog } = invocation
  const flags: ReadonlyArray<Given> = [
    ["--seed", scenario.seed],
    ["--config", config],
    ["--model", model],
    ["--catalogue", catalogue],
    ["--target", target],
    ["--api-key", apiKey === undefined ? undefined : "KEY"],
    // What a header holds may be a secret: its reader has it.
    ...Object.keys(headers).map((name): Given => ["--header", `${name}=VALUE`]),
    ["--before-each", beforeEach],
    ["--target-log", targetLog],
    ["--port", port],
    ["--mock-host", mockHost],
    ["--runner", runner],
    ["--longest", longest]
  ]
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, quote(String(value))]))
  return ["npx understudy lab run", quote(Selection.toArgument(scenario)), ...given].join(" ")
}
