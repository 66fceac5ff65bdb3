/**
 * Runs a plan: the engine over the plan's vendors, called by the plan's callers, on virtual time. One synchronous function
 * from a plan to a journal.
 */
import { createHash } from "node:crypto"
import * as UnderstudyConfig from "@understudy/core/config/UnderstudyConfig"
import type { Answer, Failover, Sink } from "@understudy/core/failover/Failover"
import type { FailoverError } from "@understudy/core/failure/FailoverError"
import * as Trail from "@understudy/core/failure/Trail"
import { Listener } from "@understudy/core/telemetry/Event"
import * as Understudy from "@understudy/core/Understudy"
import { Upstream } from "@understudy/core/upstream/Upstream"
import { VirtualTime } from "@understudy/lab/run/VirtualTime"
import * as Prng from "@understudy/lab/traffic/Prng"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import type { CallRecord, Journal } from "./world/Journal.ts"
import type { CallPlan, Plan } from "./world/Plan.ts"
import { originOf, World } from "./world/Vendors.ts"

type Engine = Failover["Service"]

/** Puts something between the engine and the world: how the tests break the engine on purpose. */
export interface Hooks {
  readonly engine?: (engine: Engine, time: VirtualTime) => Engine
  readonly upstream?: (upstream: Upstream["Service"], time: VirtualTime) => Upstream["Service"]
}

/** The vendors' Unix time at the start, in milliseconds. */
const epoch = 1_764_547_200_000

/** Virtual time after the end in which lingering sockets may be closed. */
const aftermath = 5_000

const makeJournal = (plan: Plan): Journal => ({
  plan,
  entries: [],
  exchanges: [],
  calls: [],
  logs: [],
  keys: "",
  explained: "",
  openAtEnd: 0
})

const optionsOf = ({ providers, routes }: Plan): Parameters<typeof UnderstudyConfig.fromOptions>[0] => ({
  version: 1,
  providers: Object.fromEntries(
    Object.entries(providers).map(([name, provider]) => [name, { ...provider, baseUrl: `${originOf(name)}/v1` }])
  ),
  routes
})

const showTrail = (call: CallRecord, trail: Trail.Trail): void => {
  call.trail = trail
  call.trailLine = Trail.toLine(trail)
}

const textOf = (answer: Answer): string => {
  const message = answer.completion.choices[0]?.message
  return `${String(message?.["reasoning_content"] ?? "")}${String(message?.content ?? "")}`
}

const finish = (call: CallRecord, exit: Exit.Exit<Answer | { trail: Trail.Trail }, FailoverError>): void => {
  if (Exit.isSuccess(exit)) {
    const answer = exit.value as Answer
    showTrail(call, answer.trail)
    call.ending = { tag: "answered", provider: answer.provider, model: answer.model, route: answer.route }
    if (answer.completion === undefined) return
    call.body = answer.bytes.toString()
    call.text = textOf(answer)
    return
  }
  const reason = exit.cause.reasons[0]
  if (reason?._tag === "Fail") {
    const { error } = reason
    showTrail(call, error.trail)
    call.shown = `${error.message}\n${JSON.stringify(error)}\n${String(error)}`
    call.ending = {
      tag: "failed",
      reason: error.reason._tag,
      text: error.message,
      retryAfter: error.retryAfter
    }
  } else if (call.leftAt !== undefined) call.ending = { tag: "left" }
  else call.ending = { tag: "died", text: String(exit.cause) }
}

/** Takes the streamed answer, resting after each piece where the plan says so. */
const sinkOf = (call: CallRecord, time: VirtualTime): Sink => {
  let flow: Parameters<Sink["begin"]>[1] | undefined
  return {
    begin: (_, control) => {
      call.begun++
      flow = control
    },
    write: ({ bytes }) => {
      if (call.begun === 0 || call.ending !== undefined || call.leftAt !== undefined) call.strayWrites++
      call.delivered += bytes.toString()
      const { rests } = call.plan
      if (rests === undefined) return
      flow?.pause()
      time.after(rests, () => flow?.resume())
    }
  }
}

const toRequest = ({ choices, id, model, stream }: CallPlan) => ({
  model,
  messages: [{ role: "user", content: "hi" }],
  user: id,
  ...(choices === undefined ? {} : { n: choices }),
  ...(stream === true ? { stream: true, stream_options: { include_usage: true } } : {})
})

