/**
 * What the gateway says when it cannot answer: a status and an OpenAI-shaped body, as data. This is the one place that
 * knows which status, type and code an error has; `Exchange` writes it.
 *
 * @see {@link https://platform.openai.com/docs/guides/error-codes} for the shape that clients expect
 */
import type { FailoverError, Trail } from "@understudy/core/failure/FailoverError"

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

const make = (fields: Partial<Problem> & Pick<Problem, "status" | "type" | "code" | "message">): Problem => ({
  ...blank,
  ...fields
})

/** The caller's request cannot be used as it is. */
export const badRequest = (message: string, param: string | null = null, code: string | null = null): Problem =>
  make({ status: 400, type: "invalid_request_error", code, message, param })

/** The body is larger than the gateway takes; `size` is a lower bound where the caller did not state it. */
export const tooLarge = (limit: number, size: number, stated: boolean): Problem =>
  make({
    status: 413,
    type: "invalid_request_error",
    code: "request_too_large",
    message: `The request body has ${stated ? "" : "at least "}${size} bytes, and this gateway takes at most ${limit}. Send less, or raise \`maxBody\`.`
  })

/** A body in an encoding that the gateway does not decode. */
export const unknownEncoding = (encoding: string): Problem =>
  make({
    status: 415,
    type: "invalid_request_error",
    code: "unsupported_content_encoding",
    message: `The request body has content-encoding "${encoding}". Send it as plain JSON, without an encoding.`
  })

const whereKeysGo = "Send one as `Authorization: Bearer KEY`, `x-api-key: KEY` or `api-key: KEY`."

/** No consumer's key, or a wrong one. The key itself is never told. */
export const unauthorized = (sent: boolean): Problem =>
  make({
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: `${sent ? "The API key of this request is not one of this gateway's consumers'." : "This gateway wants an API key."} ${whereKeysGo}`
  })

/** A web page of another site calls a gateway that asks nobody for a key. */
export const crossSite: Problem = make({
  status: 403,
  type: "invalid_request_error",
  code: "cross_site_refused",
  message:
    "This gateway is open (no consumers are configured), so it does not answer web pages of other sites. Configure a consumer and send its key."
})

/** The consumer may not use the model. */
export const forbiddenModel = (consumer: string, model: string, allowed: ReadonlyArray<string>): Problem =>
  make({
    status: 403,
    type: "invalid_request_error",
    code: "model_not_allowed",
    param: "model",
    message: `Consumer "${consumer}" may not use model "${model}". Allowed: ${allowed.join(", ") || "none"}.`
  })

const endpoints = "POST /v1/chat/completions, POST /v1/embeddings, GET /v1/models, GET /healthz, GET /readyz"

/** Nothing is served at the path. */
export const notFound = (method: string, path: string): Problem => {
  const hint = /\/(chat\/completions|embeddings|models)$/.test(path) ? " Does the base URL end in /v1?" : ""
  const message = `${method} ${path} does not exist here.${hint} There is: ${endpoints}.`
  return make({ status: 404, type: "invalid_request_error", code: "unknown_url", message })
}

/** The path exists, but not for this method. */
export const wrongMethod = (method: string, path: string, allow: string): Problem =>
  make({
    status: 405,
    type: "invalid_request_error",
    code: "method_not_allowed",
    message: `${path} does not take ${method}. It takes: ${allow}.`,
    allow
  })

/** A fault of the gateway's own. What it is stands in the log, under the request's id. */
export const internal = (id: string): Problem =>
  make({
    status: 500,
    type: "server_error",
    code: "internal_error",
    message: `The gateway failed. Its log says why, under request id ${id}.`
  })

/** The gateway stops before the answer is there. */
export const shuttingDown: Problem = make({
  status: 503,
  type: "server_error",
  code: "shutting_down",
  message: "The gateway was stopped before this request was answered. Ask again."
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

/** True when asking again at once would only repeat what the gateway has tried already: clients repeat a 5xx by themselves. */
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
