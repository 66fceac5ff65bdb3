/**
 * From the one error of a ChatModel to the AI SDK's. It is never retryable there: failover has repeated already what is worth
 * repeating at once, and two more rounds of the SDK's would repeat all of it. Whether asking later makes sense stands in `data`.
 */
import { APICallError } from "@ai-sdk/provider"
import type { ChatModelError as ModelError, Reason } from "@understudy/chat-model/ChatModelError"
import { ChatModelError } from "@understudy/chat-model/promise"
import { RetryAfter } from "@understudy/core/wire/Wire"
import { toJson } from "../UnderstudyMetadata.ts"

/** The HTTP status that a gateway would answer with. */
const statusOf = (reason: Reason): number => {
  switch (reason._tag) {
    case "InvalidPrompt":
      return 400
    case "NoRoute":
      return 404
    case "NoTarget":
    case "Closed":
      return 503
    case "Limited":
      return 429
    case "Rejected":
      return reason.status === undefined || reason.status < 400 ? 400 : reason.status
    case "UpstreamFailed":
    case "Broken":
      return 502
    case "DeadlineExceeded":
      return 504
  }
}

const toApiCallError = (error: ModelError, model: string): APICallError => {
  const { isRetryable, message, reason, retryAfter, trail } = error
  const last = trail.at(-1)
  const data = toJson({
    reason: reason._tag,
    kind: "kind" in reason ? reason.kind : undefined,
    isRetryable,
    retryAfter,
    trail
  })
  return new APICallError({
    message,
    url: last === undefined ? "understudy:" : `understudy://${last.provider}/${last.model}`,
    requestBodyValues: { model },
    statusCode: statusOf(reason),
    ...(retryAfter === undefined ? {} : { responseHeaders: { "retry-after": RetryAfter.format(retryAfter) } }),
    responseBody: JSON.stringify({ error: { message }, understudy: data }),
    data,
    isRetryable: false,
    cause: error
  })
}

/** The AI SDK's error for a ChatModel's; anything else as it is. */
export const from = (error: unknown, model: string): unknown =>
  error instanceof ChatModelError.ChatModelError ? toApiCallError(error, model) : error
