/**
 * From the one error of a ChatModel to the reasons of `effect/ai`. What may be repeated stays so, and what may not too:
 * `isRetryable` of both errors is always the same.
 */
import type * as ChatModelError from "@understudy/chat-model/ChatModelError"
import * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import type { Failure } from "../UnderstudyMetadata.ts"
import { toAttempts } from "./ResponseParts.ts"

type Vendor = ChatModelError.Rejected | ChatModelError.UpstreamFailed | ChatModelError.Broken

const toMetadata = ({
  reason,
  retryAfter,
  trail
}: ChatModelError.ChatModelError): { readonly understudy: Failure } => ({
  understudy: {
    reason: reason._tag,
    kind: "kind" in reason ? reason.kind : null,
    retryAfter: retryAfter ?? null,
    trail: toAttempts(trail).map((attempt) => ({ ...attempt }))
  }
})

const toHttp = ({ status }: Vendor): { readonly http?: typeof AiError.HttpContext.Type } =>
  status === undefined ? {} : { http: { response: { status, headers: {} } } }

const toRetryAfter = (millis: number | undefined): { readonly retryAfter?: Duration.Duration } =>
  millis === undefined ? {} : { retryAfter: Duration.millis(millis) }

/** A failure of the last vendor that the same call may get over. */
const fromPassing = (error: ChatModelError.ChatModelError, reason: Vendor): AiError.AiErrorReason => {
  const common = { metadata: toMetadata(error), ...toHttp(reason) }
  switch (reason.kind) {
    case "RateLimited":
      return new AiError.RateLimitError(common)
    case "ConnectionFailed":
    case "TimedOut":
    case "Interrupted": {
      const last = error.trail.at(-1)
      return new AiError.NetworkError({
        reason: "TransportError",
        method: "POST",
        url: `${last?.provider}/${last?.model}`,
        description: error.message,
        cause: error
      })
    }
    default:
      return new AiError.InternalProviderError({ ...common, description: error.message })
  }
}

/** A failure that stays until somebody sees to the keys or to the prompt. */
const fromLasting = (error: ChatModelError.ChatModelError, reason: Vendor): AiError.AiErrorReason => {
  const common = { metadata: toMetadata(error), ...toHttp(reason) }
  const description = error.message
  switch (reason.kind) {
    case "Unauthorized":
      return new AiError.AuthenticationError({ ...common, kind: "InvalidKey", description })
    case "PermissionDenied":
      return new AiError.AuthenticationError({ ...common, kind: "InsufficientPermissions", description })
    case "BalanceExhausted":
      return new AiError.QuotaExhaustedError(common)
    case "ContentFiltered":
      return new AiError.ContentPolicyError({ ...common, description })
    default:
      return new AiError.InvalidRequestError({ ...common, parameter: reason.param, description })
  }
}

/** The reason of an `AiError` for a ChatModel's error. */
export const fromChatModel = (error: ChatModelError.ChatModelError): AiError.AiErrorReason => {
  const { reason } = error
  const metadata = toMetadata(error)
  switch (reason._tag) {
    case "InvalidPrompt":
      return new AiError.InvalidRequestError({
        parameter: reason.field,
        constraint: `must be ${reason.allowed}, got ${reason.got}`,
        metadata
      })
    case "NoRoute":
      return new AiError.InvalidRequestError({ parameter: "model", description: error.message, metadata })
    case "Limited":
      return new AiError.RateLimitError({ ...toRetryAfter(reason.retryAfter), metadata })
    case "NoTarget":
    case "DeadlineExceeded":
    case "Closed":
      return new AiError.InternalProviderError({ description: error.message, metadata })
    default:
      return error.isRetryable ? fromPassing(error, reason) : fromLasting(error, reason)
  }
}
