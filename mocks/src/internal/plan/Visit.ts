/**
 * A request that arrived, with all that can be known of it before anything is decided: whose key, which endpoint, which
 * model, and which faults are meant for it.
 */
import * as Fault from "../../Fault.ts"
import type { Stage } from "../../FaultKind.ts"
import type { AdapterName } from "../../Journal.ts"
import { advance, faultOf, type KeyRecord } from "../../Key.ts"
import { personalities, type VendorName } from "../../VendorList.ts"
import * as CallMark from "../key/CallMark.ts"
import * as ChatRequest from "../vendor/ChatRequest.ts"
import * as EmbeddingRequest from "../vendor/EmbeddingRequest.ts"
import type { Endpoint, Personality, Scene, Site } from "../vendor/Personality.ts"
import * as Random from "./Random.ts"
import { callerOf, type World } from "./World.ts"

/** A request as an adapter hands it over, its path below the vendor's base. */
export interface Arrival {
  readonly adapter: AdapterName
  readonly vendor: VendorName
  /** The public one where it is left out. */
  readonly site?: Site
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
  /** The query and the headers beside the authorization, for whoever looks for what should not be in them. */
  readonly beside?: () => string
  /** The body was larger than the adapter keeps; `body` is then empty. */
  readonly oversized?: boolean
}

/** An arrival with what could be read from it. */
export interface Visit {
  readonly arrival: Arrival
  readonly world: World
  readonly personality: Personality
  readonly endpoint: Endpoint | undefined
  readonly reading: ChatRequest.Reading | undefined
  readonly embedding: EmbeddingRequest.Reading | undefined
  readonly key: string
  readonly keyId: string
  readonly record: KeyRecord | undefined
  readonly account: string
  readonly scene: Scene
  /** The request as the filters of faults see it. */
  readonly subject: Fault.Subject
  /** The fault that the key's state stands for. */
  readonly phase: Fault.Fault | undefined
  /** The call that the request is marked with, and which of the call's requests it is: 1 for the first. */
  readonly call: string | undefined
  readonly attempt: number
}

/** Counts the request into the key's phase, and says what is wrong in it. */
const phaseFault = (record: KeyRecord | undefined, now: number): Fault.Fault | undefined => {
  if (record === undefined) return undefined
  const kind = faultOf(advance(record, now))
  record.requests++
  return kind && Fault.ofState(record.name, kind, record.spec, record.requests)
}

const modelOf = (reading: ChatRequest.Reading | EmbeddingRequest.Reading | undefined): string =>
  reading?._tag === "Request" ? reading.request.model : reading?._tag === "Wrong" ? reading.model : ""

const textsOf = ({ reading, embedding }: Pick<Visit, "reading" | "embedding">): ReadonlyArray<string> => {
  if (reading?._tag === "Request") return reading.request.messages.map((message) => message.text)
  return embedding?._tag === "Request" ? embedding.request.input : []
}

/** Reads an arrival and counts it. */
export const make = (world: World, arrival: Arrival): Visit => {
  const personality = personalities[arrival.vendor]
  const { key, keyId, places } = world.callers.get(arrival.authorization) ?? callerOf(arrival.authorization)
  const place = places[arrival.vendor]
  const ordinal = (world.ordinals.get(place) ?? 0) + 1
  world.ordinals.set(place, ordinal)
  const random = Random.make(world.seed, arrival.vendor, keyId, ordinal)
  const endpoint = personality.endpoint(arrival.method, arrival.path)
  const asked = arrival.oversized === true ? undefined : endpoint
  const reading = asked === "chat" ? ChatRequest.read(arrival.body) : undefined
  const embedding = asked === "embeddings" ? EmbeddingRequest.read(arrival.body) : undefined
  const record = world.keys.get(place)
  const now = world.clock.now()
  const account = record?.account ?? place
  const model = modelOf(reading ?? embedding)
  const stream = reading?._tag === "Request" && reading.request.stream
  const call = CallMark.last(textsOf({ reading, embedding }))
  return {
    arrival,
    world,
    personality,
    endpoint,
    reading,
    embedding,
    key,
    keyId,
    record,
    account,
    scene: {
      id: random.uuid(personality.idVersion),
      random,
      now,
      keyTail: key.slice(-4),
      model,
      stream,
      site: arrival.site ?? "public",
      switches: world.switches
    },
    subject: { vendor: arrival.vendor, keyId, keyName: record?.name, account, model, stream, now },
    phase: phaseFault(record, now),
    call,
    attempt: call === undefined ? 0 : world.journal.attempt(call)
  }
}

const meets = ({ spec }: Fault.Fault, { arrival, attempt }: Visit): boolean =>
  (spec.adapter ?? arrival.adapter) === arrival.adapter &&
  (spec.attempt === undefined || [spec.attempt].flat().includes(attempt))

/** The faults of a stage that strike this visit, at most so many. The key's own state comes first. */
export const struck = (visit: Visit, stage: Stage, most: number): ReadonlyArray<Fault.Fault> => {
  const { phase, world } = visit
  const found = phase?.stage === stage ? [phase] : []
  for (const fault of world.faults) {
    if (found.length >= most) break
    if (fault.stage !== stage || !Fault.fits(fault, visit.subject)) continue
    if (meets(fault, visit) && Fault.strikes(fault, world.seed)) found.push(fault)
  }
  return found
}
