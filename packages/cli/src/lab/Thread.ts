/** The thread of `Apart`. */
import { parentPort, workerData } from "node:worker_threads"
import type { Progress } from "@understudy/lab/run/Runner"
import * as Virtual from "@understudy/lab/run/Virtual"
import * as Trial from "@understudy/lab/Trial"
import type { News, Task } from "./Apart.ts"

const { scenario, seed } = workerData as Task
const tell = (news: News): void => parentPort?.postMessage(news)
const onProgress = (progress: Progress): void => tell({ progress })
tell({ judged: await Trial.run(scenario, "virtual", Virtual.run, { seed, onProgress }) })
