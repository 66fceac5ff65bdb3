/**
 * A core with lanes: each lane has a target of its own that answers whatever it is told to, and all have one fallback that is
 * well. The circuits open at the first fault and are half open a millisecond later, so that most answers meet a probe.
 */
import * as ChatModel from "@understudy/chat-model/ChatModel"
import * as UnderstudyFetch from "@understudy/chat-model/UnderstudyFetch"
import type { UnderstudyOptions } from "@understudy/core/config/Options"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import * as Understudy from "@understudy/core/Understudy"
import { Upstream, type UpstreamHandler } from "@understudy/core/upstream/Upstream"
import * as Gateway from "@understudy/gateway/Gateway"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import type { Sent } from "./Bend.ts"

/** Ways in which a route may treat its streams. */
export const ways = ["plain", "buffered", "folded", "continued"] as const

export type Way = (typeof ways)[number]

/** What the fallback says. */
export const wellText = "well"

const well = JSON.stringify({
  id: "w",
  object: "chat.completion",
  created: 1,
  model: "well",
  choices: [{ index: 0, message: { role: "assistant", content: wellText }, finish_reason: "stop" }]
})

const wellEvents = `data: ${JSON.stringify({ id: "w", choices: [{ index: 0, delta: { role: "assistant", content: wellText }, finish_reason: null }] })}\n\ndata: ${JSON.stringify({ id: "w", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`

/** How long until silence is noticed. */
const patience = "20ms"

const toConfig = (lanes: number): UnderstudyOptions => {
  const provider = (name: string) => ({
    type: "openai-compatible" as const,
    baseUrl: `http://${name}.test/v1`,
    circuit: { consecutiveFailures: 1, openDuration: "1ms", openCap: "1m", slowStart: "1ms" },
    deadlines: { connect: "5s", firstContent: patience, idle: patience, answer: patience }
  })
  const indices = Array.from({ length: lanes }, (_, lane) => lane)
  return {
    version: 1,
    providers: {
      well: provider("well"),
      ...Object.fromEntries(indices.map((lane) => [`odd${lane}`, provider(`odd${lane}`)]))
    },
    routes: indices.flatMap((lane) =>
      ways.map((way) => ({
        name: `${way}-${lane}`,
        match: { model: { exact: `${way}-${lane}` } },
        targets: [{ provider: `odd${lane}`, model: "odd" }],
        fallback: [{ provider: "well", model: "well" }],
        balance: "latency" as const,
        retryBudget: { percent: 0, reserve: 1 },
        deadlines: { total: "4s" },
        ...(way === "buffered" ? { delivery: "buffered" as const } : {}),
        ...(way === "folded" ? { upstream: "streamed" as const } : {}),
        ...(way === "continued" ? { afterCommit: "continue" as const } : {})
      }))
    )
  }
}

/** What a target's transport does with one request. */
const send = (sent: Sent, handler: UpstreamHandler, isOver: () => boolean): void => {
  const { ending, headers, pieces, status } = sent
  const steps: Array<() => void> = [() => handler.onConnected(), () => handler.onHeaders(status, headers)]
  for (const piece of pieces) steps.push(() => handler.onData(piece))
  if (ending === "end") steps.push(() => handler.onEnd())
  if (ending === "cut") steps.push(() => handler.onError({ code: "ECONNRESET", message: "read ECONNRESET" }))
  queueMicrotask(() => {
    for (const step of steps) if (!isOver()) step()
  })
}

/** The core and its faces. */
export interface World {
  readonly run: <A>(effect: Effect.Effect<A, never, Understudy.Understudy | ChatModel.ChatModel>) => Promise<A>
  readonly fetch: UnderstudyFetch.Fetch
  readonly url: string
  /** What a lane's target answers from now on. */
  readonly answers: Array<Sent | undefined>
  /** Requests that a lane's target got. */
  readonly asked: Array<number>
  /** Requests that nobody has ended. */
  readonly open: () => number
  /** What was thrown into the transport's callbacks. */
  readonly thrown: Array<unknown>
  readonly close: () => Promise<void>
}

const laneOf = (origin: string): number | undefined => {
  const lane = /^http:\/\/odd(\d+)\.test$/.exec(origin)?.[1]
  return lane === undefined ? undefined : Number(lane)
}

const wellSent = (isStream: boolean): Sent => ({
  status: 200,
  headers: { "content-type": isStream ? "text/event-stream" : "application/json" },
  pieces: [Buffer.from(isStream ? wellEvents : well)],
  ending: "end",
  plain: undefined
})

/** Makes a world. */
export const make = async (lanes: number): Promise<World> => {
  const answers: World["answers"] = Array.from({ length: lanes })
  const asked: Array<number> = Array.from({ length: lanes }, () => 0)
  const thrown: Array<unknown> = []
  const open = new Set<object>()
  const caught = (run: () => void): void => {
    try {
      run()
    } catch (error) {
      thrown.push(error)
    }
  }
  const upstream = Layer.succeed(Upstream, {
    send: (request, handler) => {
      const call = { abort: () => void open.delete(call), pause: () => {}, resume: () => {} }
      open.add(call)
      const last = (run: () => void): void => {
        open.delete(call)
        caught(run)
      }
      const guarded: UpstreamHandler = {
        onConnected: () => caught(() => handler.onConnected()),
        onHeaders: (status, headers) => caught(() => handler.onHeaders(status, headers)),
        onData: (chunk) => caught(() => handler.onData(chunk)),
        onEnd: () => last(() => handler.onEnd()),
        onError: (error) => last(() => handler.onError(error))
      }
      const lane = laneOf(request.origin)
      if (lane !== undefined) asked[lane] = (asked[lane] ?? 0) + 1
      const sent = lane === undefined ? undefined : answers[lane]
      send(sent ?? wellSent(request.body?.includes('"stream":true') === true), guarded, () => !open.has(call))
      return call
    }
  })
  const core = Layer.unwrap(Effect.map(UnderstudyConfig.fromOptions(toConfig(lanes)), Understudy.layer))
  const faces = Layer.mergeAll(Gateway.layer({ port: 0, grace: 0, accessLog: false }), ChatModel.layer())
  const runtime = ManagedRuntime.make(
    faces.pipe(Layer.provideMerge(core), Layer.provide(upstream), Layer.provideMerge(Logger.layer([])))
  )
  const { url } = await runtime.runPromise(Gateway.Gateway)
  const fetch = await runtime.runPromise(Scope.provide(UnderstudyFetch.make, runtime.scope))
  return {
    run: (effect) => runtime.runPromise(effect),
    fetch,
    url,
    answers,
    asked,
    open: () => open.size,
    thrown,
    close: () => runtime.dispose()
  }
}
