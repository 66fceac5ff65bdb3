/**
 * The state that requests meet: keys, account limits, faults, ordinals. `Vendors` changes it, `Director` reads it.
 */
import type { Clock } from "../../Clock.ts"
import type { Fault } from "../../Fault.ts"
import type { Writable } from "../../Journal.ts"
import type { KeyRecord } from "../../Key.ts"
import { each, type VendorName } from "../../VendorList.ts"
import { fingerprint } from "../key/KeyMask.ts"
import type { ChatRequest } from "../vendor/ChatRequest.ts"
import type { Switches } from "../vendor/Personality.ts"
import type { AccountLimits } from "./AccountLimits.ts"
import type { Script } from "./Answer.ts"
import type { Link } from "./Link.ts"
import type { Replays } from "./Replay.ts"

/** Decides a reply instead of the mock; nothing leaves it to the mock. */
export type Replies = (request: ChatRequest, vendor: VendorName) => string | Script | undefined

/** Who a request comes from, as its authorization says. */
export interface Caller {
  /** Empty when there is none. */
  readonly key: string
  /** Its fingerprint; empty without a key. */
  readonly keyId: string
  /** Where the key is kept at each vendor. */
  readonly places: Readonly<Record<VendorName, string>>
}

/** Everything that a response depends on besides the request. */
export interface World {
  readonly seed: number
  readonly clock: Clock
  readonly switches: Switches
  readonly acceptAnyKey: boolean
  readonly chunkDelay: number
  /** By vendor; none where answers take no time. */
  readonly links: { readonly [Vendor in VendorName]?: Link }
  readonly replies: Replies | undefined
  readonly journal: Writable
  /** By authorization, the keys of the options, which hold them anyway: whoever else comes is read and forgotten. */
  readonly callers: ReadonlyMap<string | undefined, Caller>
  /** By vendor and fingerprint. */
  readonly keys: Map<string, KeyRecord>
  readonly limits: AccountLimits
  readonly replays: Replays
  readonly faults: Array<Fault>
  /** Requests so far by vendor and fingerprint: the name of their stream of luck. */
  readonly ordinals: Map<string, number>
}

/** Where a key is kept. */
export const slot = (vendor: VendorName, keyId: string): string => `${vendor}:${keyId}`

/** Reads an `authorization`. */
export const callerOf = (authorization: string | undefined): Caller => {
  const key = /^Bearer\s+(\S+)/i.exec(authorization ?? "")?.[1] ?? ""
  const keyId = key === "" ? "" : fingerprint(key)
  return { key, keyId, places: each((_, name) => slot(name, keyId)) }
}
