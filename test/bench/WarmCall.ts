/**
 * `node --conditions=source test/bench/WarmCall.ts`: the files and functions of ours that one warm `ChatModel.call` enters, and
 * its steps back, as JSON.
 *
 * A function counts once, however often it is entered: V8's precise coverage says which were. A *step back* is a direct call
 * from a module into one that imports it at run time, over however many others: who reads the lower one has to go up again to
 * understand it. Each pair of files counts once. What a library calls (the continuation of an Effect, the callback of an
 * array) is no step.
 */

import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { type Profiler, Session } from "node:inspector/promises"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as Prompt from "@understudy/chat-model/Prompt"
import { Failover } from "@understudy/core/failover/Failover"
import * as Understudy from "@understudy/core/Understudy"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Imports from "../architecture/Imports.ts"
import * as Source from "../architecture/Source.ts"
import { expectText } from "./Check.ts"
import { short } from "./Payload.ts"
import { listen } from "./process/Listen.ts"
import type { Place, Step } from "./process/Steps.ts"

/** What one warm call enters. */
export interface WarmCall {
  readonly files: ReadonlyArray<string>
  /** `file name:line`. */
  readonly functions: ReadonlyArray<string>
  /** `file -> file`. */
  readonly back: ReadonlyArray<string>
}

const root = path.resolve(import.meta.dirname, "../..")

/** The path of a source of ours, from the root; undefined for everything else. */
const own = (url: string): string | undefined => {
  const file = url.startsWith("file:") ? path.relative(root, fileURLToPath(url)) : ""
  return /^packages\/[^/]+\/src\//.test(file) ? file : undefined
}

const textOf = (file: string): string => readFileSync(path.join(root, file), "utf8")

const lineOf = (file: string, offset: number): number => textOf(file).slice(0, offset).split("\n").length

/** The functions of ours that a run enters. */
const entered = async (session: Session, run: () => Promise<void>): Promise<ReadonlyArray<Place>> => {
  await session.post("Profiler.enable")
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false })
  for (let call = 0; call < 20; call++) await run()
  await session.post("Profiler.takePreciseCoverage")
  await run()
  const { result } = await session.post("Profiler.takePreciseCoverage")
  await session.post("Profiler.stopPreciseCoverage")
  const isEntered = ({ ranges }: Profiler.FunctionCoverage): boolean => (ranges[0]?.count ?? 0) > 0
  return result.flatMap(({ functions, url }) => {
    const file = own(url)
    if (file === undefined) return []
    return functions.filter(isEntered).map(({ functionName, ranges: [range] }) => ({
      url,
      file,
      name: functionName || "(anonymous)",
      start: range?.startOffset ?? 0,
      end: range?.endOffset ?? 0
    }))
  })
}

/** The direct calls between those functions, from another thread, which stops this one at each. */
const stepsOf = async (places: ReadonlyArray<Place>, run: () => Promise<void>): Promise<ReadonlyArray<Step>> => {
  const worker = new Worker(new URL("./process/Steps.ts", import.meta.url), { workerData: places })
  const said = (): Promise<unknown> => new Promise((resolve) => worker.once("message", resolve))
  await said()
  await run()
  const steps = said()
  worker.postMessage("end")
  return (await steps) as ReadonlyArray<Step>
}

/** What a file imports at run time, directly. */
const importsOf = (file: string): ReadonlyArray<string> =>
  Imports.of(Source.parse({ path: file, text: textOf(file) }))
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ specifier }) => Imports.target(file, specifier) ?? [])

const known = new Map<string, ReadonlySet<string>>()

/** Everything that a file imports at run time. */
const reach = (file: string): ReadonlySet<string> => {
  const before = known.get(file)
  if (before !== undefined) return before
  const all = new Set<string>()
  known.set(file, all)
  for (const next of importsOf(file)) {
    all.add(next)
    for (const further of reach(next)) all.add(further)
  }
  return all
}

/** A call of the simplest kind: one message, one target, one key. */
const call = async (origin: string): Promise<() => Promise<void>> => {
  const core = Understudy.layerOptions({
    version: 1,
    providers: { deepseek: { type: "deepseek", baseUrl: origin, keys: ["sk-demo-1"] } },
    routes: [{ name: "deepseek", match: { model: { prefix: "deepseek-" } }, targets: [{ provider: "deepseek" }] }]
  })
  const runtime = ManagedRuntime.make(core)
  const run = Effect.runPromiseWith(await runtime.context())
  const model = ChatModel.make(await runtime.runPromise(Failover))
  const prompt = Prompt.make("Who are you?", { model: "deepseek-chat" })
  return async () => expectText((await run(model.call(prompt))).text)
}

/** Measures a call. */
export const measure = async (): Promise<WarmCall> => {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "application/json")
    response.end(short.completion)
  })
  const { origin } = await listen(server)
  const run = await call(origin)
  const session = new Session()
  session.connect()
  const places = await entered(session, run)
  session.disconnect()
  const steps = (await stepsOf(places, run)).flatMap(({ from, to }) => {
    const [lower, upper] = [own(from), own(to)]
    return lower !== undefined && upper !== undefined && reach(upper).has(lower) ? [`${lower} -> ${upper}`] : []
  })
  server.closeAllConnections()
  server.close()
  return {
    files: [...new Set(places.map(({ file }) => file))].sort(),
    functions: places.map(({ file, name, start }) => `${file} ${name}:${lineOf(file, start)}`).sort(),
    back: [...new Set(steps)].sort()
  }
}

if (import.meta.main) {
  console.log(JSON.stringify(await measure(), undefined, 2))
  process.exit()
}
