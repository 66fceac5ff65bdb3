/**
 * The vendors as their wire really is, misbehaving on schedule.
 *
 * A `Vendors` holds the world (keys, accounts, limits, faults, the journal) and decides what every request gets. It opens no
 * socket: `MockServer` serves it over HTTP and `MockNetwork` plays it inside the process through MSW, both from the same
 * plans.
 *
 * **Gotchas**
 *
 * - Keys that were not set are answered with the vendor's 401, unless `acceptAnyKey`.
 * - Keys are kept as fingerprints. Ask for them by the key itself or by the name you gave.
 * - The same seed, keys and order of requests per key give the same bytes, whatever runs beside them.
 *
 * **Example** (Qwen overloaded for thirty seconds)
 *
 * ```ts
 * const vendors = Vendors.make({ keys: { "sk-demo-qwen-1": { vendor: "qwen" }, "sk-demo-deepseek-1": { vendor: "deepseek" } } })
 * vendors.addFault({ vendor: "qwen", kind: "overload.fast", for: "30s" })
 * const server = await MockServer.listen(vendors)
 * ```
 */
import { catalogues } from "./Catalogue.ts"
import * as Clock from "./Clock.ts"
import * as Fault from "./Fault.ts"
import { type FaultKind, objection } from "./FaultKind.ts"
import { fingerprint, mask } from "./internal/key/KeyMask.ts"
import * as AccountLimits from "./internal/plan/AccountLimits.ts"
import { Changes, type Listener } from "./internal/plan/Changes.ts"
import * as Check from "./internal/plan/Check.ts"
import * as Health from "./internal/plan/Health.ts"
import * as Link from "./internal/plan/Link.ts"
import * as Replay from "./internal/plan/Replay.ts"
import type { Arrival } from "./internal/plan/Visit.ts"
import { callerOf, type Replies, slot, type World } from "./internal/plan/World.ts"
import * as Delivery from "./internal/transport/Delivery.ts"
import type { Catalogue } from "./internal/vendor/Personality.ts"
import * as Journal from "./Journal.ts"
import * as Key from "./Key.ts"
import * as Recording from "./Recording.ts"
import { type VendorName, names as vendorNames } from "./VendorList.ts"

export type { Change } from "./internal/plan/Changes.ts"
export type { Health, Question } from "./internal/plan/Health.ts"
export type { LinkSpec } from "./internal/plan/Link.ts"
export type { Arrival } from "./internal/plan/Visit.ts"

/** How the vendors are to be. */
export interface Options {
  /** 42 unless told otherwise. */
  readonly seed?: number
  /** The machine's clock unless told otherwise. */
  readonly clock?: Clock.Clock
  /** Which DeepSeek model names exist: those of one year only, or "both", unless told otherwise. */
  readonly catalogue?: Catalogue
  readonly keys?: Readonly<Record<string, Key.KeySpec>>
  readonly faults?: ReadonlyArray<Fault.FaultSpec>
  /** Responses to play instead of answers that are made up. */
  readonly recordings?: ReadonlyArray<Recording.Recording>
  /** Treats every unknown `sk-` key as valid. */
  readonly acceptAnyKey?: boolean
  /** Milliseconds before every content chunk of a stream; 0. */
  readonly chunkDelay?: number
  /** How each vendor's answers come: how late, and how fast. At once unless told otherwise. */
  readonly links?: { readonly [Vendor in VendorName]?: Link.LinkSpec }
  /** Scripted replies. */
  readonly replies?: Replies
  /** DeepSeek error messages end with a request id, as since autumn 2026. */
  readonly requestIdInMessage?: boolean
  /** DeepSeek sends usage on the finish chunk even without `include_usage`; true. */
  readonly usageOnFinish?: boolean
  /** How many journal entries are kept; 10,000. */
  readonly journalLimit?: number
}

/** A key as it may be shown. */
export interface KeyView extends Omit<Key.KeySpec, "state"> {
  readonly key: string
  readonly id: string
  readonly name: string
  readonly account: string
  /** The state at this moment. */
  readonly state: Key.KeyState
}

/** A fault as it stands. */
export interface FaultView extends Fault.FaultSpec {
  readonly id: string
  readonly struck: number
  /** Whether it is on at this moment: within its window, and not used up. */
  readonly on: boolean
}

/** A handle on a fault that was added. */
export interface FaultHandle {
  readonly id: string
  remove(): void
}

