/** What the wizard found out, or the flags said: all that the files are written from. */
import type * as Redacted from "effect/Redacted"
import type { Vendor } from "../internal/Vendors.ts"

/** A vendor with its keys. */
export interface VendorAnswer {
  readonly vendor: Vendor
  readonly keys: ReadonlyArray<Redacted.Redacted<string>>
  /** Another address than the vendor's own. */
  readonly baseUrl: string | undefined
}

/** Everything. */
export interface Answers {
  /** Vendors that have keys. None: the files are written for the mock vendors. */
  readonly vendors: ReadonlyArray<VendorAnswer>
  /** The key that callers of the gateway must send; undefined leaves it open. */
  readonly consumerKey: Redacted.Redacted<string> | undefined
}

/** The environment variable that holds the consumer's key. */
export const consumerVariable = "UNDERSTUDY_CONSUMER_KEY"
