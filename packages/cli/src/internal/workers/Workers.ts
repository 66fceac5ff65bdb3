/**
 * The first process of `serve --workers`: starts those that answer calls, gives each what it listens to, and another in place of one
 * that ends by itself. What an operator sees and does is here: it hears of keys and circuits as a replica does, and of calls by
 * what the others send.
 *
 * @see Worker for those
 */
import cluster, { type Worker } from "node:cluster"
import { fileURLToPath } from "node:url"
import type { Event } from "@understudy/core/telemetry/Event"
import type { Entry } from "@understudy/gateway/AccessLog"
import { GatewayError } from "@understudy/gateway/GatewayError"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Failed, failed } from "../../Failed.ts"
import type { Hub } from "./Hub.ts"
import { type FromWorker, type Settings, type ToWorker, variable } from "./Protocol.ts"

/** What is started. */
export interface Options {
  /** How many answer calls. */
  readonly count: number
  readonly settings: Omit<Settings, "origin">
  readonly hub: Hub
  readonly onRecords: (entries: ReadonlyArray<Entry>, events: ReadonlyArray<Event>) => void
}

/** Workers that listen. */
export interface Workers {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Has all of them take the configuration's file as it stands now. */
  readonly reload: () => void
}

type Address = Extract<FromWorker, { readonly _tag: "Listening" }>

// Compilers leave this name as it is, whatever it will be called.
const entry = new URL(import.meta.url.endsWith(".ts") ? "./Entry.ts" : "./Entry.js", import.meta.url)

/** Wait before another one takes the place of one that ended, in milliseconds: one that ends at once is not to be started in a loop. */
const pause = 1_000

/** Time that they have beyond the grace of their calls to end, in milliseconds. */
const patience = 5_000

/** Calls of one worker are numbered from here times its own number. */
const calls = 2 ** 40

const numbered = (event: Event, worker: number): Event =>
  "call" in event ? { ...event, call: event.call + worker * calls } : event

class Group {
  readonly #options: Options
  readonly #fork: (effect: Effect.Effect<unknown>) => unknown
  readonly #running = new Map<Worker, () => void>()
  readonly #listening = new Set<Worker>()
  readonly started = Deferred.makeUnsafe<Address, GatewayError | Failed>()
  readonly #ended = Deferred.makeUnsafe<void>()
  #started = 0
  #isStopping = false

  constructor(options: Options, fork: (effect: Effect.Effect<unknown>) => unknown) {
    this.#options = options
    this.#fork = fork
  }

  start(): void {
    if (this.#isStopping) return
    const nth = ++this.#started
    const origin = `worker ${nth}`
    const worker = cluster.fork({ [variable]: JSON.stringify({ ...this.#options.settings, origin }) })
    this.#running.set(worker, () => {})
    worker.on("message", (message: FromWorker) => this.#heard(worker, nth, message))
    worker.on("error", () => {})
    worker.on("exit", (code, signal) => this.#gone(worker, signal ?? `exit code ${code}`))
  }

  send(message: ToWorker): void {
    for (const worker of this.#running.keys()) this.#tell(worker, message)
  }

  /** Ends all, those that do not end by force. */
  readonly stop = Effect.suspend(() => {
    this.#isStopping = true
    this.send({ _tag: "Stop" })
    if (this.#running.size === 0) return Effect.void
    return Effect.timeoutOrElse(Deferred.await(this.#ended), {
      duration: Duration.millis(this.#options.settings.grace + patience),
      orElse: () => Effect.sync(() => this.#kill())
    })
  })

  #kill(): void {
    for (const worker of this.#running.keys()) worker.process.kill("SIGKILL")
  }

  #tell(worker: Worker, message: ToWorker): void {
    if (worker.isConnected()) worker.send(message)
  }

  #heard(worker: Worker, nth: number, message: FromWorker): void {
    const { hub, onRecords } = this.#options
    const origin = `worker ${nth}`
    switch (message._tag) {
      case "Started": {
        const leave = hub.join(origin, (changes) => this.#tell(worker, { _tag: "Changes", changes }))
        return void this.#running.set(worker, leave)
      }
      case "Listening":
        this.#listening.add(worker)
        if (this.#listening.size === this.#options.count) Deferred.doneUnsafe(this.started, Effect.succeed(message))
        return
      case "Refused": {
        const { host, port, reason } = message
        return void Deferred.doneUnsafe(this.started, Effect.fail(new GatewayError({ host, port, reason })))
      }
      case "Changed":
        return hub.tell(origin, message.change)
      case "Lease":
        return this.#tell(worker, { _tag: "Leased", id: message.id, leave: hub.lease(message.name, message.millis) })
      case "Records":
        return onRecords(
          message.entries,
          message.events.map((event) => numbered(event, nth))
        )
      case "Said":
        return void this.#fork(Effect.logError(message.message))
    }
  }

  #gone(worker: Worker, how: string): void {
    this.#running.get(worker)?.()
    this.#running.delete(worker)
    const hadListened = this.#listening.delete(worker)
    if (this.#isStopping) {
      if (this.#running.size === 0) Deferred.doneUnsafe(this.#ended, Effect.void)
      return
    }
    const what = `a worker process has ended (${how})`
    Deferred.doneUnsafe(this.started, Effect.fail(failed(what)))
    const next = Effect.sync(() => this.start())
    this.#fork(
      Effect.andThen(
        Effect.logError(`${what}; another one takes its place`),
        hadListened ? next : Effect.delay(next, Duration.millis(pause))
      )
    )
  }
}

/** Starts them, and waits until all listen; the scope ends them, when what is under way has been answered. */
export const start = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Workers, GatewayError | Failed, Scope.Scope> {
  const fork = Effect.runForkWith(yield* Effect.context<never>())
  cluster.setupPrimary({ exec: fileURLToPath(entry), args: [], serialization: "advanced" })
  const group = new Group(options, fork)
  yield* Effect.addFinalizer(() => group.stop)
  for (let nth = 0; nth < options.count; nth++) group.start()
  const { host, port, url } = yield* Deferred.await(group.started)
  return { host, port, url, reload: () => group.send({ _tag: "Reload" }) }
})
