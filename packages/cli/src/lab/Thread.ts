/** The thread of `TrialWorker`. */
import { parentPort, workerData } from "node:worker_threads"
import type { Progress } from "@understudy/lab/run/Runner"
import * as Virtual from "@understudy/lab/run/Virtual"
import * as Trial from "@understudy/lab/Trial"
import type { Task, WorkerMessage } from "./TrialWorker.ts"

const { scenario, seed } = workerData as Task
const post = (message: WorkerMessage): void => parentPort?.postMessage(message)
const onProgress = (progress: Progress): void => post({ progress })
post({ judged: await Trial.run(scenario, "virtual", Virtual.run, { seed, onProgress }) })