/** The vendors. */
export interface Vendors {
  readonly journal: Journal.Journal
  readonly clock: Clock.Clock
  readonly seed: number
  /** Adds a key or replaces it; its life begins now. */
  setKey(key: string, spec: Key.KeySpec): void
  /** Removes a key, given itself or its name: it is unknown from now on. Says whether there was one. */
  removeKey(key: string): boolean
  clearKeys(): void
  keys(): ReadonlyArray<KeyView>
  /** Adds a fault. Throws when it makes no sense or an attached adapter cannot do it. */
  addFault(spec: Fault.FaultSpec): FaultHandle
  /** Removes one fault. Says whether there was one. */
  removeFault(id: string): boolean
  clearFaults(): void
  faults(): ReadonlyArray<FaultView>
  /** Adds a recording. Throws when it makes no sense or an attached adapter cannot play it. */
  addRecording(recording: Recording.Recording): void
  /** Whether such a request would be answered properly at this moment. Counts nothing. */
  health(question: Health.Question): Health.Health
  /** Tells of keys and faults that change, by time, by requests or by hand, when they do. The result ends it. */
  onChange(listener: Listener): () => void
  /** Back to the keys, faults and recordings of the options, with an empty journal and fresh counters. */
  reset(): void
  /** For adapters: announces one, so that faults it cannot do are refused. The result takes it back. */
  attach(adapter: Journal.AdapterName): () => void
  /** For adapters: decides a request. */
  receive(arrival: Arrival): Delivery.Delivery
}

const toLinks = (links: NonNullable<Options["links"]>): World["links"] =>
  Object.fromEntries(
    Object.entries(links).map(([vendor, spec]) => [
      Check.oneOf("links", vendor, vendorNames),
      Link.make(`links.${vendor}`, spec)
    ])
  )

const toWorld = (options: Options): World => {
  const clock = options.clock ?? Clock.real()
  return {
    seed: options.seed ?? 42,
    clock,
    switches: {
      catalogue: Check.oneOf("catalogue", options.catalogue ?? "both", catalogues),
      requestIdInMessage: options.requestIdInMessage ?? false,
      usageOnFinish: options.usageOnFinish ?? true
    },
    acceptAnyKey: options.acceptAnyKey ?? false,
    chunkDelay: Check.duration("chunkDelay", options.chunkDelay ?? 0),
    links: toLinks(options.links ?? {}),
    replies: options.replies,
    journal: Journal.make(Check.integer("journalLimit", options.journalLimit ?? 10_000, 1)),
    callers: new Map(
      Object.keys(options.keys ?? {}).map((key) => {
        const authorization = `Bearer ${key}`
        return [authorization, callerOf(authorization)]
      })
    ),
    keys: new Map(),
    limits: AccountLimits.make(),
    replays: Replay.make(),
    faults: [],
    ordinals: new Map()
  }
}

const toKeyView = (record: Key.KeyRecord, now: number): KeyView => {
  const { id, name, account, spec } = record
  return { ...spec, key: record.mask, id, name, account, state: Key.stateAt(record, now) }
}

/** An account is allowed what the newest of its keys with such a limit says. */
const allow = (world: World, account: string): void => {
  const specs = [...world.keys.values()].filter((record) => record.account === account).map((record) => record.spec)
  world.limits.allow(account, {
    limit: specs.findLast((spec) => spec.limit !== undefined)?.limit,
    concurrency: specs.findLast((spec) => spec.concurrency !== undefined)?.concurrency
  })
}

const toRecord = (world: World, key: string, spec: Key.KeySpec): Key.KeyRecord =>
  Key.make({ id: fingerprint(Check.key("key", key)), mask: mask(key) }, spec, world.clock.now())

const removeKey = (world: World, key: string): boolean => {
  const id = fingerprint(key)
  const found = [...world.keys].filter(([, record]) => record.id === id || record.id === key || record.name === key)
  for (const [place, record] of found) {
    world.keys.delete(place)
    allow(world, record.account)
  }
  return found.length > 0
}

interface Wanted {
  readonly field: string
  readonly kind: FaultKind
  readonly adapter: Journal.AdapterName | undefined
}

const wantedFor = ({ spec }: Fault.Fault): Wanted => ({
  field: `${Fault.label(spec)}.kind`,
  kind: spec.kind,
  adapter: spec.adapter
})

