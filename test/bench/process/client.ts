/** One client in a process of its own: calls as fast as the given concurrency allows, and counts its own CPU. */
import type { Called, Calls } from "../Protocol.ts"
import { quantile } from "../Statistics.ts"
import * as Clients from "./Clients.ts"
import * as Worker from "./Worker.ts"

const { client, origin } = Worker.input<{ readonly client: Clients.Name; readonly origin: string }>()
const call = await Clients.make(client, origin)

const micros = (): number => {
  const { system, user } = process.cpuUsage()
  return user + system
}

const run = async ({ concurrency, millis }: Calls): Promise<Called> => {
  const latencies: Array<number> = []
  const cpuAtStart = micros()
  const startedAt = performance.now()
  const until = startedAt + millis
  const work = async (): Promise<void> => {
    for (let at = performance.now(); at < until; at = performance.now()) {
      await call()
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const cpu = (micros() - cpuAtStart) / latencies.length
  const perSecond = (latencies.length * 1000) / (performance.now() - startedAt)
  return {
    perSecond,
    cpu,
    p50: quantile(
      latencies.toSorted((a, b) => a - b),
      0.5
    )
  }
}

Worker.serve({}, { run })
