/**
 * Whether a request would be answered properly at this moment. Counts nothing and changes nothing, so that whoever checks a
 * client can ask it as often as they like.
 *
 * It goes the way of `Director`: the network in front, the key, the service, the limits, the request, the answer.
 */
import * as Fault from "../../Fault.ts"
import { catalogue, type FaultKind, type Stage } from "../../FaultKind.ts"
import * as Key from "../../Key.ts"
import { isWhole } from "../../Meaning.ts"
import { personalities, type VendorName } from "../../VendorList.ts"
import { fingerprint } from "../key/KeyMask.ts"
import * as ChatRequest from "../vendor/ChatRequest.ts"
import { slot, type World } from "./World.ts"

/** A request that might be sent. */
export interface Question {
  readonly vendor: VendorName
  /** A key, or the name it was given. */
  readonly key: string
  readonly model: string
  readonly stream: boolean
}

/**
 * What would become of it. Faults that only slow an answer down leave it well. `certain` is false when a fault would strike
 * only some of such requests (those of `skip`, `times`, `ratio`, `ordinals`, `attempt` or `adapter`), or only some recordings
 * that it may get are bad.
 */
export type Health =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly certain: boolean
      readonly because: FaultKind | "limit" | "recording"
      /** The id of the fault, when it is one that was added. */
      readonly fault?: string
    }

type Trouble = Exclude<Health, { ok: true }>

const sure = (because: Trouble["because"]): Trouble => ({ ok: false, certain: true, because })

const breaks = (kind: FaultKind, manner: Fault.Manner): boolean =>
  !isWhole(catalogue[kind].meaning) || (catalogue[kind].meaning === "queued" && manner.finally === "close")

const recordOf = (world: World, { vendor, key }: Question): Key.KeyRecord | undefined =>
  world.keys.get(slot(vendor, fingerprint(key))) ??
  [...world.keys.values()].find((record) => record.spec.vendor === vendor && record.name === key)

const atDoor = (world: World, { vendor, key }: Question, record: Key.KeyRecord | undefined): Trouble | undefined => {
  if (record === undefined) {
    if (key === "") return sure("auth.missing")
    if (!personalities[vendor].wellFormed(key)) return sure("auth.format")
    return world.acceptAnyKey && key.startsWith("sk-") ? undefined : sure("auth.invalid")
  }
  const kind = Key.faultOf(Key.stateAt(record, world.clock.now()))
  return kind !== undefined && breaks(kind, record.spec) ? sure(kind) : undefined
}

const inRequest = (world: World, { vendor, model, stream }: Question): Trouble | undefined => {
  const reading = ChatRequest.read(JSON.stringify({ model, stream, messages: [{ role: "user", content: "" }] }))
  if (reading._tag !== "Request") return sure("request.malformed")
  const { replays, switches } = world
  const recorded = replays.names(vendor, model)
  const refusal = personalities[vendor].check(reading.request, { path: "", switches, recorded })
  // A request that says nothing but its model breaks only rules that are faults by name.
  return refusal && sure(refusal.recipe as FaultKind)
}

const inRecordings = (world: World, { vendor, model, stream }: Question): Trouble | undefined => {
  const bad = world.replays.bad(vendor, model, stream)
  return bad === "none" ? undefined : { ...sure("recording"), certain: bad === "all" }
}

/** Says what would become of a request. */
export const of = (world: World, question: Question): Health => {
  const { vendor, model, stream } = question
  const [now, record, keyId] = [world.clock.now(), recordOf(world, question), fingerprint(question.key)]
  const account = record?.account ?? slot(vendor, keyId)
  const subject = { vendor, model, stream, now, account, keyId: record?.id ?? keyId, keyName: record?.name }
  const faults = world.faults.filter((fault) => breaks(fault.spec.kind, fault.manner) && Fault.fits(fault, subject))
  const at = (stage: Stage): ReadonlyArray<Trouble> =>
    faults
      .filter((fault) => fault.stage === stage)
      .map((fault) => ({ ...sure(fault.spec.kind), certain: Fault.isSteady(fault), fault: fault.id }))
  const troubles = [
    ...at("edge"),
    atDoor(world, question, record),
    ...at("service"),
    world.limits.excess(account, model, now) && sure("limit"),
    inRequest(world, question),
    inRecordings(world, question),
    ...at("answer")
  ].filter((trouble) => trouble !== undefined)
  return troubles.find((trouble) => trouble.certain) ?? troubles[0] ?? { ok: true }
}
