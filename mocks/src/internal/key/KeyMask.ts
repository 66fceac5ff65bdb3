/**
 * What may be known of an API key outside of the request that carried it: a mask and a fingerprint.
 *
 * Keys are looked up by fingerprint, so no full key but those of the options is kept in memory, and none in the journal or
 * in an answer of the control endpoints. The mask shows the last four characters, as DeepSeek's own 401 does, and nothing of keys under 12 characters.
 */
import { hash } from "node:crypto"

/** `k` and eight hexadecimal digits of the SHA-256: stable between runs, useless to call a vendor with. */
export const fingerprint = (key: string): string => `k${hash("sha256", key).slice(0, 8)}`

/** `sk-****6f1c`, or `****` for a short key. */
export const mask = (key: string): string =>
  key.length < 12 ? "****" : `${key.startsWith("sk-") ? "sk-" : ""}****${key.slice(-4)}`
