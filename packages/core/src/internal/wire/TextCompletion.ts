/**
 * Text completions, the older of OpenAI's two wires: a prompt in, `choices[].text` out. Editors fill in code with it.
 *
 * A stream of them is read as if it were a chat's, its texts as the content of deltas, so that commit, end and folding are one
 * and the same; what goes out has `text` again. As with chat completions, every field that is not named passes through.
 */
import * as Predicate from "effect/Predicate"
import type * as Chat from "../../wire/ChatCompletion.ts"
import * as Inspect from "./Inspect.ts"

/** The body of `POST /completions`. */
export interface TextCompletionRequest extends Chat.ModelRequest {
  /** A text, a list of texts, or either as token numbers. */
  readonly prompt: unknown
  readonly stream?: boolean | null | undefined
  readonly stream_options?: Chat.ChatCompletionRequest["stream_options"]
}

/** One choice of an answer. */
export interface TextChoice extends Chat.Choice {
  readonly text: string
}

/** The whole answer. */
export interface TextCompletion extends Chat.ModelAnswer {
  readonly choices: ReadonlyArray<TextChoice>
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => Predicate.isObject(value)

const isText = (value: unknown): boolean => typeof value === "string" || typeof value === "number"

const mapChoices = (json: unknown, map: (choice: Fields) => unknown): unknown => {
  if (!isFields(json) || !Array.isArray(json["choices"])) return json
  return { ...json, choices: json["choices"].map((choice: unknown) => (isFields(choice) ? map(choice) : choice)) }
}

/** A frame of text as a chat's; what is none stays as it is. */
export const toChunk = (json: unknown): unknown =>
  mapChoices(json, (choice) => {
    const { text, ...rest } = choice
    return isText(text) && rest["delta"] == null ? { ...rest, delta: { content: String(text) } } : choice
  })

/** An answer as a chat's. */
export const toCompletion = (body: unknown): Chat.ChatCompletion =>
  mapChoices(body, (choice) => {
    const { text, ...rest } = choice
    return isText(text) ? { ...rest, message: { role: "assistant", content: String(text) } } : choice
  }) as Chat.ChatCompletion

/** A chat's content as a text; of a list, its parts that are texts. */
const textOf = (content: unknown): string => {
  if (isText(content)) return String(content)
  return Array.isArray(content)
    ? content.map((part) => (isFields(part) ? textOf(part["text"]) : textOf(part))).join("")
    : ""
}

const toText = <Said extends "delta" | "message">(
  choice: Chat.ChunkChoice | Chat.ChatChoice,
  name: Said
): TextChoice => {
  const { [name]: said, index, ...rest } = choice as Fields
  const { content, role: _, ...more } = (said ?? {}) as Chat.ChatDelta
  return {
    ...(index === undefined ? {} : { index: index as number }),
    text: textOf(content),
    logprobs: null,
    ...more,
    ...rest
  }
}

/** A chat's chunk as one of text. */
export const fromChunk = (chunk: Chat.ChatCompletionChunk): Chat.ChatCompletionChunk => ({
  ...chunk,
  object: "text_completion",
  choices: (chunk.choices ?? []).map((choice) => toText(choice, "delta"))
})

/** A chat's answer as one of text. */
export const fromCompletion = (completion: Chat.ChatCompletion): TextCompletion => ({
  ...completion,
  object: "text_completion",
  choices: completion.choices.map((choice) => toText(choice, "message"))
})

/** An answer with a text in every choice: some servers answer with a chat's. */
export const read = (body: TextCompletion): TextCompletion =>
  body.choices.every(({ text }) => typeof text === "string") ? body : fromCompletion(toCompletion(body))

const isChoice = (choice: unknown): choice is Fields =>
  isFields(choice) && (isText(choice["text"]) || isFields(choice["message"]))

/**
 * What is wrong with a parsed answer; a finished one may be empty, for where nothing is missing nothing is filled in.
 * `finishOf` reads its finish reasons.
 */
export const flawOf = (
  body: unknown,
  finishOf: (raw: unknown) => Inspect.Finish
): "malformed" | "empty" | "gaveUp" | undefined => {
  const choices = isFields(body) ? body["choices"] : undefined
  if (!Array.isArray(choices) || !choices.every(isChoice)) return "malformed"
  const finishes = choices.map((choice) => finishOf(choice["finish_reason"]))
  if (finishes.includes("gaveUp")) return "gaveUp"
  const says = choices.some(({ message, text }) =>
    Inspect.hasContent((message ?? { content: String(text) }) as Chat.ChatDelta)
  )
  return says || finishes.includes("complete") ? undefined : "empty"
}

/** How many choices a request asks for: `n` of each of its prompts. */
export const choicesOf = ({ n, prompt }: Fields): number => {
  const prompts = Array.isArray(prompt) && prompt.length > 0 && typeof prompt[0] !== "number" ? prompt.length : 1
  return prompts * (typeof n === "number" && Number.isSafeInteger(n) && n > 0 ? n : 1)
}
