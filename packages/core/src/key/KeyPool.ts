/**
 * The API keys of one provider: draws one for an attempt, and learns from how the attempt ended.
 *
 * The pool is synchronous state; the clock and luck are handed in. A draw is a lease that remembers when it was made, so
 * that the late result of an older state is ignored: twenty calls in flight on a bad key remove it once, and a success
 * that began before the removal does not restore it.
 *
 * @see KeyState for the transitions, KeyProbe for the way back
 */
import type { Random } from "effect/Random"
import { type KeyEffect, type Reason, type ReasonTag, reasons, retryAfterOf } from "../failure/Reason.ts"
import type { KeyPolicy } from "../internal/key/KeyPolicy.ts"
import * as Selection from "../internal/key/Selection.ts"
import type { Listener } from "../telemetry/Event.ts"
import * as ApiKey from "./ApiKey.ts"
import * as KeyState from "./KeyState.ts"

/** What the pool knows of a key; handed on to the pool of a reloaded configuration. */
interface Health {
  state: KeyState.KeyState
  /** The pool's ordinal at the last change of `state`. */
  changedAt: number
  /** By model and reason. */
  readonly models: Map<string, Map<ReasonTag, CoolDown>>
}

/** One reason's cool-down of a key for a model, and the pool's ordinal when it began. */
interface CoolDown {
  readonly state: KeyState.Cooling
  readonly changedAt: number
}

/** What a pool shares with those before and after a reload. */
interface Shared {
  /** Counts changes, and so orders the leases of all of them. */
  ordinal: number
  /** The latest pool's: a call from before the reload may still take a key out, and only the latest probes. */
  onRemoved: (key: ApiKey.ApiKey) => void
}

/** A key's place in the pool. */
interface Entry {
  readonly key: ApiKey.ApiKey
  readonly health: Health
}

/** A key drawn for one attempt. */
export interface Lease {
  readonly key: ApiKey.ApiKey
  readonly model: string
  /** The pool's ordinal at the draw. */
  readonly drawnAt: number
}

/** What became of a key, named by its value's hash, for those who share its state: its own state, or one cool-down for a model. */
export type KeyChange =
  | { readonly _tag: "Key"; readonly key: string; readonly state: KeyState.KeyState }
  | {
      readonly _tag: "KeyModel"
      readonly key: string
      readonly model: string
      readonly reason: ReasonTag
      /** Undefined when it is over before its time. */
      readonly state?: KeyState.Cooling | undefined
    }

/** A key and its states, for people: without its value. */
export interface Snapshot {
  readonly id: string
  readonly name: string
  readonly account: string
  readonly state: KeyState.KeyState
  readonly models: Readonly<Record<string, KeyState.KeyState>>
}

/** Settings of a pool. */
export interface Options {
  readonly provider: string
  readonly keys: ReadonlyArray<ApiKey.ApiKey>
  readonly policy: KeyPolicy
  readonly selection: Selection.Selection
  readonly listener: Listener
  /** Told once for each removal: starts the key's probe. */
  readonly onRemoved: (key: ApiKey.ApiKey) => void
  /** Told what this pool finds out by itself, and not what it has heard. Default: nobody. */
  readonly onChanged?: (change: KeyChange) => void
}

/** What a draw takes into account. */
export interface DrawOptions {
  readonly model: string
  readonly now: number
  readonly random: Random
  /** Ids of keys that this call has used already. */
  readonly exclude: ReadonlySet<string>
  /** Accounts that this call has found limited or without money. */
  readonly excludeAccounts: ReadonlySet<string>
  readonly affinity: string | undefined
}

/** Keys of one provider. */
export class KeyPool {
  readonly options: Options
  readonly #entries: ReadonlyArray<Entry>
  readonly #byHash: ReadonlyMap<string, Entry>
  readonly #shared: Shared

