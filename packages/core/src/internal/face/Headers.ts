/**
 * Response headers, as the flat list that `writeHead` takes: nothing is merged, copied or looked up. All values are made
 * safe for a header, and together they stay under 4 KB.
 */

import type { Trail } from "../../failure/Trail.ts"
import * as Attempts from "../../failure/Trail.ts"
import * as RetryAfter from "../wire/RetryAfter.ts"
import * as Problem from "./Problem.ts"

/** Names and values in turn. */
export type HeaderList = Array<string>

/** For `access-control-expose-headers`: names of the headers that a page may read. */
export const exposed =
  "x-request-id, x-understudy-route, x-understudy-provider, x-understudy-model, x-understudy-attempts, x-understudy-trail, x-should-retry, retry-after, x-ratelimit-limit-requests, x-ratelimit-remaining-requests, x-ratelimit-reset-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens"

/** Longest trail in a header, in characters; the error's body has the whole of it. */
export const maxTrail = 2_048

/** Longest name of a route, provider or model in a header. */
const maxName = 256

const visible = /^[\x20-\x7e]*$/

/** A value that may stand in a header: cut, and without what is not visible ASCII. */
export const toSafe = (value: string): string => {
  const short = value.length > maxName ? value.slice(0, maxName) : value
  return visible.test(short) ? short : short.replace(/[^\x20-\x7e]/g, "?")
}

/** The trail on one line, cut between two attempts when it is too long. */
export const toTrailLine = (trail: Trail): string => {
  const line = Attempts.toLine(trail)
  if (line.length <= maxTrail) return line
  const rest = (kept: number): string => `, ... ${trail.length - kept} more`
  for (let kept = trail.length - 1; kept > 0; kept--) {
    const shorter = Attempts.toLine(trail.slice(0, kept)) + rest(kept)
    if (shorter.length <= maxTrail) return shorter
  }
  return line.slice(0, maxTrail)
}

/** How a response came to be. */
export interface Provenance {
  readonly route: string | undefined
  readonly provider: string | undefined
  readonly model: string | undefined
  readonly trail: Trail
}

/** Appends the `x-understudy-*` headers of a response; the answer is the trail's line, if there is any. */
export const append = (headers: HeaderList, { model, provider, route, trail }: Provenance): string | undefined => {
  if (route !== undefined) headers.push("x-understudy-route", toSafe(route))
  if (provider !== undefined) headers.push("x-understudy-provider", toSafe(provider))
  if (model !== undefined) headers.push("x-understudy-model", toSafe(model))
  headers.push("x-understudy-attempts", String(Attempts.attempts(trail)))
  if (trail.length === 0) return undefined
  const line = toTrailLine(trail)
  headers.push("x-understudy-trail", line)
  return line
}

/** Appends the headers of a problem: when to ask again, and how the answer came to be, as far as it is known. */
export const appendProblem = (
  headers: HeaderList,
  problem: Problem.Problem,
  route: string | undefined
): string | undefined => {
  const { allow, retryAfter, trail } = problem
  if (retryAfter !== undefined) headers.push("retry-after", RetryAfter.format(retryAfter))
  if (Problem.isTriedOut(problem)) headers.push("x-should-retry", "false")
  if (allow !== undefined) headers.push("allow", allow)
  const target = trail.findLast(Attempts.isSent)
  return append(headers, { route, provider: target?.provider, model: target?.model, trail })
}
