/**
 * `npm run soak [-- --calls 200000]`: calls through the real transport against the mock vendors, while one vendor at a time
 * flaps through every fault. The other one is healthy, so no call may fail; no request may stay open; memory may not grow.
 * Prints the three figures and exits with 1 when one of them is off.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Trail from "@understudy/core/failure/Trail"
import * as Understudy from "@understudy/core/Understudy"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"

const at = process.argv.indexOf("--calls")
const total = at === -1 ? 200_000 : Number(process.argv[at + 1])
if (!Number.isInteger(total) || total < 1_000) {
  console.error(`--calls must be a whole number >= 1000, got ${String(process.argv[at + 1])}`)
  process.exit(2)
}
const warmUp = Math.min(40_000, Math.floor(total / 5))
const concurrency = 64
/** Calls after which the fault changes and the other vendor gets it. */
const phase = 1_000
const heapLimit = 5 * 1024 * 1024

const faults = [
  "overload.fast",
  "server.error",
  "edge.html",
  "reset.before",
  "close.before",
  "empty.200",
  "auth.invalid",
  "rate.limit",
  "error.midstream",
  "cut.midstream",
  "reset.midstream",
  "eof.noDone",
  "frame.malformed"
]

const child = fork(join(import.meta.dirname, "vendors.ts"), { execArgv: ["--conditions=source"] })
const [started] = (await once(child, "message")) as [{ url: string; qwen: string; deepseek: string }]
process.on("SIGINT", () => {
  child.kill()
  process.exit(130)
})

/** Quick probes and circuits: a vendor that is well again is to be back within a phase. */
const quick = { healthCheckInterval: "50ms" }
const circuit = { openDuration: "50ms", openCap: "200ms", slowStart: "50ms" }
const target = {
  qwen: { provider: "qwen", model: "qwen-turbo" },
  deepseek: { provider: "deepseek", model: "deepseek-chat" }
}

const core = Understudy.layerOptions({
  version: 1,
  providers: {
    qwen: {
      type: "qwen",
      baseUrl: started.qwen,
      keys: ["sk-demo-qwen-1", "sk-demo-qwen-2"],
      keyFailover: quick,
      circuit
    },
    deepseek: { type: "deepseek", baseUrl: started.deepseek, keys: ["sk-demo-deepseek"], keyFailover: quick, circuit }
  },
  routes: [
    {
      name: "qwen",
      match: { model: { exact: "qwen" } },
      targets: [target.qwen],
      fallback: [target.deepseek],
      delivery: "buffered"
    },
    {
      name: "deepseek",
      match: { model: { exact: "deepseek" } },
      targets: [target.deepseek],
      fallback: [target.qwen],
      delivery: "buffered"
    }
  ]
})

const steer = async (nth: number): Promise<void> => {
  const vendor = nth % 2 === 0 ? "qwen" : "deepseek"
  const kind = faults[nth % faults.length]
  const response = await fetch(`${started.url}/_mock/faults`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([{ vendor, kind, ratio: nth % 3 === 0 ? 1 : 0.5 }])
  })
  if (!response.ok) throw new Error(`the mock refused the fault ${kind}: ${await response.text()}`)
}

const heap = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const failures = new Map<string, number>()
let done = 0
let base = 0

const program = Effect.gen(function* () {
  const { failover } = yield* Understudy.Understudy
  const one = (nth: number) => {
    const request = {
      model: nth % 2 === 0 ? "qwen" : "deepseek",
      messages: [{ role: "user", content: `call ${nth}` }],
      max_tokens: 8
    }
    const answered: Effect.Effect<unknown, FailoverError> =
      nth % 4 < 2
        ? failover.call({ request })
        : failover.stream({ request: { ...request, stream: true } }, { begin: () => {}, write: () => {} })
    return Effect.exit(Effect.asVoid(answered))
  }
  for (let from = 0; from < total; from += phase) {
    yield* Effect.promise(() => steer(from / phase))
    const exits = yield* Effect.forEach(
      Array.from({ length: Math.min(phase, total - from) }, (_, index) => from + index),
      one,
      { concurrency }
    )
    for (const exit of exits) {
      if (exit._tag === "Success") continue
      const error = Cause.findErrorOption(exit.cause)
      const says =
        error._tag === "None"
          ? String(exit.cause)
          : `${error.value.reason._tag}: ${Trail.toLine(error.value.trail).replace(/\d+ms/g, "")}`
      failures.set(says, (failures.get(says) ?? 0) + 1)
    }
    done += exits.length
    if (base === 0 && done >= warmUp) base = heap()
    if (process.stdout.isTTY) process.stdout.write(`\r${done} of ${total} calls`)
  }
})

const before = performance.now()
await Effect.runPromise(program.pipe(Effect.provide(core)))
const seconds = (performance.now() - before) / 1000
const growth = heap() - base
child.send("open")
const [{ open }] = (await once(child, "message")) as [{ open: number }]
child.disconnect()

const failed = [...failures.values()].reduce((sum, count) => sum + count, 0)
if (process.stdout.isTTY) process.stdout.write("\r")
console.log(`${done} calls in ${seconds.toFixed(1)} s (${Math.round(done / seconds)} a second)`)
console.log(`failures while a healthy path existed: ${failed}`)
for (const [says, count] of failures) console.log(`  ${count} x ${says.slice(0, 300)}`)
console.log(`upstream requests open at the end: ${open}`)
console.log(
  `heap growth after ${warmUp} calls of warm-up: ${(growth / 1024 / 1024).toFixed(2)} MB${globalThis.gc ? "" : " (run with --expose-gc for a true figure)"}`
)
process.exitCode = failed === 0 && open === 0 && growth < heapLimit ? 0 : 1
