/**
 * From the one error of a ChatModel to the reasons of `effect/ai`. What may be repeated stays so, and what may not too:
 * `isRetryable` of both errors is always the same.
 */
import type * as ChatModelError from "@understudy/chat-model/ChatModelError"
import type { ReasonTag } from "@understudy/core/failure/Reason"
import * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import type { Failure } from "../UnderstudyMetadata.ts"
import { toAttempts } from "./ResponseParts.ts"

type Vendor = Extract<ChatModelError.Reason, ChatModelError.VendorFailure>

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

/** What a reason is to `effect/ai`. */
const kinds: Readonly<
  Record<ReasonTag, "key" | "permission" | "quota" | "rate" | "transport" | "provider" | "content" | "request">
> = {
  Unauthorized: "key",
  BalanceExhausted: "quota",
  PermissionDenied: "permission",
  RateLimited: "rate",
  Overloaded: "provider",
  ServerFailed: "provider",
  ConnectionFailed: "transport",
  TimedOut: "transport",
  MalformedResponse: "provider",
  EmptyResponse: "provider",
  Interrupted: "transport",
  ModelNotFound: "request",
  ContextTooLong: "request",
  ContentFiltered: "content",
  Unsuited: "request",
  InvalidRequest: "request",
  Cancelled: "provider"
}

/** A failure of the last vendor that the same call may get over. */
const fromPassing = (error: ChatModelError.ChatModelError, reason: Vendor): AiError.AiErrorReason => {
  const common = { metadata: toMetadata(error), ...toHttp(reason) }
  switch (kinds[reason.kind]) {
    case "rate":
      return new AiError.RateLimitError(common)
    case "transport": {
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
  switch (kinds[reason.kind]) {
    case "key":
      return new AiError.AuthenticationError({ ...common, kind: "InvalidKey", description })
    case "permission":
      return new AiError.AuthenticationError({ ...common, kind: "InsufficientPermissions", description })
    case "quota":
      return new AiError.QuotaExhaustedError(common)
    case "content":
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
