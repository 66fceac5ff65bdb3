/** Runs a scenario in a thread of its own, on the virtual clock against Understudy: long ones, beside the others. */
import { Worker } from "node:worker_threads"
import type { Judged } from "@understudy/lab/report/Judged"
import type { Progress } from "@understudy/lab/run/Runner"
import type { Scenario } from "@understudy/lab/scenario/Scenario"

/** What the thread is given. */
export interface Task {
  readonly scenario: Scenario
  readonly seed: number | undefined
}

/** What it tells: how far it is, and in the end what came of it. */
export type WorkerMessage = { readonly progress: Progress } | { readonly judged: Judged }

const fromSources = import.meta.url.endsWith(".ts")

// Compilers leave this name as it is, whatever it will be called.
const entry = new URL(fromSources ? "./Thread.ts" : "./Thread.js", import.meta.url)

/** Runs it. Rejects with the signal's reason when that ends the run. */
export const run = (task: Task, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<Judged> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData: task, execArgv: fromSources ? ["--conditions=source"] : [] })
    const leave = (): void => {
      reject(signal.reason)
      void worker.terminate()
    }
    signal.addEventListener("abort", leave, { once: true })
    worker.on("message", (message: WorkerMessage) =>
      "judged" in message ? resolve(message.judged) : onProgress(message.progress)
    )
    worker.on("error", reject)
    worker.on("exit", () => signal.removeEventListener("abort", leave))
  })
