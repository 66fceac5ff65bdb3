/** The child's side: answers the parent's questions, and ends with the parent, however that ends. */
import type { Usage } from "../Protocol.ts"

type Handlers = Readonly<Record<string, (input: never) => unknown>>

interface Question {
  readonly id: number
  readonly name: string
  readonly input: never
}

const usage = (): Usage => {
  const { system, user } = process.cpuUsage()
  return { cpu: user + system, rss: process.memoryUsage.rss() / 2 ** 20 }
}

const toText = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** The parent's argument to this process. */
export const input = <A>(): A => JSON.parse(process.argv[2] ?? "{}")

/** Tells the parent that the process is ready, and answers what it asks from then on. */
export const serve = (ready: unknown, handlers: Handlers = {}): void => {
  const all: Handlers = { usage, ...handlers }
  process.on("message", async ({ id, input, name }: Question) => {
    try {
      process.send?.({ id, value: await all[name]?.(input) })
    } catch (error) {
      process.send?.({ id, error: toText(error) })
    }
  })
  // Ctrl-C reaches the whole group: the parent decides.
  process.on("SIGINT", () => {})
  process.on("disconnect", () => process.exit(0))
  process.send?.({ id: 0, value: ready })
}
