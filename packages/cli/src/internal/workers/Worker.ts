/**
 * One process of `serve --workers` that answers calls: a gateway over a core of its own, which shares what it finds out about keys
 * and circuits with the others through the first process. It prints nothing, and stops when that one says so or is gone.
 */

import { ConfigSource } from "@understudy/admin/ConfigSource"
import * as ConfigWatch from "@understudy/admin/ConfigWatch"
import * as Live from "@understudy/admin/Live"
import { Sharing } from "@understudy/core"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import { all, type Event, isCallEvent, Listener } from "@understudy/core/telemetry/Event"
import * as Telemetry from "@understudy/core/telemetry/Telemetry"
import { AccessLog, type Entry } from "@understudy/gateway/AccessLog"
import * as Gateway from "@understudy/gateway/Gateway"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Language from "../../Language.ts"
import * as Messages from "../../Messages.ts"
import * as Collector from "../Collector.ts"
import * as Core from "../Core.ts"
import * as Environment from "../Environment.ts"
import * as Operator from "../Operator.ts"
import * as Replicas from "../Replicas.ts"
import type { FromWorker, Settings, ToWorker } from "./Protocol.ts"

/** Time for which records are gathered, in milliseconds. */
const gathering = 50

/** The way to the first process. */
export interface Wire {
  readonly send: (message: FromWorker) => void
  readonly listen: (onMessage: (message: ToWorker) => unknown) => void
}

/** Shares through the first process. */
const sharingOver = (origin: string, wire: Wire): Sharing.Sharing => {
  const members = new Set<Sharing.Member>()
  const asked = new Map<number, (leave: boolean) => void>()
  let leases = 0
  wire.listen((message) => {
    if (message._tag === "Changes")
      for (const member of members) for (const change of message.changes) member.hear(change)
    else if (message._tag === "Leased") asked.get(message.id)?.(message.leave)
  })
  return {
    origin,
    publish: (change) => wire.send({ _tag: "Changed", change }),
    join: (member) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          members.add(member)
          wire.send({ _tag: "Started" })
        }),
        () => Effect.sync(() => members.delete(member))
      ),
    lease: (name, millis) =>
      Effect.callback<boolean>((resume) => {
        const id = ++leases
        asked.set(id, (leave) => {
          asked.delete(id)
          resume(Effect.succeed(leave))
        })
        wire.send({ _tag: "Lease", id, name, millis })
      })
  }
}

/** Records and events, sent together. */
class Gathered {
  readonly #wire: Wire
  #entries: Array<Entry> = []
  #events: Array<Event> = []

  constructor(wire: Wire) {
    this.#wire = wire
  }

  readonly put = (entry: Entry): void => void this.#entries.push(entry)

  // The first process hears of keys and circuits as a replica does. A span is of this process.
  readonly hear = (event: Event): void => {
    if (event._tag === "CallStarted") this.#events.push({ ...event, parent: undefined })
    else if (isCallEvent(event) || event._tag === "KeyProbed") this.#events.push(event)
  }

  readonly flush = (): void => {
    if (this.#entries.length + this.#events.length === 0) return
    this.#wire.send({ _tag: "Records", entries: this.#entries, events: this.#events })
    this.#entries = []
    this.#events = []
  }
}

/** Spans leave from here; the first process counts, and tells what happens. */
const tracing = (): Layer.Layer<never> => {
  const env = { ...process.env, OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }
  return Collector.isNamed(env) ? Telemetry.layer.pipe(Layer.provideMerge(Collector.layer(env))) : Layer.empty
}

const errorsTo = (wire: Wire) =>
  Logger.layer([
    Logger.make<unknown, void>(({ cause, logLevel, message }) => {
      if (logLevel !== "Error" && logLevel !== "Fatal") return
      const said = [message].flat().map(String)
      const reasons = cause.reasons.map((reason) => (reason._tag === "Die" ? String(reason.defect) : reason._tag))
      wire.send({ _tag: "Said", message: [...said, ...reasons].join("  ") })
    })
  ])

/** Answers calls until it is told to stop. */
export const run = Effect.fnUntraced(function* (settings: Settings, wire: Wire) {
  const { config: path, events, grace, host, origin, port, records } = settings
  const gathered = new Gathered(wire)
  const stop = Deferred.makeUnsafe<void>()
  wire.listen(({ _tag }) => _tag === "Stop" && Deferred.doneUnsafe(stop, Effect.void))
  const config = yield* UnderstudyConfig.load({ path, env: Environment.beside(path) })
  const sharing = sharingOver(origin, wire)
  const listening = Layer.effect(
    Listener,
    Effect.map(Listener, (before) => all(before, { emit: gathered.hear, wantsCalls: events }))
  )
  const serve = Effect.gen(function* () {
    const gateway = yield* Gateway.listen({ host, port, grace, accessLog: records }).pipe(
      Effect.tapError(({ host, port, reason }) => Effect.sync(() => wire.send({ _tag: "Refused", host, port, reason })))
    )
    const reload = yield* ConfigWatch.watch()
    const fork = Effect.runForkWith(yield* Effect.context<never>())
    wire.listen(({ _tag }) => _tag === "Reload" && fork(reload))
    const { port: taken, url } = gateway
    wire.send({ _tag: "Listening", url, host: gateway.host, port: taken })
    yield* Effect.forkScoped(Effect.forever(Effect.delay(Effect.sync(gathered.flush), Duration.millis(gathering))))
    yield* Deferred.await(stop)
  })
  const live = yield* Live.make(false)
  const services = Context.make(Live.Live, live).pipe(Context.add(ConfigSource, Operator.sourceOf(path)))
  const messages = Messages.of(Language.detect([]))
  const replicas = Replicas.layer({ messages, config, note: () => {} })
  const core = Core.layer(Effect.succeed(config)).pipe(
    Layer.provideMerge(config.server.replicas === undefined ? Layer.succeed(Sharing.Sharing, sharing) : replicas),
    Layer.provideMerge(listening),
    Layer.provideMerge(Layer.mergeAll(tracing(), Layer.succeed(AccessLog, gathered.put), errorsTo(wire)))
  )
  yield* Effect.scoped(serve).pipe(Effect.provide(services), Effect.provide(core))
  gathered.flush()
})
