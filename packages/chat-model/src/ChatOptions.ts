/**
 * How a model is to answer, and the one law by which options are merged.
 *
 * **Details**
 *
 * `merge(a, b)` is right-biased: a value of `b` replaces that of `a`, lists too; `undefined` inherits; `unset` removes what
 * was inherited. The fields of `extraBody` and of each vendor in `vendor` are options of their own: the law holds for each of
 * them. So `merge` is associative and `{}` is its identity, and the law is the same wherever options meet: the ChatModel's
 * defaults with a prompt's, a prompt's with later ones.
 *
 * **Gotchas**
 *
 * - What a vendor has beyond these goes into `extraBody`, under the vendor's own name: `{ repetition_penalty: 1.1 }`.
 * - `extraBody` wins over the option of the same wire name. `model`, `messages`, `stream`, `stream_options` and `n` are not
 *   taken there.
 *
 * **Example** (Defaults, and a prompt that departs from them)
 *
 * ```ts
 * import { ChatOptions } from "@understudy/chat-model/promise"
 *
 * const defaults: ChatOptions.ChatOptions = { model: "qwen3.8-flash", temperature: 0.7, stopSequences: ["END"] }
 * ChatOptions.merge(defaults, { temperature: 0, stopSequences: ChatOptions.unset })
 * // => { model: "qwen3.8-flash", temperature: 0, stopSequences: ChatOptions.unset }
 * ```
 *
 * **Example** (Not to think, whichever vendor answers)
 *
 * ```ts
 * import { ChatOptions, Prompt } from "@understudy/chat-model/promise"
 *
 * const brief: ChatOptions.ChatOptions = {
 *   vendor: { qwen: { enableThinking: false }, deepseek: { thinking: "disabled" } }
 * }
 * const prompt = Prompt.make("Tell me a joke", brief)
 * ```
 */

import type * as Vendors from "@understudy/core/provider/Vendors"
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

/** The options of one vendor. */
export type OptionsOf<Type extends Vendors.VendorType> = {
  readonly [Name in keyof Vendors.OptionsOf<Type>]: Vendors.OptionsOf<Type>[Name] | Unset | undefined
}

/**
 * Options of single vendors, by the type of their provider: what one has and not every other. Where several have a field of one wire
 * name (`thinking`), the last value given is meant for all of them.
 */
export type VendorOptions = {
  readonly [Type in Vendors.VendorType as string extends keyof Vendors.OptionsOf<Type> ? never : Type]?:
    | OptionsOf<Type>
    | undefined
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
  /** What one vendor has and others have not: an attempt at another vendor leaves it out. */
  readonly vendor: VendorOptions
  /** Fields put into the request as they are. */
  readonly extraBody: Readonly<Record<string, unknown>>
}

/** Options as they are given: each may be left out, `undefined` (inherit) or `unset` (remove). */
export type ChatOptions = {
  readonly [Name in keyof Fields]?:
    | (Name extends "extraBody" | "vendor" ? Fields[Name] : Fields[Name] | Unset)
    | undefined
}

/** Options as they are in force: what is not there is left to the vendor. */
export type Resolved = { readonly [Name in keyof Fields]?: Fields[Name] }

/** No options: the identity of `merge`. */
export const empty: ChatOptions = {}

type Bag = Readonly<Record<string, unknown>>

/** One value over another: bags that lie at most so deep are merged. */
const mergeValues = (left: unknown, right: unknown, depth: number): unknown => {
  if (right === undefined) return left
  if (depth === 0 || !Predicate.isObject(left) || !Predicate.isObject(right)) return right
  const merged = { ...left }
  for (const name of Object.keys(right)) merged[name] = mergeValues(left[name], right[name], depth - 1)
  return merged
}

/** Merges options from left to right: the later value wins. Every call merges and resolves: one object each is what it may take. */
export const merge = (...options: ReadonlyArray<ChatOptions>): ChatOptions => {
  const merged: Record<string, unknown> = {}
  for (const each of options) {
    const { extraBody, vendor } = merged
    for (const name of Object.keys(each)) {
      const value = each[name as keyof ChatOptions]
      if (value !== undefined) merged[name] = value
    }
    if (extraBody !== undefined) merged["extraBody"] = mergeValues(extraBody, each.extraBody, 1)
    if (vendor !== undefined) merged["vendor"] = mergeValues(vendor, each.vendor, 2)
  }
  return merged
}

const withoutUnset = (bag: Bag, depth: number): Record<string, unknown> => {
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(bag)) {
    const value = bag[name]
    if (value === undefined || value === unset) continue
    kept[name] = depth > 0 && Predicate.isObject(value) ? withoutUnset(value, depth - 1) : value
  }
  return kept
}

/**
 * What is in force when nothing more is merged: `unset` and `undefined` are gone.
 *
 * **Example** (What goes to a vendor)
 *
 * ```ts
 * import { ChatOptions } from "@understudy/chat-model/promise"
 *
 * ChatOptions.resolve({ model: "qwen3.8-flash", seed: undefined, stopSequences: ChatOptions.unset })
 * // => { model: "qwen3.8-flash" }
 * ```
 */
export const resolve = (options: ChatOptions): Resolved => {
  const resolved: Record<string, unknown> = {}
  for (const name of Object.keys(options)) {
    const value: unknown = options[name as keyof ChatOptions]
    if (value === undefined || value === unset) continue
    const isBag = (name === "extraBody" || name === "vendor") && Predicate.isObject(value)
    resolved[name] = isBag ? withoutUnset(value, name === "vendor" ? 1 : 0) : value
  }
  return resolved
}
