/**
 * The log of requests, in a SQLite file that a thread of its own writes: every request with its trail, tokens, cost and times,
 * to be asked by filters.
 *
 * **Details**
 *
 * - The request's path only puts a record into a list; each tenth of a second the list goes over to the thread.
 * - When the thread cannot keep up, or the disk is full or locked, rows are lost, counted and told once; calls never wait.
 * - What is older than `maxAge`, and the oldest of what is more than `maxBytes`, is removed bit by bit.
 * - It holds no message of anybody: only what the access log says.
 */
import { mkdirSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import type { Entry } from "@understudy/gateway/AccessLog"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { Answered, Results, Task } from "./internal/requests/Protocol.ts"
import type { Filter, Names, Row, Stored } from "./internal/requests/Rows.ts"

export type { Filter, Names, Stored } from "./internal/requests/Rows.ts"

/** What may be set. */
export interface Options {
  /** The file. */
  readonly path: string
  /** How long a request is kept, in milliseconds. Default 7 days. */
  readonly maxAge?: number | undefined
  /** How large the file may be, in bytes. Default 1 GiB. */
  readonly maxBytes?: number | undefined
  /** Hears of rows that were lost, with why, once until rows are kept again. */
  readonly onLost?: ((why: string) => void) | undefined
}

/** A log that is open. */
export class RequestLog extends Context.Service<
  RequestLog,
  {
    /** Takes a record; never throws, never waits. */
    readonly put: (entry: Entry) => void
    /** The latest requests of a filter, at most `limit`, the latest first. */
    readonly page: (filter: Filter, limit: number) => Effect.Effect<ReadonlyArray<Stored>>
    /** A request by its row's id. */
    readonly find: (id: number) => Effect.Effect<Stored | undefined>
    /** What filters can choose from. */
    readonly names: Effect.Effect<Names>
    /** Rows that were lost since the start. */
    readonly lost: () => number
    /** Hands over what has come, and waits until it is written. */
    readonly flush: Effect.Effect<void>
  }
>()("understudy/admin/RequestLog") {}

/** Rows that may wait for the thread. */
const mostWaiting = 50_000

const day = 86_400_000

const toRow = ({ fields, message, time }: Entry): Row => ({
  time: time - fields.ms,
  endpoint: message,
  requestId: fields.requestId,
  status: fields.status,
  error: fields.error ?? null,
  consumer: fields.consumer ?? null,
  model: fields.model?.slice(0, 200) ?? null,
  route: fields.route ?? null,
  provider: fields.provider ?? null,
  answeredBy: fields.answeredBy ?? null,
  attempts: fields.attempts,
  trail: fields.trail ?? null,
  inputTokens: fields.inputTokens ?? null,
  outputTokens: fields.outputTokens ?? null,
  cost: fields.cost ?? null,
  currency: fields.currency ?? null,
  firstMs: fields.firstMs ?? null,
  ms: fields.ms
})

/** As TypeScript where this module is. */
const entry = new URL(`./internal/requests/Thread.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url)

const startThread = (path: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      return new Worker(fileURLToPath(entry), { workerData: path, execArgv: [] })
    }),
    (worker) =>
      Effect.callback<void>((resume) => {
        // A thread that has ended says so no more.
        if (worker.threadId === -1) return resume(Effect.void)
        worker.once("exit", () => resume(Effect.void))
        worker.postMessage("close")
      })
  )

/** A thread that does tasks one after the other; each that it can do no more fails with why. */
const connect = (worker: Worker) => {
  const waiting = new Map<number, Deferred.Deferred<unknown, string>>()
  let seq = 0
  worker.on("message", ({ error, seq: of, value }: Answered) => {
    const deferred = waiting.get(of)
    waiting.delete(of)
    if (deferred !== undefined) {
      Deferred.doneUnsafe(deferred, error === undefined ? Effect.succeed(value) : Effect.fail(error))
    }
  })
  let ended: string | undefined
  const end = (why: string): void => {
    ended ??= why
    for (const deferred of waiting.values()) Deferred.doneUnsafe(deferred, Effect.fail(ended))
    waiting.clear()
  }
  worker.on("error", (error) => end(`its thread ended: ${error instanceof Error ? error.message : String(error)}`))
  worker.on("exit", () => end("its thread has ended"))
  const ask = <Tag extends Task["_tag"]>(
    task: Extract<Task, { readonly _tag: Tag }>
  ): Effect.Effect<Results[Tag], string> =>
    Effect.suspend(() => {
      if (ended !== undefined) return Effect.fail(ended)
      const deferred = Deferred.makeUnsafe<unknown, string>()
      waiting.set(++seq, deferred)
      worker.postMessage({ seq, task })
      return Effect.map(Deferred.await(deferred), (value) => value as Results[Tag])
    })
  return ask
}

/** Opens a log in the given scope; what it holds is written when the scope closes. */
export const open: (options: Options) => Effect.Effect<RequestLog["Service"], never, Scope.Scope> = Effect.fnUntraced(
  function* ({ maxAge = 7 * day, maxBytes = 2 ** 30, onLost = () => {}, path }: Options) {
    const ask = connect(yield* startThread(path))
    let list: Array<Row> = []
    let underWay = 0
    let lost = 0
    let isWell = true

    const lose = (rows: number, why: string): void => {
      lost += rows
      if (isWell) onLost(why)
      isWell = false
    }

    const flush = Effect.suspend(() => {
      if (list.length === 0) return Effect.void
      const rows = list
      list = []
      underWay += rows.length
      return ask<"Insert">({ _tag: "Insert", rows }).pipe(
        Effect.match({
          onSuccess: () => {
            isWell = true
          },
          onFailure: (why) => lose(rows.length, why)
        }),
        Effect.ensuring(
          Effect.sync(() => {
            underWay -= rows.length
          })
        )
      )
    })
    const trim = Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.ignore(ask<"Trim">({ _tag: "Trim", since: now - maxAge, maxBytes }))
    )
    yield* Effect.addFinalizer(() => flush)
    yield* Effect.forkScoped(Effect.repeat(flush, Schedule.spaced("100 millis")))
    yield* Effect.forkScoped(Effect.repeat(trim, Schedule.spaced("1 minute")))
    return RequestLog.of({
      put: (entry) => {
        if (list.length + underWay >= mostWaiting) return lose(1, "more requests came than can be written")
        list.push(toRow(entry))
      },
      page: (filter, limit) => Effect.orDie(ask<"Page">({ _tag: "Page", filter, limit })),
      find: (id) => Effect.orDie(ask<"Find">({ _tag: "Find", id })),
      names: Effect.orDie(ask<"Names">({ _tag: "Names" })),
      lost: () => lost,
      flush
    })
  }
)
