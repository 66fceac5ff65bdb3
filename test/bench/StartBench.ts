/**
 * How long a fresh process takes to have a module: spawned, imported, ended. The sources are run as they are, so the time
 * that Node takes to strip their types is in it.
 */
import { spawnSync } from "node:child_process"
import type { Pace } from "./Options.ts"
import { median } from "./Statistics.ts"

const modules = {
  nothing: undefined,
  "effect/Effect": "effect/Effect",
  openai: "openai",
  "core: Understudy": "@understudy/core/Understudy",
  "SDK: ChatModel": "@understudy/chat-model/ChatModel",
  "SDK: whole package": "@understudy/chat-model",
  "gateway: Gateway": "@understudy/gateway/Gateway"
} as const

/** A module, and what its import adds to a process's start, in milliseconds. */
export interface Row {
  readonly name: string
  readonly millis: number
  readonly added: number
}

const startOnce = (module: string | undefined): number => {
  const code = module === undefined ? "" : `await import(${JSON.stringify(module)})`
  const args = ["--conditions=source", "--input-type=module", "--eval", code]
  const startedAt = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: "utf8" })
  if (status !== 0) throw new Error(`import of ${module} failed: ${stderr.slice(-1_000)}`)
  return performance.now() - startedAt
}

/** Measures the imports. */
export const run = (pace: Pace): ReadonlyArray<Row> => {
  const entries = Object.entries(modules)
  const times = entries.map((): Array<number> => [])
  for (let round = 0; round < pace.starts; round++) {
    for (const [index, [, module]] of entries.entries()) times[index]?.push(startOnce(module))
  }
  const bare = median(times[0] ?? [])
  return entries.map(([name], index) => {
    const millis = median(times[index] ?? [])
    return { name, millis, added: millis - bare }
  })
}
