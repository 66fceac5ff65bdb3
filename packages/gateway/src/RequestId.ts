/**
 * Ids of requests: the caller's own where it can be trusted in a header and a log line, else a new one. New ones come from
 * a service, so that a test knows them beforehand.
 *
 * **Example** (Ids that a test can foresee)
 *
 * ```ts
 * import * as Layer from "effect/Layer"
 * import * as RequestId from "@understudy/gateway/RequestId"
 *
 * let count = 0
 * const ids = Layer.succeed(RequestId.RequestId, { next: () => `req_${++count}` })
 * ```
 */
import { randomBytes } from "node:crypto"
import * as Context from "effect/Context"

/** Makes ids. */
export interface RequestId {
  readonly next: () => string
}

/** A source of its own: 48 random bits that no other process has, then a count. */
const make = (): RequestId => {
  const prefix = `req_${randomBytes(6).toString("hex")}`
  let count = 0
  return { next: () => `${prefix}${(++count).toString(36).padStart(4, "0")}` }
}

/** The source in force. Default: `req_`, twelve random digits of this process, and a count. */
export const RequestId: Context.Reference<RequestId> = Context.Reference<RequestId>("understudy/gateway/RequestId", {
  defaultValue: make
})

/** Longest id of a caller's that is kept, in characters. */
export const maxLength = 128

/** True for an id that may go into headers and logs as it is: visible ASCII, 1 to 128 characters. */
export const isSane = (id: string): boolean => {
  if (id.length === 0 || id.length > maxLength) return false
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    if (code < 33 || code > 126) return false
  }
  return true
}
