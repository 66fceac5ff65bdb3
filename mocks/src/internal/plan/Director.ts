/**
 * Decides what happens to a request: `arrival + world -> Plan`, without touching a socket.
 *
 * In the order of the real thing: the network in front (`edge` faults), the key, what is wrong with the key or the service
 * (`service` faults), the account's limits, the request itself, and at last an answer, recorded or made up, bent by `answer`
 * faults.
 */
import type { Clock } from "../../Clock.ts"
import * as Fault from "../../Fault.ts"
import { catalogue, type FaultKind } from "../../FaultKind.ts"
import type { OpeningFault, Plan } from "../../Plan.ts"
import type * as ChatRequest from "../vendor/ChatRequest.ts"
import type { Embeddings, Endpoint, Refusal } from "../vendor/Personality.ts"
import type { Excess } from "./AccountLimits.ts"
import * as Answer from "./Answer.ts"
import * as Check from "./Check.ts"
import * as Disruption from "./Disruption.ts"
import * as Link from "./Link.ts"
import { struck, type Visit } from "./Visit.ts"

/** The decision. `admitted` says that a concurrency slot is held until the response ends. */
export interface Decision {
  readonly plan: Plan
  readonly admitted: boolean
}

const chunked = ["transfer-encoding", "chunked"] as const

const openingFaults: Partial<Record<FaultKind, OpeningFault>> = {
  refuse: "refuse",
  dns: "dns",
  "reset.before": "reset",
  "close.before": "close",
  "stall.before": "stall"
}

/** In the time of those who call: where it goes by faster here, their wait is shorter, in whole seconds that are never too few. */
const retryAfter = (value: Fault.RetryAfter | undefined, clock: Clock): Plan["headers"] => {
  if (value === undefined) return []
  const { now, speed } = clock.callers ?? { now: clock.now, speed: 1 }
  if (typeof value === "number") return [["retry-after", String(Math.ceil(value / speed))]]
  const until = now() + Check.duration("retryAfter.date", value.date) / speed
  return [["retry-after", new Date(speed === 1 ? until : Math.ceil(until / 1000) * 1000).toUTCString()]]
}

/** A plan that begins at once and ends well. */
const whole = (recipe: string, status: number, headers: Plan["headers"], steps: Plan["steps"]): Plan => ({
  recipe,
  status,
  headers: [...headers, chunked],
  opening: { after: 0 },
  steps,
  ending: { after: 0, as: "complete" }
})

const toSteps = (body: string): Plan["steps"] =>
  body === "" ? [] : [{ after: 0, data: body, chunks: 0, part: "body" }]

const toRecipe = (kinds: ReadonlyArray<FaultKind>): string => (kinds.length === 0 ? "answer" : kinds.join("+"))

const refuse = ({ personality, scene, world }: Visit, refusal: Refusal, manner: Fault.Manner = {}): Plan => {
  const { status, type, body } = personality.refuse(refusal, scene)
  const headers = [...personality.headers(type, scene), ...retryAfter(manner.retryAfter, world.clock)]
  const after = Check.optional(manner.delay, (value) => Check.duration("delay", value)) ?? 0
  return { ...whole(refusal.recipe, manner.status ?? status, headers, toSteps(body)), opening: { after } }
}

const plain = ({ personality, scene }: Visit, recipe: string, status: number, body: string): Plan =>
  whole(recipe, status, personality.headers(body === "" ? null : "application/json", scene), toSteps(body))

const atEdge = (visit: Visit): Plan | undefined => {
  const [fault] = struck(visit, "edge", 1)
  if (fault === undefined) return undefined
  const opening = openingFaults[fault.spec.kind]
  const plan = refuse(visit, { recipe: fault.spec.kind, details: {} }, fault.manner)
  if (opening === undefined) return plan
  return { ...plan, status: 0, headers: [], steps: [], opening: { ...plan.opening, fault: opening } }
}

const shrinking = [7, 5, 3, 1]

const toRefusal = ({ spec, manner, struck: times }: Fault.Fault): Refusal => {
  const details = Fault.details(manner)
  if (spec.kind !== "billing.shrinking") return { recipe: spec.kind, details }
  const limit = shrinking[times - 1]
  if (limit === undefined) return { recipe: "billing.exhausted", details }
  return { recipe: spec.kind, details: { limit, current: limit + 1, ...details } }
}

/** Whether an endpoint costs nothing, so that it can serve as a probe. */
const isFree = (endpoint: Endpoint | undefined): boolean => endpoint !== "chat" && endpoint !== "embeddings"

const atDoor = (visit: Visit): Plan | undefined => {
  const { key, personality, record, world } = visit
  if (key === "") return refuse(visit, { recipe: "auth.missing", details: {} })
  if (!personality.wellFormed(key)) return refuse(visit, { recipe: "auth.format", details: {} })
  if (record === undefined && !(world.acceptAnyKey && key.startsWith("sk-"))) {
    return refuse(visit, { recipe: "auth.invalid", details: {} })
  }
  const { endpoint, phase } = visit
  if (!isFree(endpoint)) return undefined
  // Only a bad key fails where it is free; faults that count requests leave those alone.
  const fault = [phase, ...world.faults.filter((each) => Fault.isSteady(each) && Fault.fits(each, visit.subject))].find(
    (each) => each !== undefined && catalogue[each.spec.kind].meaning === "credentials"
  )
  return fault && refuse(visit, toRefusal(fault), fault.manner)
}

