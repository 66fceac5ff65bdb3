/**
 * How a model is to answer, and the one law by which options are merged.
 *
 * **Details**
 *
 * `merge(a, b)` is right-biased: a value of `b` replaces that of `a`, lists too; `undefined` inherits; `unset` removes what
 * was inherited. The fields of `extraBody` are options of their own: the law holds for each of them. So `merge` is
 * associative and `{}` is its identity, and the law is the same wherever options meet: the ChatModel's defaults with a
 * prompt's, a prompt's with later ones.
 *
 * **Gotchas**
 *
 * - What a vendor has beyond these goes into `extraBody`, under the vendor's own name: `{ enable_thinking: true }`.
 * - `extraBody` wins over the option of the same wire name. `model`, `messages`, `stream`, `stream_options` and `n` are not
 *   taken there.
 *
 * **Example** (Defaults, and a prompt that departs from them)
 *
 * ```ts
 * import { ChatOptions } from "@understudy/chat-model"
 *
 * const defaults: ChatOptions.ChatOptions = { model: "qwen-turbo", temperature: 0.7, stopSequences: ["END"] }
 * ChatOptions.merge(defaults, { temperature: 0, stopSequences: ChatOptions.unset })
 * // => { model: "qwen-turbo", temperature: 0, stopSequences: ChatOptions.unset }
 * ```
 */
import * as Predicate from "effect/Predicate"
import type { Tool, ToolChoice } from "./Tool.ts"

/** Removes what would be inherited. */
export const unset: unique symbol = Symbol.for("understudy/chat-model/ChatOptions/unset")

/** The type of `unset`. */
export type Unset = typeof unset

/** How the answer is to be written: free text, some JSON, or JSON that keeps to a schema. */
export type ResponseFormat =
  | "text"
  | "json"
  | {
      readonly schema: Readonly<Record<string, unknown>>
      /** Default: `response`. */
      readonly name?: string | undefined
      readonly description?: string | undefined
      /** Default: true. */
      readonly strict?: boolean | undefined
    }

/** What an answer has to be: a name and a JSON Schema, an object at its root. */
export interface OutputSchema {
  /** 1 to 64 letters, digits, `_` or `-`. */
  readonly name: string
  readonly schema: Readonly<Record<string, unknown>>
  /** Asks the vendor to keep exactly to the schema, where it can; default true. */
  readonly strict?: boolean | undefined
}

/** Every option, as it is in force. */
export interface Fields {
  /** The model to ask for; the route that matches the name decides who answers. */
  readonly model: string
  /** Wire name `temperature`; most vendors take 0 to 2. */
  readonly temperature: number
  /** Wire name `top_p`; above 0, up to 1. */
  readonly topP: number
  /** Wire name `top_k`; not every vendor takes it. */
  readonly topK: number
  /** Wire name `max_tokens`; at least 1. */
  readonly maxTokens: number
  /** Wire name `stop`. */
  readonly stopSequences: ReadonlyArray<string>
  /** Wire name `presence_penalty`; most vendors take -2 to 2. */
  readonly presencePenalty: number
  /** Wire name `frequency_penalty`; most vendors take -2 to 2. */
  readonly frequencyPenalty: number
  /** Wire name `seed`. */
  readonly seed: number
  readonly tools: ReadonlyArray<Tool>
  readonly toolChoice: ToolChoice
  readonly responseFormat: ResponseFormat
  /** Wins over `responseFormat`. A vendor that takes no schema is instructed to keep to it; see `StructuredOutput`. */
  readonly outputSchema: OutputSchema
  /** Wire name `reasoning_effort`: `low`, `medium`, `high`, or what the vendor has. */
  readonly reasoningEffort: string
  /** What belongs together: routes with `selection: affinity` keep it on one key. Never sent to a vendor. */
  readonly conversationId: string
  /** Fields put into the request as they are. */
  readonly extraBody: Readonly<Record<string, unknown>>
}

/** Options as they are given: each may be left out, `undefined` (inherit) or `unset` (remove). */
export type ChatOptions = {
  readonly [Name in keyof Fields]?: (Name extends "extraBody" ? Fields[Name] : Fields[Name] | Unset) | undefined
}

/** Options as they are in force: what is not there is left to the vendor. */
export type Resolved = { readonly [Name in keyof Fields]?: Fields[Name] }

/** No options: the identity of `merge`. */
export const empty: ChatOptions = {}

type Bag = Readonly<Record<string, unknown>>

/** Puts a bag's values over those of `into`. Every call merges and resolves: one object each is what it may take. */
const put = (into: Record<string, unknown>, bag: Bag): Bag => {
  for (const name of Object.keys(bag)) {
    const value = bag[name]
    if (value !== undefined) into[name] = value
  }
  return into
}

/** Merges options from left to right: the later value wins. */
export const merge = (...options: ReadonlyArray<ChatOptions>): ChatOptions => {
  const merged: Record<string, unknown> = {}
  for (const each of options) {
    const { extraBody } = merged
    put(merged, each)
    if (Predicate.isObject(extraBody) && Predicate.isObject(each.extraBody)) {
      merged["extraBody"] = put({ ...extraBody }, each.extraBody)
    }
  }
  return merged
}

const withoutUnset = (bag: Bag): Bag => {
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(bag)) {
    const value = bag[name]
    if (value !== undefined && value !== unset) kept[name] = value
  }
  return kept
}

/**
 * What is in force when nothing more is merged: `unset` and `undefined` are gone.
 *
 * **Example** (What goes to a vendor)
 *
 * ```ts
 * import { ChatOptions } from "@understudy/chat-model"
 *
 * ChatOptions.resolve({ model: "qwen-turbo", seed: undefined, stopSequences: ChatOptions.unset })
 * // => { model: "qwen-turbo" }
 * ```
 */
export const resolve = (options: ChatOptions): Resolved => {
  const resolved: Resolved = withoutUnset(options)
  return resolved.extraBody === undefined || !Predicate.isObject(resolved.extraBody)
    ? resolved
    : { ...resolved, extraBody: withoutUnset(resolved.extraBody) }
}
