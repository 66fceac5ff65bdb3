/**
 * What a face that speaks OpenAI's HTTP says when it cannot answer: a status and an OpenAI-shaped body, as data. This is
 * the one place that knows which status, type and code a failed call has.
 *
 * @see {@link https://platform.openai.com/docs/guides/error-codes} for the shape that clients expect
 */
import type { FailoverError, Trail } from "../failure/FailoverError.ts"

/** One error answer. */
export interface Problem {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly code: string | null
  /** The field of the request that is at fault. */
  readonly param: string | null
  readonly trail: Trail
  /** Milliseconds after which asking again is worth it. */
  readonly retryAfter: number | undefined
  /** Methods that would have been right. */
  readonly allow: string | undefined
}

const blank = { param: null, trail: [], retryAfter: undefined, allow: undefined } as const

/** Makes a problem; what is left out is not there. */
export const make = (fields: Partial<Problem> & Pick<Problem, "status" | "type" | "code" | "message">): Problem => ({
  ...blank,
  ...fields
})

/** The caller's request cannot be used as it is. */
export const badRequest = (message: string, param: string | null = null, code: string | null = null): Problem =>
  make({ status: 400, type: "invalid_request_error", code, message, param })

/** Longest name of a model that is repeated, in characters. */
const maxName = 256

/** No model of that name, as far as this caller is told. */
export const noSuchModel = (model: string): Problem =>
  make({
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    param: "model",
    message: `The model "${model.slice(0, maxName)}" does not exist here, or you may not use it. GET /v1/models lists those that you may.`
  })

// The caller's key was good, so a vendor's refusal of *our* credentials must not look like a refusal of theirs.
const aboutCredentials: ReadonlySet<number> = new Set([401, 403, 407])

const rejected = (error: FailoverError, reason: FailoverError["reason"] & { readonly _tag: "Rejected" }): Problem => {
  const { failure } = reason
  const { vendor } = failure
  const { trail } = error
  if (vendor !== undefined && aboutCredentials.has(vendor.status)) {
    return make({ status: 502, type: "upstream_error", code: "upstream_failed", message: failure.message, trail })
  }
  return make({
    // An error inside HTTP 200 is still the caller's fault.
    status: vendor === undefined || vendor.status < 400 ? 400 : vendor.status,
    type: vendor?.type ?? "invalid_request_error",
    code: vendor?.code ?? null,
    param: vendor?.param ?? null,
    message: vendor?.message || failure.message,
    trail
  })
}

/** True when asking again at once would only repeat what has been tried already: clients repeat a 5xx by themselves. */
export const isTriedOut = ({ status, trail }: Problem): boolean =>
  (status === 502 || status === 504) && trail.length > 0

/** The answer to a call that no target could answer. */
export const fromFailover = (error: FailoverError): Problem => {
  const { message, reason, retryAfter, trail } = error
  const fields = { message, retryAfter, trail }
  switch (reason._tag) {
    case "NoRoute":
      return make({ ...fields, status: 404, type: "invalid_request_error", code: "model_not_found", param: "model" })
    case "NoTarget":
      return make({ ...fields, status: 503, type: "server_error", code: "no_target_available" })
    case "Limited":
      return make({ ...fields, status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" })
    case "Rejected":
      return rejected(error, reason)
    case "UpstreamFailed":
      return make({ ...fields, status: 502, type: "upstream_error", code: "upstream_failed" })
    case "Broken":
      return make({ ...fields, status: 502, type: "upstream_error", code: "stream_interrupted" })
    case "DeadlineExceeded":
      return make({ ...fields, status: 504, type: "timeout_error", code: "deadline_exceeded" })
  }
}

/** The body of an error answer, and the data of an error event. */
export const toBody = ({ code, message, param, trail, type }: Problem): string =>
  JSON.stringify({ error: { message, type, param, code }, understudy: { trail } })
