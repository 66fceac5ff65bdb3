/**
 * What Understudy says about an answer, under `metadata.understudy` of its parts: importing this package types them.
 *
 * **Example** (Every attempt of a call)
 *
 * ```ts
 * import * as LanguageModel from "effect/ai/LanguageModel"
 * import * as Effect from "effect/Effect"
 * import type {} from "@understudy/effect-ai"
 *
 * const attempts = LanguageModel.generateText({ prompt: "Tell me a joke" }).pipe(
 *   Effect.map(({ content }) => content.find((part) => part.type === "finish")?.metadata.understudy?.trail)
 * )
 * ```
 */
import type { AttemptRecord } from "@understudy/core/failure/Trail"
import type * as Schema from "effect/Schema"

/** A value as JSON holds it: what may be undefined may be missing. */
type Json<Value> = Value extends object
  ? { readonly [Name in keyof Value as undefined extends Value[Name] ? never : Name]: Json<Value[Name]> } & {
      readonly [Name in keyof Value as undefined extends Value[Name] ? Name : never]?: Json<
        Exclude<Value[Name], undefined>
      >
    }
  : Value

/** Without what the vendor billed, whichever kind of entry it is. */
type Unbilled<Value> = Value extends AttemptRecord ? Omit<Value, "usage"> : never

/** One attempt: what the core's trail says of it, without what the vendor billed. */
export type Attempt = Json<Unbilled<AttemptRecord>>

/** Who answers. */
export type Head = {
  readonly route: string
  readonly provider: string
  /** The attempts so far, the one that answers included. */
  readonly trail: ReadonlyArray<Attempt>
}

/** How the answer ended. */
export type End = {
  /** The vendor's own word; null when it sent none. */
  readonly finishReason: string | null
  /** Every attempt of the call. */
  readonly trail: ReadonlyArray<Attempt>
}

/** What kind of text a block holds. */
export type Text = {
  /** True when the model declined. */
  readonly refusal: boolean
}

/** What is known of a failed call. */
export type Failure = {
  /** The reason of the `ChatModelError`. */
  readonly reason: string
  /** What the last vendor's failure meant, where there was one. */
  readonly kind: string | null
  /** Milliseconds after which asking again is worth it, where that is known. */
  readonly retryAfter: number | null
  readonly trail: Array<Schema.MutableJson>
}

declare module "effect/ai/Response" {
  interface ResponseMetadataPartMetadata {
    readonly understudy?: Head | null
  }
  interface FinishPartMetadata {
    readonly understudy?: End | null
  }
  interface TextPartMetadata {
    readonly understudy?: Text | null
  }
  interface TextStartPartMetadata {
    readonly understudy?: Text | null
  }
}

declare module "effect/ai/Prompt" {
  interface TextPartOptions {
    readonly understudy?: Text | null
  }
}
