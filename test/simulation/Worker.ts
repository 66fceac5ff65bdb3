/** A thread that runs the blocks that it is handed. */
import { parentPort, workerData } from "node:worker_threads"
import * as Block from "./Block.ts"

const settings = workerData as Block.Settings

// Errors by the thousand are part of every day.
Error.stackTraceLimit = 0

parentPort?.on("message", (block: Block.Block) => parentPort?.postMessage(Block.run(block, settings)))
