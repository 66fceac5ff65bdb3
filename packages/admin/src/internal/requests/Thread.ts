/**
 * The thread that the request log lives on: SQLite waits for the disk, and the gateway must not. It does one task after the
 * other, and lets queries between the steps of a long clean-up.
 */
import { parentPort, workerData } from "node:worker_threads"
import type { Answered, Asked, Task } from "./Protocol.ts"
import { Rows } from "./Rows.ts"

let rows: Rows | undefined

/** The file, opened again where it could not be opened before. */
const open = (): Rows => {
  rows ??= new Rows(String(workerData))
  return rows
}

let trimming = false

/** Half an hour of traffic may have to go: in steps, between which others get their turn. */
const trim = (since: number, maxBytes: number): void => {
  trimming = open().trim(since, maxBytes)
  if (trimming) setImmediate(() => trim(since, maxBytes))
}

const run = (task: Task): unknown => {
  switch (task._tag) {
    case "Insert":
      return open().insert(task.rows)
    case "Page":
      return open().page(task.filter, task.limit)
    case "Find":
      return open().find(task.id)
    case "Names":
      return open().names()
    case "Trim":
      return trimming ? undefined : trim(task.since, task.maxBytes)
  }
}

parentPort?.on("message", (asked: Asked | "close") => {
  if (asked === "close") {
    rows?.close()
    return parentPort?.close()
  }
  const { seq, task } = asked
  let answered: Answered
  try {
    answered = { seq, value: run(task) }
  } catch (error) {
    answered = { seq, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answered)
})
