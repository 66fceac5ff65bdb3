/** What fails a ChatModel's call fails a language model's, for the same reason. */
import { assert, describe, it } from "@effect/vitest"
import { ChatModelError, type Reason, type VendorFailure } from "@understudy/chat-model/ChatModelError"
import type * as Core from "@understudy/core/failure/Reason"
import * as Reasons from "@understudy/core/failure/Reason"
import type { Trail } from "@understudy/core/failure/Trail"
import type * as AiError from "effect/ai/AiError"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as AiReason from "../src/internal/AiReason.ts"
import * as Scripted from "./support/ScriptedLanguageModel.ts"

const about = { provider: "qwen", model: "qwen-turbo", key: "kabc", millis: 1 }

const trailOf = (...outcomes: ReadonlyArray<VendorFailure["kind"] | "ok">): Trail =>
  outcomes.map((outcome) => {
    if (outcome === "ok") return { _tag: "Ok", ...about, next: { _tag: "Answer" } }
    const reason = { _tag: outcome, retryAfter: undefined, code: "ECONNRESET", phase: "answer" } as Core.Reason
    return { _tag: "Failed", ...about, next: { _tag: "NextTarget" }, reason, afterContent: false, message: "no" }
  })

const vendor = (kind: VendorFailure["kind"], rest: Partial<VendorFailure> = {}): VendorFailure => ({
  kind,
  detail: "qwen said no",
  status: undefined,
  type: undefined,
  code: undefined,
  param: undefined,
  ...rest
})

const failed = (reason: Reason, ...outcomes: ReadonlyArray<VendorFailure["kind"] | "ok">): ChatModelError =>
  new ChatModelError({ message: "It failed.", reason, trail: trailOf(...outcomes) })

const upstream = (
  kind: VendorFailure["kind"],
  ...outcomes: ReadonlyArray<VendorFailure["kind"] | "ok">
): ChatModelError => failed({ _tag: "UpstreamFailed", ...vendor(kind) }, ...outcomes, kind)

const rejected = (kind: VendorFailure["kind"], rest?: Partial<VendorFailure>): ChatModelError =>
  failed({ _tag: "Rejected", ...vendor(kind, rest) }, kind)

const rows: ReadonlyArray<readonly [string, ChatModelError, AiError.AiErrorReason["_tag"]]> = [
  [
    "InvalidPrompt",
    failed({ _tag: "InvalidPrompt", field: "messages", got: "none", allowed: "a list" }),
    "InvalidRequestError"
  ],
  ["NoRoute", failed({ _tag: "NoRoute", model: "gpt", routes: [] }), "InvalidRequestError"],
  ["NoTarget", failed({ _tag: "NoTarget", route: "aliyun", retryAfter: 1000 }), "InternalProviderError"],
  ["Limited", failed({ _tag: "Limited", retryAfter: 1500 }, "RateLimited"), "RateLimitError"],
  ["DeadlineExceeded", failed({ _tag: "DeadlineExceeded", total: 10 }), "InternalProviderError"],
  ["Rejected: ContentFiltered", rejected("ContentFiltered"), "ContentPolicyError"],
  ["Rejected: ContextTooLong", rejected("ContextTooLong"), "InvalidRequestError"],
  ["Rejected: InvalidRequest", rejected("InvalidRequest", { param: "top_p", status: 400 }), "InvalidRequestError"],
  ["UpstreamFailed: Unauthorized", upstream("Unauthorized"), "AuthenticationError"],
  ["UpstreamFailed: PermissionDenied", upstream("PermissionDenied"), "AuthenticationError"],
  ["UpstreamFailed: BalanceExhausted", upstream("BalanceExhausted"), "QuotaExhaustedError"],
  ["UpstreamFailed: Unauthorized after Overloaded", upstream("Unauthorized", "Overloaded"), "InternalProviderError"],
  ["UpstreamFailed: Overloaded", upstream("Overloaded"), "InternalProviderError"],
  ["UpstreamFailed: RateLimited", upstream("RateLimited"), "RateLimitError"],
  ["UpstreamFailed: ConnectionFailed", upstream("ConnectionFailed"), "NetworkError"],
  ["UpstreamFailed: TimedOut", upstream("TimedOut"), "NetworkError"],
  ["Broken", failed({ _tag: "Broken", ...vendor("Interrupted") }, "ok"), "NetworkError"]
]

describe("errors", () => {
  it.each(rows)("%s is told as its reason of effect/ai", (_, error, tag) => {
    assert.strictEqual(AiReason.fromChatModel(error)._tag, tag)
  })

  const everything = [
    ...rows.map(([, error]) => error),
    ...Reasons.tags.flatMap((kind) => [upstream(kind), upstream(kind, "Overloaded"), rejected(kind)])
  ]

  it("is retryable exactly when the ChatModel's error is", () => {
    for (const error of everything) {
      assert.strictEqual(AiReason.fromChatModel(error).isRetryable, error.isRetryable, error.reason._tag)
    }
  })

  it("keeps field, constraint, wait and status", () => {
    const of = (name: string) =>
      AiReason.fromChatModel(rows.find(([row]) => row === name)?.[1] ?? upstream("Overloaded"))
    assert.include(of("InvalidPrompt").message, "parameter 'messages' must be a list, got none")
    assert.deepInclude(of("Rejected: InvalidRequest"), { parameter: "top_p" })
    assert.deepNestedInclude(of("Rejected: InvalidRequest"), { "http.response.status": 400 })
    const limited = of("Limited")
    assert(limited._tag === "RateLimitError" && limited.retryAfter !== undefined)
    assert.strictEqual(Duration.toMillis(limited.retryAfter), 1500)
    assert.deepNestedInclude(limited, {
      "metadata.understudy.reason": "Limited",
      "metadata.understudy.retryAfter": 1500
    })
    assert.deepNestedInclude(of("Broken"), { url: "qwen/qwen-turbo" })
  })

  it.effect.each(["generateText", "streamText"] as const)("fails %s with the AiError", (method) =>
    Effect.gen(function* () {
      const { layer } = Scripted.make(upstream("Unauthorized"))
      const prompt = "hi"
      const asked =
        method === "generateText"
          ? LanguageModel.generateText({ prompt })
          : Stream.runDrain(LanguageModel.streamText({ prompt }))
      const error = yield* Effect.flip(Effect.provide(Effect.asVoid(asked), layer))
      assert.deepInclude(error, { _tag: "AiError", module: "UnderstudyLanguageModel", method })
      assert.strictEqual(error.reason._tag, "AuthenticationError")
      assert.include(error.message, "It failed.")
    })
  )
})
