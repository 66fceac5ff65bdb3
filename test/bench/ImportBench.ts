/**
 * What it costs to have the SDK as it is published: a fresh process imports the built JavaScript, and then asks once, beside
 * others that do the same. Loading may be put off, but not for nothing: hence the two numbers.
 *
 * The CPU of the main thread is counted, which is what the wall clock would show on an idle machine.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { text as toText } from "node:stream/consumers"
import * as Configuration from "./Configuration.ts"
import type { Pace } from "./Options.ts"
import { request } from "./Payload.ts"
import { start } from "./Processes.ts"
import type { Listening } from "./Protocol.ts"
import * as Published from "./Published.ts"
import { medians, ratio } from "./Statistics.ts"

/** Who is imported. `effect/Stream` brings what every program on Effect has loaded anyway. */
const names = ["@understudy/chat-model/promise", "@understudy/chat-model", "effect/Stream", "openai", "ai"] as const
type Name = (typeof names)[number]

/** Milliseconds of the main thread's CPU. */
type Cost = {
  /** Until the import is there. */
  readonly imported: number
  /** The same and the first answer; NaN for what cannot ask. */
  readonly answered: number
}

/** What a module costs, and its import over that of the others. */
export interface Row extends Cost {
  readonly name: Name
  readonly overEffect: number
  readonly overOpenai: number
  readonly overAi: number
  /** The first answer's over that of `openai`. */
  readonly answeredOverOpenai: number
}

const askingOurs = (origin: string): string => `
    const chat = await module.PromiseChatModel.fromOptions(${JSON.stringify(Configuration.make(origin))})
    const { text } = await chat.call({ messages, options: { model } })`

/** How each asks, once `module` is there; the text of the answer. */
const asking: Readonly<Record<Name, (origin: string) => string>> = {
  "@understudy/chat-model/promise": askingOurs,
  "@understudy/chat-model": askingOurs,
  "effect/Stream": () => "const text = 'none'",
  openai: (origin) => `
    const client = new module.OpenAI({ apiKey: "sk-demo-1", baseURL: "${origin}/v1", maxRetries: 0 })
    const text = (await client.chat.completions.create({ model, messages })).choices[0].message.content`,
  ai: (origin) => `
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible")
    const vendor = createOpenAICompatible({ name: "vendor", baseURL: "${origin}/v1", apiKey: "sk-demo-1" })
    const { text } = await module.generateText({ model: vendor(model), messages, maxRetries: 0 })`
}

const program = (name: Name, origin: string): string => `
  const spent = () => { const { system, user } = process.threadCpuUsage(); return (system + user) / 1000 }
  const before = spent()
  const module = await import("${name}")
  const imported = spent() - before
  const model = "${request.model}"
  const messages = [{ role: "user", content: "Hi" }]
  ${asking[name](origin)}
  if (!text) throw new Error("no answer")
  process.stdout.write(JSON.stringify({ imported, answered: spent() - before }))
  process.exit(0)`

const measure = async (name: Name, folder: string, origin: string): Promise<Cost> => {
  const args = ["--input-type=module", "--eval", program(name, origin)]
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
  const [output, errors] = await Promise.all([toText(child.stdout), toText(child.stderr), once(child, "close")])
  if (output === "") throw new Error(`${name} did not answer: ${errors.slice(-1_000)}`)
  const cost: Cost = JSON.parse(output)
  return name === "effect/Stream" ? { ...cost, answered: NaN } : cost
}

/** Measures the imports. */
export const run = async (pace: Pace): Promise<ReadonlyArray<Row>> => {
  const folder = Published.build()
  const upstream = await start<Listening>("upstream")
  try {
    const costs = Object.fromEntries(names.map((name) => [name, [] as Array<Cost>])) as Record<Name, Array<Cost>>
    for (let round = 0; round < pace.imports; round++) {
      for (const name of names) costs[name].push(await measure(name, folder, upstream.ready.origin))
    }
    const importsOf = (name: Name) => costs[name].map(({ imported }) => imported)
    const answersOf = (name: Name) => costs[name].map(({ answered }) => answered)
    return names.map((name) => ({
      name,
      ...medians(costs[name]),
      overEffect: ratio(importsOf(name), importsOf("effect/Stream")),
      overOpenai: ratio(importsOf(name), importsOf("openai")),
      overAi: ratio(importsOf(name), importsOf("ai")),
      answeredOverOpenai: ratio(answersOf(name), answersOf("openai"))
    }))
  } finally {
    await upstream.stop()
  }
}
