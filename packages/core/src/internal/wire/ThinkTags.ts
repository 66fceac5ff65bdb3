/**
 * `<think>` tags in an answer's text, as many self-hosted models write their reasoning, become `reasoning_content`: what
 * clients show apart, and what is not sent back with the conversation.
 *
 * | the text begins                          | `leading`               | `opened`                                |
 * | ---------------------------------------- | ----------------------- | --------------------------------------- |
 * | `<think>why</think>so`                   | reasoning, then content | the same                                |
 * | `<think>why`, and ends                   | all is reasoning        | the same                                |
 * | `why</think>so`                          | content as it is        | reasoning, then content                 |
 * | `so`                                     | content as it is        | all is reasoning                        |
 *
 * `opened` is for models whose chat template ends in the opening tag (DeepSeek-R1 at some servers): nobody could tell that from
 * the first words of a stream, so the operator says it.
 *
 * **Details**
 *
 * - A tag may be cut anywhere between two pieces: what may be one is held back until it is one, or none.
 * - White space around the tags belongs to neither side and is left out. Only a tag at the very start counts: a text about tags
 *   keeps them.
 * - Content that is a list of parts is left as it is.
 */
import type * as Chat from "../../wire/ChatCompletion.ts"
import * as Chunk from "./Chunk.ts"
import * as Inspect from "./Inspect.ts"

/** Where the reasoning begins: behind a tag, or at once. */
export type ThinkTags = "leading" | "opened"

const opening = "<think>"
const closing = "</think>"

/** What a piece of text turned out to be. */
interface Split {
  readonly reasoning: string
  readonly content: string
}

/** Where the end of the text begins that may belong to the closing tag: the tag's first characters, white space before it. */
const mayCloseAt = (text: string): number => {
  let length = Math.min(closing.length - 1, text.length)
  while (length > 0 && !text.endsWith(closing.slice(0, length))) length--
  return text.slice(0, text.length - length).trimEnd().length
}

/** The text of one choice. */
class Splitter {
  #state: "start" | "thinking" | "after" | "done" = "start"
  #held = ""
  #thought = false
  readonly #tags: ThinkTags

  constructor(tags: ThinkTags) {
    this.#tags = tags
  }

  get isDone(): boolean {
    return this.#state === "done"
  }

  /** Takes the next piece. */
  push(piece: string): Split {
    const text = this.#held + piece
    this.#held = ""
    switch (this.#state) {
      case "start":
        return this.#start(text)
      case "thinking":
        return this.#think(text)
      case "after":
        return { reasoning: "", content: this.#settle(text) }
      case "done":
        return { reasoning: "", content: text }
    }
  }

  /** What was held back, now that its choice has finished. A finish that proves to be none leaves a thought open. */
  end(): Split {
    const held = this.#held
    this.#held = ""
    const isThinking = this.#state === "thinking" || (this.#state === "start" && this.#tags === "opened")
    if (!isThinking) this.#state = "done"
    return isThinking ? { reasoning: held.trimEnd(), content: "" } : { reasoning: "", content: held }
  }

  #start(text: string): Split {
    const said = text.trimStart()
    if (said.startsWith(opening)) {
      this.#state = "thinking"
      return this.#think(said.slice(opening.length))
    }
    if (opening.startsWith(said)) {
      this.#held = text
      return { reasoning: "", content: "" }
    }
    if (this.#tags === "opened") {
      this.#state = "thinking"
      return this.#think(text)
    }
    this.#state = "done"
    return { reasoning: "", content: text }
  }

  #think(text: string): Split {
    const said = this.#thought ? text : text.trimStart()
    const at = said.indexOf(closing)
    if (at >= 0) {
      this.#state = "after"
      return { reasoning: said.slice(0, at).trimEnd(), content: this.#settle(said.slice(at + closing.length)) }
    }
    const end = mayCloseAt(said)
    this.#held = said.slice(end)
    if (end > 0) this.#thought = true
    return { reasoning: said.slice(0, end), content: "" }
  }

  #settle(text: string): string {
    const said = text.trimStart()
    if (said !== "") this.#state = "done"
    return said
  }
}

const joined = (before: unknown, reasoning: string): string => (typeof before === "string" ? before : "") + reasoning

/** Splits the answer of one exchange as it comes. */
export class ThinkTagReader {
  readonly #tags: ThinkTags
  readonly #choices = new Map<number, Splitter>()

  constructor(tags: ThinkTags) {
    this.#tags = tags
  }

  /** The chunk with its reasoning apart; the same where nothing has to change. */
  chunk(chunk: Chat.ChatCompletionChunk): Chat.ChatCompletionChunk {
    const { choices } = chunk
    if (choices == null || choices.length === 0) return chunk
    let changed = false
    const split = choices.map((choice, position) => {
      const next = this.#choice(choice, position)
      changed ||= next !== choice
      return next
    })
    return changed ? { ...chunk, choices: split } : chunk
  }

  #choice(choice: Chat.ChunkChoice, position: number): Chat.ChunkChoice {
    const index = Chunk.indexIn(choice, position)
    let splitter = this.#choices.get(index)
    if (splitter === undefined) {
      splitter = new Splitter(this.#tags)
      this.#choices.set(index, splitter)
    }
    if (splitter.isDone) return choice
    const given = choice.delta?.content
    const text = typeof given === "string" ? given : ""
    let { content, reasoning } = splitter.push(text)
    if (Inspect.isFinish(choice.finish_reason)) {
      const rest = splitter.end()
      reasoning += rest.reasoning
      content += rest.content
    }
    if (content === text && reasoning === "") return choice
    const delta: Chat.ChatDelta = {
      ...choice.delta,
      content,
      ...(reasoning === "" ? {} : { reasoning_content: joined(choice.delta?.reasoning_content, reasoning) })
    }
    return { ...choice, delta }
  }
}

const splitMessage = (choice: Chat.ChatChoice, tags: ThinkTags): Chat.ChatChoice => {
  const { content, ...rest } = choice.message
  if (typeof content !== "string" || content === "") return choice
  const splitter = new Splitter(tags)
  const first = splitter.push(content)
  const last = splitter.end()
  const reasoning = first.reasoning + last.reasoning
  const said = first.content + last.content
  if (said === content && reasoning === "") return choice
  const { role, ...more } = rest
  const thought = reasoning === "" ? {} : { reasoning_content: joined(rest.reasoning_content, reasoning) }
  return { ...choice, message: { ...(role === undefined ? {} : { role }), content: said, ...more, ...thought } }
}

/** A whole answer with its reasoning apart; the same where nothing has to change. */
export const split = (completion: Chat.ChatCompletion, tags: ThinkTags): Chat.ChatCompletion => {
  const choices = completion.choices.map((choice) => splitMessage(choice, tags))
  return choices.every((choice, index) => choice === completion.choices[index])
    ? completion
    : { ...completion, choices }
}