const inService = (visit: Visit): Plan | undefined => {
  const [fault] = struck(visit, "service", 1)
  return fault && refuse(visit, toRefusal(fault), fault.manner)
}

const overLimit = (visit: Visit, excess: Excess): Plan => {
  if (excess._tag === "Concurrency") {
    return refuse(visit, { recipe: "rate.limit", details: { current: excess.current, limit: excess.limit } })
  }
  const seconds = Math.ceil(excess.waitMs / 1000)
  const after: Fault.RetryAfter = excess.retryAfter === "date" ? { date: seconds * 1000 } : seconds
  return refuse(
    visit,
    { recipe: "rate.limit", details: {} },
    excess.retryAfter === undefined ? {} : { retryAfter: after }
  )
}

const script = ({ world, record, arrival }: Visit, request: ChatRequest.ChatRequest): Answer.Script | undefined => {
  const reply = world.replies?.(request, arrival.vendor)
  return typeof reply === "string" ? { content: reply } : (reply ?? record?.script)
}

const paced = (plan: Plan, delay: number): Plan =>
  delay === 0
    ? plan
    : { ...plan, steps: plan.steps.map((step) => (step.chunks > 0 ? { ...step, after: step.after + delay } : step)) }

const spoken = (visit: Visit, request: ChatRequest.ChatRequest, kinds: ReadonlyArray<FaultKind>): Plan => {
  const { personality, scene, world } = visit
  const said = Answer.to({
    request,
    persona: personality.persona,
    seed: world.seed,
    thinks: personality.thinks(request),
    script: script(visit, request)
  })
  const { headers, steps } = personality.render(Disruption.say(said, kinds, personality), request, scene)
  return paced(whole(toRecipe(kinds), 200, headers, steps), request.stream ? world.chunkDelay : 0)
}

const recorded = (visit: Visit, kinds: ReadonlyArray<FaultKind>): Plan | undefined => {
  const { arrival, scene, world } = visit
  const replay = world.replays.next(arrival.vendor, scene.model, scene.stream)
  return (
    replay && {
      ...whole(["recording", ...kinds].join("+"), replay.status, replay.headers, replay.steps),
      ending: { after: 0, as: replay.end }
    }
  )
}

/** An answer that is good until faults bend it. */
const answer = (visit: Visit, toGood: (kinds: ReadonlyArray<FaultKind>) => Plan): Plan => {
  const { arrival, personality, scene, world } = visit
  const faults = struck(visit, "answer", Number.POSITIVE_INFINITY)
  const kinds = faults.map((fault) => fault.spec.kind)
  if (kinds.includes("content.output") && personality.inspects === "error" && !scene.stream) {
    return refuse(visit, { recipe: "content.output", details: {} })
  }
  const good = Link.over(toGood(kinds), world.links[arrival.vendor], scene, world.seed)
  return Disruption.bend(good, faults, { personality, scene })
}

const chat = (visit: Visit): Plan => {
  const { reading, personality, arrival, world } = visit
  if (reading === undefined) return refuse(visit, { recipe: "request.tooLarge", details: {} })
  if (reading._tag !== "Request") {
    return refuse(visit, personality.unreadable(reading._tag === "Wrong" ? reading.field : ""))
  }
  const { request } = reading
  const { path, vendor } = arrival
  const { replays, switches } = world
  const broken = personality.check(request, { path, switches, recorded: replays.names(vendor, request.model) })
  if (broken !== undefined) return refuse(visit, broken)
  return answer(visit, (kinds) => recorded(visit, kinds) ?? spoken(visit, request, kinds))
}

const embed = (visit: Visit, { check, render }: Embeddings): Plan => {
  const { embedding, personality, scene, world } = visit
  if (embedding === undefined) return refuse(visit, { recipe: "request.tooLarge", details: {} })
  if (embedding._tag === "Wrong") return refuse(visit, personality.unreadable(embedding.field))
  const { request } = embedding
  const broken = check(request)
  if (broken !== undefined) return refuse(visit, broken)
  const headers = personality.headers("application/json", scene)
  return answer(visit, (kinds) => whole(toRecipe(kinds), 200, headers, [render(request, scene, world.seed)]))
}

const free = (visit: Visit): Plan => {
  const { endpoint, personality, record, scene } = visit
  if (endpoint === undefined) return plain(visit, "path.unknown", 404, "")
  if (endpoint === "models") return plain(visit, "models", 200, personality.models(scene))
  const phase = visit.phase?.spec.kind
  const broke = phase !== undefined && (catalogue[phase].meaning === "balance" || phase === "billing.shrinking")
  const balance = broke ? "0.00" : (record?.spec.balance ?? "110.00")
  return plain(visit, "balance", 200, personality.balance({ balance, available: !broke && Number(balance) > 0 }))
}

/** Decides the plan of a visit. */
export const decide = (visit: Visit): Decision => {
  const stopped = atEdge(visit) ?? atDoor(visit)
  if (stopped !== undefined) return { plan: stopped, admitted: false }
  if (isFree(visit.endpoint)) return { plan: free(visit), admitted: false }
  const refused = inService(visit)
  if (refused !== undefined) return { plan: refused, admitted: false }
  const excess = visit.world.limits.admit(visit.account, visit.scene.model, visit.scene.now)
  if (excess !== undefined) return { plan: overLimit(visit, excess), admitted: false }
  const { embeddings } = visit.personality
  const isEmbedding = visit.endpoint === "embeddings" && embeddings !== undefined
  return { plan: isEmbedding ? embed(visit, embeddings) : chat(visit), admitted: true }
}