/** Lets one caller call. */
const start = (plan: CallPlan, engine: Engine, world: World, services: Context.Context<never>): void => {
  const { journal, time } = world
  const call: CallRecord = {
    plan,
    startedAt: time.now,
    trail: [],
    trailLine: "",
    shown: "",
    begun: 0,
    strayWrites: 0,
    delivered: "",
    body: "",
    text: ""
  }
  journal.calls.push(call)
  journal.entries.push({ at: time.now, tag: "started", call })
  const request = toRequest(plan)
  const subject = { request, text: JSON.stringify(request), affinity: plan.affinity }
  const effect: Effect.Effect<Answer | { trail: Trail.Trail }, FailoverError> =
    plan.stream === true ? engine.stream(subject, sinkOf(call, time)) : engine.call(subject)
  const luck = Prng.stream(world.plan.seed, `engine/${plan.id}`)
  const fiber = Effect.runForkWith(Context.add(services, Random.Random, luck))(effect)
  fiber.addObserver((exit) => {
    call.endedAt = time.now
    finish(call, exit)
    journal.entries.push({ at: time.now, tag: "finished", call })
  })
  if (plan.leaves === undefined) return
  time.after(plan.leaves, () => {
    if (call.ending !== undefined) return
    call.leftAt = time.now
    fiber.interruptUnsafe()
  })
}

/** Runs an effect that needs no time. */
const runNow = <A, E, R>(time: VirtualTime, services: Context.Context<R>, effect: Effect.Effect<A, E, R>): A => {
  const fiber = Effect.runForkWith(services)(effect)
  time.drain()
  const exit = fiber.pollUnsafe()
  if (exit === undefined) throw new Error("the effect waits for something")
  if (Exit.isFailure(exit)) throw new Error(`the engine cannot be made: ${String(exit.cause)}`)
  return exit.value
}

/** A hash of everything that could be seen: two runs of one plan must not differ in it. */
export const hashOf = (journal: Journal): string => {
  const lines: Array<string> = []
  for (const entry of journal.entries) {
    if (entry.tag === "sent") lines.push(`${entry.at} > ${entry.exchange.id} ${entry.exchange.key}`)
    if (entry.tag === "ended") lines.push(`${entry.at} < ${entry.exchange.id} ${String(entry.exchange.how)}`)
    if (entry.tag === "told") lines.push(`${entry.at} ! ${JSON.stringify(entry.event)}`)
    if (entry.tag !== "finished") continue
    const { call } = entry
    lines.push(`${entry.at} = ${call.plan.id} ${call.trailLine} ${call.shown} ${call.delivered} ${call.body}`)
  }
  return createHash("sha256").update(lines.join("\n")).update(journal.keys).update(journal.explained).digest("hex")
}

/** Runs a plan. */
export const simulate = (plan: Plan, hooks: Hooks = {}): Journal => {
  const time = new VirtualTime(epoch + (plan.skew ?? 0))
  const journal = makeJournal(plan)
  const world = new World(plan, time, journal)
  const log = Logger.make(({ message }) => void journal.logs.push(String(message)))
  const scope = Scope.makeUnsafe()
  const services = time.context.pipe(
    Context.add(Random.Random, Prng.stream(plan.seed, "engine")),
    Context.add(Logger.CurrentLoggers, new Set([log]))
  )
  const assembly = services.pipe(
    Context.add(Upstream, hooks.upstream?.(world.upstream, time) ?? world.upstream),
    Context.add(Listener, { emit: (event) => void journal.entries.push({ at: time.now, tag: "told", event }) }),
    Context.add(Scope.Scope, scope)
  )
  const configured = UnderstudyConfig.fromOptions(optionsOf(plan))
  const understudy = runNow(time, assembly, Effect.flatMap(configured, Understudy.make))
  const engine = hooks.engine?.(understudy.failover, time) ?? understudy.failover
  for (const call of plan.calls) time.at(call.at, () => start(call, engine, world, services))
  const { reloads = [] } = plan
  if (reloads.length > 0) {
    // Read anew, but once: what is known is kept by the keys' values, not by the objects that hold them.
    const config = runNow(time, services, configured)
    for (const at of reloads) time.at(at, () => void Effect.runForkWith(services)(understudy.reload(config)))
  }
  time.run(plan.horizon)
  journal.keys = JSON.stringify(runNow(time, services, understudy.keys))
  const subjects = plan.routes.map(({ match }) => understudy.explain({ model: match.model.exact ?? "" }))
  journal.explained = JSON.stringify(subjects.map((explain) => runNow(time, services, explain)))
  const closing = Effect.runForkWith(services)(Scope.close(scope, Exit.void))
  time.run(plan.horizon + aftermath)
  if (closing.pollUnsafe() === undefined) Effect.runForkWith(services)(Fiber.interrupt(closing))
  journal.openAtEnd = journal.exchanges.filter(({ endedAt }) => endedAt === undefined).length
  return journal
}
