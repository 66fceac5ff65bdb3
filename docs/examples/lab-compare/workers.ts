/**
 * Runs on all cores: a process serves one contestant, some scenarios one after another, and is then replaced, since clients and
 * what intercepts them keep a little of every run.
 */
import { type ChildProcess, fork } from "node:child_process"
import { availableParallelism } from "node:os"
import * as path from "node:path"
import type { Cell, SetUp } from "./table.ts"

/** One contestant in one scenario. */
export interface Task {
  readonly contestant: string
  readonly scenario: string
  readonly setUp: SetUp
}

/** Runs in one process. */
const most = 30

/** Processes at a time; each takes some hundred megabytes. */
const width = Math.min(8, availableParallelism())

const sources = new URL("../../../scripts/sources.mjs", import.meta.url).href

interface Worker {
  readonly run: (task: Task) => Promise<Cell>
  readonly close: () => Promise<void>
}

const howItEnded = (child: ChildProcess): string =>
  child.signalCode === null ? `ended with exit code ${child.exitCode}` : `was ended by ${child.signalCode}`

const open = (contestant: string, signal: AbortSignal): Worker => {
  const child = fork(path.join(import.meta.dirname, "worker.ts"), [contestant], {
    execArgv: ["--import", sources],
    signal,
    // Nothing of it is to be kept, and a client that still waits would hold it.
    killSignal: "SIGKILL",
    stdio: ["ignore", "ignore", "pipe", "ipc"]
  })
  let complaint = ""
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-4_000)
  })
  // What fails here ends the process too.
  child.on("error", () => undefined)
  const ended = new Promise((resolve) => child.once("close", resolve))
  return {
    run: ({ scenario, setUp }) =>
      new Promise((resolve, reject) => {
        child.once("message", (cell) => resolve(cell as Cell))
        void ended.then(() =>
          reject(new Error(`${contestant} in ${scenario}: its process ${howItEnded(child)}.\n${complaint}`.trimEnd()))
        )
        child.send([scenario, setUp])
      }),
    close: async () => {
      child.kill("SIGKILL")
      await ended
    }
  }
}

/**
 * Runs the tasks; `done` hears of each, and how long it took. Rejects when a process dies, and when `leaving` aborts; none is left
 * behind in either case.
 */
export const run = async <A extends Task>(
  tasks: ReadonlyArray<A>,
  done: (task: A, cell: Cell, millis: number) => void,
  leaving: AbortSignal
): Promise<void> => {
  const failed = new AbortController()
  const signal = AbortSignal.any([leaving, failed.signal])
  const queues = [...Map.groupBy(tasks, ({ contestant }) => contestant).values()]
  const longest = () => queues.filter(({ length }) => length > 0).toSorted((a, b) => b.length - a.length)[0]
  const serve = async (queue: Array<A>): Promise<void> => {
    const worker = open(queue[0]?.contestant ?? "", signal)
    try {
      for (let runs = 0, task = queue.shift(); task !== undefined; task = ++runs < most ? queue.shift() : undefined) {
        const startedAt = performance.now()
        done(task, await worker.run(task), performance.now() - startedAt)
      }
    } finally {
      await worker.close()
    }
  }
  const work = async (): Promise<void> => {
    for (let queue = longest(); queue !== undefined && !signal.aborted; queue = longest()) {
      await serve(queue).catch((error: unknown) => failed.abort(error))
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  signal.throwIfAborted()
}
