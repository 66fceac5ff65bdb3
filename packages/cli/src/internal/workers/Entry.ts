/** Where a worker of `serve --workers` begins. The signals of a terminal or of systemd are the first process's to answer. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { type FromWorker, type Settings, type ToWorker, variable } from "./Protocol.ts"
import * as Worker from "./Worker.ts"

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {})

const listeners: Array<(message: ToWorker) => unknown> = []
const hear = (message: ToWorker): void => {
  for (const listener of listeners) listener(message)
}

const wire: Worker.Wire = {
  send: (message: FromWorker): void => {
    if (process.connected) process.send?.(message)
  },
  listen: (listener) => void listeners.push(listener)
}

const settings: Settings = JSON.parse(process.env[variable] ?? "{}")
Effect.runFork(Worker.run(settings, wire)).addObserver((exit) => {
  if (exit._tag === "Failure") wire.send({ _tag: "Said", message: Cause.pretty(exit.cause) })
  process.exit(exit._tag === "Success" ? 0 : 1)
})
process.on("message", hear)
// Whoever is alone ends what is under way, and goes.
process.once("disconnect", () => hear({ _tag: "Stop" }))
