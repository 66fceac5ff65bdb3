/**
 * One failed attempt, as cheap data: the reason and the evidence for it. No stack, no Error: an Error is made once, at
 * the face. What is captured from the outside is cut to size and cleared of keys here, at the edge of capture.
 */
import * as Text from "../wire/Text.ts"
import type { Reason } from "./Reason.ts"

/** What the vendor answered, kept for the trail and for the caller whose own fault it was. */
export interface VendorError {
  readonly status: number
  readonly message: string
  readonly type?: string
  readonly code?: string
  readonly param?: string
}

/** Why one attempt failed and what is known about it. */
export interface AttemptFailure {
  readonly reason: Reason
  /** One line for a person: what failed, with which value. Holds no secret. */
  readonly message: string
  readonly vendor: VendorError | undefined
}

/** Makes a failure. */
export const make = (reason: Reason, message: string, vendor?: VendorError): AttemptFailure => ({
  reason,
  message,
  vendor
})

/** Longest message kept from a vendor, in characters. */
export const maxMessage = 600

const bearer = /\bBearer\s+[^\s"'`,;]+/gi
const keyLike = /\bsk-[A-Za-z0-9_-]{4,}/g

/**
 * Clears a text of the vendor's or a transport's from what looks like a key, and of the given secrets, and cuts it.
 * DeepSeek's own masked tail (`****1234`) stays: it is the vendor's mask.
 */
export const redact = (text: string, secrets: ReadonlyArray<string> = []): string => {
  let clean = text
  for (const secret of secrets) if (secret.length > 0) clean = clean.replaceAll(secret, "<redacted>")
  clean = clean.replace(bearer, "Bearer <redacted>").replace(keyLike, "<redacted>")
  return Text.cut(clean, maxMessage)
}
