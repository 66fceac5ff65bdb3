/**
 * One failed attempt, as cheap data: the reason and the evidence for it. No stack, no Error: an Error is made once, at
 * the face. What is captured from the outside is cut to size and cleared of keys here, at the edge of capture.
 */
import * as Text from "../internal/wire/Text.ts"
import type { Reason } from "./Reason.ts"

/** What the vendor answered, kept for the trail and for the caller whose own fault it was. */
export interface VendorError {
  readonly status: number
  readonly message: string
  readonly type?: string
  readonly code?: string
  readonly param?: string
  /** Further fields of the error, as far as they fit into `maxFields`. */
  readonly fields?: Readonly<Record<string, unknown>>
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

/** Most that is kept of an error's further fields, in characters of JSON. */
export const maxFields = 4_096

const bearer = /\bBearer\s+[^\s"'`,;]+/gi
const keyLike = /\bsk-[A-Za-z0-9_-]{4,}/g

/**
 * Clears a text of the vendor's or a transport's from what looks like a key, and of the given secrets, and cuts it.
 * DeepSeek's own masked tail (`****1234`) stays: it is the vendor's mask.
 */
export const redact = (text: string, secrets: ReadonlyArray<string> = []): string =>
  Text.cut(cleared(text, secrets), maxMessage)

const cleared = (text: string, secrets: ReadonlyArray<string>): string => {
  let clean = text
  for (const secret of secrets) if (secret.length > 0) clean = clean.replaceAll(secret, "<redacted>")
  return clean.replace(bearer, "Bearer <redacted>").replace(keyLike, "<redacted>")
}

/** One field as JSON; undefined where it cannot be written, because it is nested too deeply. */
const toJson = (name: string, value: unknown): string | undefined => {
  try {
    return JSON.stringify({ [name]: value })
  } catch {
    return undefined
  }
}

/** Clears fields of a vendor's likewise. One that does not fit is left out as a whole: half of it would be another. */
export const redactFields = (
  fields: Readonly<Record<string, unknown>>,
  secrets: ReadonlyArray<string> = []
): Readonly<Record<string, unknown>> | undefined => {
  const clean = (_: string, value: unknown): unknown => (typeof value === "string" ? cleared(value, secrets) : value)
  const kept: Record<string, unknown> = {}
  let left = maxFields
  for (const [name, value] of Object.entries(fields)) {
    const json = toJson(name, value)
    if (json === undefined || json.length > left) continue
    left -= json.length
    Object.assign(kept, JSON.parse(json, clean))
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}