  /** Makes a pool; with a `previous` one, keys of the same value keep what is known of them. */
  constructor(options: Options, previous?: KeyPool) {
    const keys = options.keys.length === 0 ? [ApiKey.none] : ApiKey.distinct(options.keys)
    this.options = options
    this.#shared = previous === undefined ? { ordinal: 0, onRemoved: options.onRemoved } : previous.#shared
    this.#shared.onRemoved = options.onRemoved
    const before = previous === undefined ? new Map<string, Entry>() : previous.#byHash
    this.#entries = keys.map((key) => ({
      key,
      health: before.get(key.hash)?.health ?? { state: KeyState.available, changedAt: 0, models: new Map() }
    }))
    this.#byHash = new Map(this.#entries.map((entry) => [entry.key.hash, entry]))
  }

  /** Starts the probes of keys that a previous pool had removed. */
  resume(): void {
    for (const { health, key } of this.#entries) if (health.state._tag === "Removed") this.#shared.onRemoved(key)
  }

  /** Every key. */
  get keys(): ReadonlyArray<ApiKey.ApiKey> {
    return this.#entries.map((entry) => entry.key)
  }

  /** Draws a usable key. */
  draw(options: DrawOptions): Lease | undefined {
    const { affinity, exclude, excludeAccounts, model, now, random } = options
    const usable: Array<ApiKey.ApiKey> = []
    for (const entry of this.#entries) {
      const { models, state } = entry.health
      const isWell = state === KeyState.available && models.size === 0
      const isOpen = !exclude.has(entry.key.id) && !excludeAccounts.has(entry.key.account)
      if (isOpen && (isWell || isUsable(entry, model, now))) usable.push(entry.key)
    }
    const [first] = usable
    const key = usable.length > 1 ? Selection.draw(usable, this.options.selection, affinity, random) : first
    return key === undefined ? undefined : { key, model, drawnAt: this.#shared.ordinal }
  }

  /** A usable key, else the one that is due back first: for a call that has nowhere else to go. */
  drawLastResort(options: DrawOptions): Lease | undefined {
    // A removed key whose probe is under way is due at once as well, and yet no match for one that works.
    const usable = this.draw(options)
    if (usable !== undefined) return usable
    let best: Entry | undefined
    let bestDue = Number.POSITIVE_INFINITY
    for (const entry of this.#entries) {
      const isOpen = !options.exclude.has(entry.key.id) && !options.excludeAccounts.has(entry.key.account)
      const due = isOpen ? dueIn(entry, options.model, options.now) : undefined
      if (due !== undefined && due < bestDue) {
        best = entry
        bestDue = due
      }
    }
    return best && { key: best.key, model: options.model, drawnAt: this.#shared.ordinal }
  }

  /** Milliseconds to wait before a leased key is used: until its limit is over; one that is out for itself is tried at once. */
  waitFor(lease: Lease, now: number): number {
    const entry = this.#byHash.get(lease.key.hash)
    if (entry === undefined || entry.health.state._tag === "Removed") return 0
    return isLimited(entry, lease.model, now) ? (dueIn(entry, lease.model, now) ?? 0) : 0
  }

  /** True when a leased key may be used by anybody now. */
  isUsable(lease: Lease, now: number): boolean {
    const entry = this.#byHash.get(lease.key.hash)
    return entry !== undefined && isUsable(entry, lease.model, now)
  }

  /** True when a key waits for the end of a limit on the model. */
  isLimited(model: string, now: number): boolean {
    return this.#entries.some((entry) => isLimited(entry, model, now))
  }

  /** True when a key is usable for the model. */
  hasUsable(model: string, now: number): boolean {
    return this.#entries.some((entry) => isUsable(entry, model, now))
  }

  /** Why keys are not usable for the model, each reason once; empty when all are. */
  outFor(model: string, now: number): ReadonlyArray<ReasonTag> {
    const reasons = this.#entries.flatMap(({ health: { models, state } }) => {
      const out = KeyState.isUsable(state, now) ? longest(models.get(model)) : state
      return KeyState.isUsable(out, now) || !("reason" in out) ? [] : out.reason
    })
    return [...new Set(reasons)]
  }

  /** Milliseconds until the first key may be back; undefined when none is ever. */
  dueIn(model: string, now: number): number | undefined {
    const due = this.#entries.map((entry) => dueIn(entry, model, now)).filter((millis) => millis !== undefined)
    return due.length === 0 ? undefined : Math.min(...due)
  }

  /** An answer came. */
  succeeded(lease: Lease): void {
    const entry = this.#byHash.get(lease.key.hash)
    if (entry === undefined) return
    const { changedAt, models, state } = entry.health
    const forModel = models.get(lease.model)
    for (const [reason, { changedAt }] of forModel ?? [])
      if (changedAt <= lease.drawnAt) this.#clear(entry, lease.model, reason)
    if (state === KeyState.available) return
    if (changedAt <= lease.drawnAt) this.#set(entry, KeyState.succeed(state), undefined)
  }

  /** An attempt failed: carries out what the decision table says about the key. */
  failed(lease: Lease, effect: KeyEffect, reason: Reason, now: number, random: Random): void {
    const entry = this.#byHash.get(lease.key.hash)
    if (entry === undefined || effect === "none") return
    if (effect === "coolModel") return this.#coolModel([entry], lease, reason, now, random)
    const account = this.#entries.filter((other) => other.key.account === entry.key.account)
    if (effect === "coolAccountModel") return this.#coolModel(account, lease, reason, now, random)
    // A provider without keys has nothing to take out.
    if (entry.key.value === undefined || entry.health.changedAt > lease.drawnAt) return
    if (effect === "count")
      this.#set(entry, KeyState.fail(entry.health.state, reason._tag, now, this.options.policy), now)
    else for (const each of account) this.#removeOnce(each, reason._tag, now)
  }

  /** A probe of a removed key ended; the state tells whether and when to probe again. */
  probed(key: ApiKey.ApiKey, ok: boolean, now: number, random: Random): KeyState.KeyState {
    const entry = this.#byHash.get(key.hash)
    if (entry === undefined) return KeyState.available
    const state = KeyState.probed(entry.health.state, ok, now, this.options.policy, random.nextDoubleUnsafe())
    const nextProbeIn = state._tag === "Removed" ? state.nextProbeAt - now : undefined
    this.#emit({ _tag: "KeyProbed", provider: this.options.provider, key: key.id, ok, nextProbeIn })
    this.#set(entry, state, now)
    return entry.health.state
  }

  /** An operator takes a key out, or lets it in again whatever it is out for; false when there is no key of that id or name. */
  setEnabled(idOrName: string, enabled: boolean): boolean {
    const entry = this.#entries.find(({ key }) => key.id === idOrName || key.name === idOrName)
    if (entry === undefined) return false
    const { health } = entry
    if (enabled)
      for (const [model, forModel] of health.models)
        for (const reason of forModel.keys()) this.#clear(entry, model, reason)
    if (enabled ? health.state._tag !== "Available" : health.state._tag !== "Disabled")
      this.#set(entry, enabled ? KeyState.available : { _tag: "Disabled" }, undefined)
    return true
  }

  /** Another replica has found out something; what is the same again changes nothing. */
  heard(change: KeyChange, now: number): void {
    const entry = this.#byHash.get(change.key)
    if (entry === undefined) return
    if (change._tag === "Key") return this.#become(entry, change.state, now)
    if (change.state === undefined) this.#forget(entry, change.model, change.reason)
    else if (entry.health.models.get(change.model)?.get(change.reason)?.state !== change.state)
      this.#cool(entry, change.model, change.state, now)
  }

  /** The state of a key. */
  stateOf(key: ApiKey.ApiKey): KeyState.KeyState {
    return this.#byHash.get(key.hash)?.health.state ?? KeyState.available
  }

  /** Every key with its states. */
  snapshot(): ReadonlyArray<Snapshot> {
    return this.#entries.map(({ health: { models, state }, key }) => ({
      id: key.id,
      name: key.name,
      account: key.account,
      state,
      models: Object.fromEntries([...models].map(([model, of]) => [model, longest(of)]))
    }))
  }

  #removeOnce(entry: Entry, reason: ReasonTag, now: number): void {
    if (entry.health.state._tag === "Removed" || entry.health.state._tag === "Disabled") return
    this.#set(entry, KeyState.remove(reason, now, this.options.policy), now)
  }

  #coolModel(entries: ReadonlyArray<Entry>, lease: Lease, reason: Reason, now: number, random: Random): void {
    for (const entry of entries) {
      const { health, key } = entry
      const known = health.models.get(lease.model)?.get(reason._tag)
      if (known !== undefined && known.changedAt > lease.drawnAt) continue
      const draw = random.nextDoubleUnsafe()
      const state = KeyState.cool(known?.state, reason._tag, retryAfterOf(reason), now, this.options.policy, draw)
      this.#cool(entry, lease.model, state, now)
      const { model } = lease
      this.options.onChanged?.({ _tag: "KeyModel", key: key.hash, model, reason: reason._tag, state })
    }
  }

  #cool({ health, key }: Entry, model: string, state: KeyState.Cooling, now: number): void {
    const forModel = health.models.get(model) ?? new Map<ReasonTag, CoolDown>()
    forModel.set(state.reason, { state, changedAt: ++this.#shared.ordinal })
    health.models.set(model, forModel)
    // A limit within the time for which the key is forbidden is no news to anybody yet.
    if (longest(forModel) !== state) return
    const millis = KeyState.dueIn(state, now) ?? 0
    this.#emit({ _tag: "KeyCooling", provider: this.options.provider, key: key.id, model, millis })
  }

  #clear(entry: Entry, model: string, reason: ReasonTag): void {
    this.#forget(entry, model, reason)
    this.options.onChanged?.({ _tag: "KeyModel", key: entry.key.hash, model, reason, state: undefined })
  }

  #forget({ health: { models } }: Entry, model: string, reason: ReasonTag): void {
    const forModel = models.get(model)
    forModel?.delete(reason)
    if (forModel?.size === 0) models.delete(model)
  }

  #set(entry: Entry, state: KeyState.KeyState, now: number | undefined): void {
    const before = entry.health.state
    if (before === state) return
    this.#become(entry, state, now)
    // One failure of several is this replica's own affair; each probe is news.
    if (before._tag !== state._tag || state._tag === "Removed")
      this.options.onChanged?.({ _tag: "Key", key: entry.key.hash, state })
  }

  #become(entry: Entry, state: KeyState.KeyState, now: number | undefined): void {
    const before = entry.health.state
    entry.health.state = state
    const isSameRemoval = before._tag === "Removed" && state._tag === "Removed" && before.since === state.since
    if (isSameRemoval || (before._tag === state._tag && state._tag !== "Removed")) return
    entry.health.changedAt = ++this.#shared.ordinal
    const { provider } = this.options
    if (state._tag === "Removed") {
      const nextProbeIn = state.nextProbeAt - (now ?? state.since)
      if (before._tag !== "Removed")
        this.#emit({ _tag: "KeyRemoved", provider, key: entry.key.id, reason: state.reason, nextProbeIn })
      this.#shared.onRemoved(entry.key)
    } else if (state._tag === "Available") this.#emit({ _tag: "KeyRestored", provider, key: entry.key.id })
  }

  #emit(event: Parameters<Listener["emit"]>[0]): void {
    this.options.listener.emit(event)
  }
}

/** What keeps a key from a model the longest. */
const longest = (forModel: ReadonlyMap<ReasonTag, CoolDown> | undefined): KeyState.KeyState => {
  let last: KeyState.Cooling | undefined
  for (const { state } of forModel?.values() ?? []) if (last === undefined || state.until >= last.until) last = state
  return last ?? KeyState.available
}

const isUsable = ({ health: { models, state } }: Entry, model: string, now: number): boolean =>
  KeyState.isUsable(state, now) && (models.size === 0 || KeyState.isUsable(longest(models.get(model)), now))

const isLimited = ({ health: { models } }: Entry, model: string, now: number): boolean => {
  const state = longest(models.get(model))
  return state._tag === "Cooling" && reasons[state.reason].about === "limit" && state.until > now
}

const dueIn = (entry: Entry, model: string, now: number): number | undefined => {
  const own = KeyState.dueIn(entry.health.state, now)
  const forModel = KeyState.dueIn(longest(entry.health.models.get(model)), now)
  return own === undefined || forModel === undefined ? undefined : Math.max(own, forModel)
}
