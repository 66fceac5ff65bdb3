/**
 * What a face that speaks OpenAI's HTTP says when it cannot answer: a status and an OpenAI-shaped body, as data. This is
 * the one place that knows which status, type and code a failed call has.
 *
 * @see {@link https://platform.openai.com/docs/guides/error-codes} for the shape that clients expect
 */
import type { AttemptFailure, VendorError } from "../../failure/AttemptFailure.ts"
import type { FailoverError } from "../../failure/FailoverError.ts"
import { reasons } from "../../failure/Reason.ts"
import type { Trail } from "../../failure/Trail.ts"

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
  /** What the vendor said, as it said it, where that is the reason. */
  readonly vendor: VendorError | undefined
  /** Methods that would have been right. */
  readonly allow: string | undefined
}

const blank = { param: null, trail: [], retryAfter: undefined, vendor: undefined, allow: undefined } as const

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

/** True for a status that says: this request, as it is, will not do. Others would blame a key, or ask for a repeat. */
const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && !aboutCredentials.has(status) && status !== 408 && status !== 429

const rejected = (error: FailoverError, { message, reason, vendor }: AttemptFailure): Problem => {
  const { trail } = error
  const { code, status, type } = reasons[reason._tag].openai
  if (vendor !== undefined && code === undefined && aboutCredentials.has(vendor.status)) {
    return make({ status: 502, type: "upstream_error", code: "upstream_failed", message, trail })
  }
  return make({
    // An error inside HTTP 200, or in the dress of a server's own fault, is still the caller's.
    status: vendor !== undefined && isRefusal(vendor.status) ? vendor.status : status,
    type: vendor?.type ?? type,
    code: code ?? vendor?.code ?? null,
    param: vendor?.param ?? null,
    message: vendor?.message || message,
    trail,
    vendor
  })
}

/** The error of a call that its vendors failed: by OpenAI's code for the reason, else by ours. */
const failed = (
  fields: Pick<Problem, "message" | "retryAfter" | "trail">,
  { reason, vendor }: AttemptFailure,
  code: string
): Problem => {
  const openai = reasons[reason._tag].openai
  const known = openai.always ? openai.code : undefined
  const told = known === undefined ? {} : { vendor }
  return make({ ...fields, ...told, status: 502, type: "upstream_error", code: known ?? code })
}

/** True when asking again at once would only repeat what has been tried already: clients repeat a 5xx by themselves. */
export const isTriedOut = ({ retryAfter, status, trail }: Problem): boolean =>
  (status === 502 || status === 504) && trail.length > 0 && retryAfter === undefined

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
      return rejected(error, reason.failure)
    case "UpstreamFailed":
      return failed(fields, reason.failure, "upstream_failed")
    case "Broken":
      return failed(fields, reason.failure, "stream_interrupted")
    case "DeadlineExceeded":
      return make({ ...fields, status: 504, type: "timeout_error", code: "deadline_exceeded" })
  }
}

/** The body of an error answer, and the data of an error event. */
export const toBody = ({ code, message, param, trail, type, vendor }: Problem): string =>
  JSON.stringify({ error: { message, type, param, code }, understudy: { trail, vendor } })
