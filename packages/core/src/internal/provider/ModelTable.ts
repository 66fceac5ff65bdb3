/**
 * What a dialect knows of its vendor's models: an ordered table by name, the first row that fits wins. A name stands for
 * itself and for what follows it behind a dash (`qwen-plus`, `qwen-plus-2025-07-28`); `*` stands for anything.
 *
 * What no row says is unknown, and the vendor is asked.
 */
import * as Predicate from "effect/Predicate"
import type { ChatMessage, ModelRequest } from "../../wire/ChatCompletion.ts"

/** The models that a row is about, and what is known of them. */
export type ModelRow<Model> = readonly [names: ReadonlyArray<string>, model: Model]

/** Finds the row of a model; undefined where there is none. */
export type Find<Model> = (model: string) => Model | undefined

const toPattern = (name: string): RegExp => new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", ".*")}(-.*)?$`)

/** Makes a table. */
export const make = <Model>(rows: ReadonlyArray<ModelRow<Model>>): Find<Model> => {
  const table = rows.map(([names, model]) => ({ patterns: names.map(toPattern), model }))
  const found = new Map<string, Model | undefined>()
  return (name) => {
    if (found.has(name)) return found.get(name)
    const model = table.find(({ patterns }) => patterns.some((pattern) => pattern.test(name)))?.model
    // Names come from callers: what is remembered of them has a bound.
    if (found.size < 1_000) found.set(name, model)
    return model
  }
}

const media: ReadonlyMap<unknown, string> = new Map([
  ["image_url", "images"],
  ["input_image", "images"],
  ["image", "images"],
  ["video_url", "videos"],
  ["video", "videos"],
  ["input_audio", "audio"],
  ["audio_url", "audio"],
  ["file", "files"],
  ["input_file", "files"]
])

const mediumOf = (message: ChatMessage | null | undefined): string | undefined => {
  const content: unknown = message?.content
  if (!Array.isArray(content)) return undefined
  for (const part of content) {
    const medium = Predicate.hasProperty(part, "type") ? media.get(part.type) : undefined
    if (medium !== undefined) return medium
  }
  return undefined
}

/** What the messages of a request hold besides text: `images`, `audio`, ...; the first that there is. */
export const beyondText = (request: ModelRequest): string | undefined => {
  const { messages } = request
  if (!Array.isArray(messages)) return undefined
  for (const message of messages) {
    const medium = mediumOf(message)
    if (medium !== undefined) return medium
  }
  return undefined
}

/** True when the request has the model call a tool, this one or any: many vendors refuse that of a model that thinks. */
export const forcesTool = ({ tool_choice }: ModelRequest): boolean =>
  tool_choice === "required" || (Predicate.hasProperty(tool_choice, "type") && tool_choice.type === "function")

/** True when the request has a format for the answer. */
export const wantsFormat = ({ response_format }: ModelRequest): boolean =>
  Predicate.hasProperty(response_format, "type") &&
  (response_format.type === "json_object" || response_format.type === "json_schema")
