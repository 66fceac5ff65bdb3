/**
 * Runs blocks of seeds, here or in several threads. The outcomes come in the order of the blocks, so that nothing that is
 * printed depends on how many threads there are; they end with the process.
 */
import { Worker } from "node:worker_threads"
import * as Block from "./Block.ts"

/** What a run is made of. */
export interface Work {
  readonly blocks: ReadonlyArray<Block.Block>
  readonly settings: Block.Settings
  /** Takes the next block's outcome. */
  readonly take: (outcome: Block.Outcome) => void
}

/** Runs everything in so many threads; one block or one worker needs none. */
export const run = (work: Work, workers: number): Promise<void> =>
  workers <= 1 || work.blocks.length <= 1 ? Promise.resolve(runHere(work)) : runInThreads(work, workers)

const runHere = ({ blocks, settings, take }: Work): void => {
  for (const block of blocks) take(Block.run(block, settings))
}

const runInThreads = async ({ blocks, settings, take }: Work, workers: number): Promise<void> => {
  const done = new Map<number, Block.Outcome>()
  let handed = 0
  let taken = 0
  const serve = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      let mine = 0
      const hand = (): void => {
        mine = handed
        const block = blocks[handed++]
        if (block === undefined) resolve()
        else worker.postMessage(block)
      }
      worker.on("error", reject)
      worker.on("message", (outcome: Block.Outcome) => {
        done.set(mine, outcome)
        hand()
        for (let next = done.get(taken); next !== undefined; next = done.get(taken)) {
          done.delete(taken++)
          take(next)
        }
      })
      hand()
    })
  const threads = Array.from(
    { length: Math.min(workers, blocks.length) },
    () =>
      new Worker(new URL("./Worker.ts", import.meta.url), {
        workerData: settings,
        execArgv: ["--conditions=source"]
      })
  )
  await Promise.all(threads.map(serve)).finally(() => Promise.all(threads.map((each) => each.terminate())))
}