const wantedBy = (world: World): ReadonlyArray<Wanted> => [
  ...world.faults.map(wantedFor),
  ...[...world.keys.values()].flatMap(Key.kinds).map((kind) => ({ field: "key.state", kind, adapter: undefined }))
]

/** Attached adapters, and the guard against faults that they cannot do. */
const makeAttachments = (world: World) => {
  const attached: Array<Journal.AdapterName> = []
  const guard = (wanted: Wanted, adapters: ReadonlyArray<Journal.AdapterName> = attached): void => {
    for (const adapter of adapters) {
      const reason = (wanted.adapter ?? adapter) === adapter ? objection(wanted.kind, adapter) : undefined
      if (reason !== undefined)
        throw new Check.BadInput(wanted.field, `one that the adapter can do: ${reason}`, wanted.kind)
    }
  }
  const attach = (adapter: Journal.AdapterName): (() => void) => {
    for (const wanted of wantedBy(world)) guard(wanted, [adapter])
    attached.push(adapter)
    return () => void attached.splice(attached.indexOf(adapter), 1)
  }
  return { guard, attach }
}

const keyName = (world: World, key: string): string => {
  const id = fingerprint(key)
  const record = [...world.keys.values()].find((known) => [known.id, known.name].includes(key) || known.id === id)
  return record?.name ?? id
}

const toFaultView = (world: World, fault: Fault.Fault): FaultView => {
  const { id, spec, struck } = fault
  // A fault may name a key by itself; what is shown never does.
  const shown = spec.key === undefined ? {} : { key: keyName(world, spec.key) }
  return { ...spec, ...shown, id, struck, on: Fault.isOn(fault, world.clock.now()) }
}

const removeFaults = ({ faults }: World, changes: Changes, isMeant: (fault: Fault.Fault) => boolean): boolean => {
  const found = faults.filter(isMeant)
  for (const fault of found) {
    faults.splice(faults.indexOf(fault), 1)
    changes.removed(fault)
  }
  return found.length > 0
}

/** Makes vendors. */
export const make = (options: Options = {}): Vendors => {
  const world = toWorld(options)
  const { clock, faults, journal, keys, limits, ordinals, replays } = world
  const { attach, guard } = makeAttachments(world)
  const changes = new Changes(world)
  let added = 0
  const removeFault = (id: string): boolean => removeFaults(world, changes, (fault) => fault.id === id)
  const addFault = (spec: Fault.FaultSpec): FaultHandle => {
    const fault = Fault.make(`f${added + 1}`, spec, clock.now())
    guard(wantedFor(fault))
    added++
    faults.push(fault)
    changes.look()
    return { id: fault.id, remove: () => void removeFault(fault.id) }
  }
  const setKey = (key: string, spec: Key.KeySpec): void => {
    const record = toRecord(world, key, spec)
    for (const kind of Key.kinds(record)) guard({ field: "key.state", kind, adapter: undefined })
    const place = slot(spec.vendor, record.id)
    const before = keys.get(place)
    keys.set(place, record)
    allow(world, record.account)
    if (before !== undefined) changes.replaced(before, record)
    changes.look()
  }
  const addRecording = (input: Recording.Recording): void => {
    const recording = Recording.make(input)
    if (recording.end === "half-close")
      guard({ field: "recording.end", kind: "halfclose.midstream", adapter: undefined })
    replays.add(recording)
  }
  const furnish = (): void => {
    for (const [key, spec] of Object.entries(options.keys ?? {})) setKey(key, spec)
    for (const fault of options.faults ?? []) addFault(fault)
    for (const recording of options.recordings ?? []) addRecording(recording)
  }
  furnish()
  return {
    journal,
    clock,
    seed: world.seed,
    setKey,
    removeKey: (key) => removeKey(world, key),
    clearKeys: () => keys.clear(),
    keys: () => [...keys.values()].map((record) => toKeyView(record, clock.now())),
    addFault,
    removeFault,
    clearFaults: () => void removeFaults(world, changes, () => true),
    faults: () => faults.map((fault) => toFaultView(world, fault)),
    reset: () => {
      for (const store of [keys, limits, ordinals, journal, replays]) store.clear()
      faults.splice(0)
      added = 0
      furnish()
    },
    attach,
    addRecording,
    health: (question) => Health.of(world, question),
    onChange: (listener) => changes.listen(listener),
    receive: (arrival) => {
      changes.look()
      const delivery = Delivery.receive(world, arrival)
      changes.look()
      return delivery
    }
  }
}
