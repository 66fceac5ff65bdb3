/** `npm run bench`: what the gateway and the SDK cost, measured against the least that there is. See README.md. */
import { writeFileSync } from "node:fs"
import * as os from "node:os"
import * as ClientBench from "./ClientBench.ts"
import * as GatewayBench from "./GatewayBench.ts"
import * as ImportBench from "./ImportBench.ts"
import * as Options from "./Options.ts"
import { profiling, stopAll } from "./Processes.ts"
import * as Report from "./Report.ts"
import * as StartBench from "./StartBench.ts"
import * as Targets from "./Targets.ts"

const options = Options.read()
const { pace } = options
profiling.directory = options.profiles

const end = (message: string): never => {
  stopAll()
  console.error(message)
  process.exit(1)
}
process.on("SIGINT", () => end("interrupted"))
process.on("SIGTERM", () => end("terminated"))
process.on("exit", stopAll)
setTimeout(
  () => end(`not over after ${pace.limit / 1000} s: the machine is too busy to measure on`),
  pace.limit
).unref()

const machine = () => ({
  node: process.versions.node,
  cores: os.availableParallelism(),
  cpu: os.cpus()[0]?.model ?? "unknown",
  load: os.loadavg()
})

const title = (text: string): void => console.log(`\n${text}\n`)

const run = async () => {
  const has = (part: (typeof Options.parts)[number]): boolean => options.parts.includes(part)
  const startedAt = performance.now()
  const before = machine()
  console.log(Report.place(before))
  const gateway = has("gateway") ? await GatewayBench.run(pace, options.match, options.besides) : undefined
  if (gateway !== undefined) {
    title(
      "Gateway, and `understudy serve`. Their logs are on: a line a request, of text and of JSON, to /dev/null. Latencies in ms."
    )
    console.log(Report.gateway(gateway.rows, gateway.memory))
  }
  const clients = has("clients") ? await ClientBench.run(pace, options.match) : undefined
  if (clients !== undefined) {
    title(`Clients: ${ClientBench.concurrency} calls in flight, and 1. CPU is the client's own, a call.`)
    console.log(Report.clients(clients))
  }
  const imports = has("import") ? await ImportBench.run(pace) : undefined
  if (imports !== undefined) {
    title("Import of built JavaScript in a fresh process, and its first answer. Milliseconds of the main thread's CPU.")
    console.log(Report.imports(imports))
  }
  const starts = has("start") ? StartBench.run(pace) : undefined
  if (starts !== undefined) {
    title("Start of a fresh process that imports, from the sources. In ms.")
    console.log(Report.starts(starts))
  }
  const targets = [
    ...Targets.ofGateway(gateway?.rows ?? [], gateway?.memory),
    ...Targets.ofClients(clients ?? []),
    ...Targets.ofImports(imports ?? [])
  ]
  if (targets.length > 0) {
    title("Targets")
    console.log(Report.targets(targets))
  }
  const after = machine()
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`\n${Report.place(after)}, took ${seconds.toFixed(0)} s`)
  if (options.json !== undefined) {
    const result = { before, after, seconds, pace, gateway, clients, imports, starts, targets }
    writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`)
  }
  return targets.every(({ met }) => met)
}

try {
  const met = await run()
  process.exitCode = options.strict && !met ? 1 : 0
} catch (error) {
  end(error instanceof Error ? error.message : String(error))
}
