/** The thread of `Apart`. */
import { parentPort, workerData } from "node:worker_threads"
import * as Lab from "@understudy/lab/Lab"
import type { News, Task } from "./Apart.ts"

const { scenario, seed } = workerData as Task
const tell = (news: News): void => parentPort?.postMessage(news)
tell({ judged: await Lab.run(scenario, { seed, onProgress: (progress) => tell({ progress }) }) })
