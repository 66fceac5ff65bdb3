/**
 * From the wire to parts, the one way: chunks of a stream, and whole completions as a chunk whose delta is the message.
 *
 * What is tolerated, and tested: absent or null `choices`, a null `delta`, chunks that hold usage only, empty strings
 * beside the text that counts, reasoning under either of its names, content as a part or a list of them, a `function_call`,
 * a time in milliseconds. The choice that comes first is the answer, whatever its index; others are passed over, for `n` is
 * refused before anything is sent.
 */
import type { Head } from "@understudy/core/failover/Failover"
import type { Trail } from "@understudy/core/failure/Trail"
import type * as Chat from "@understudy/core/wire/ChatCompletion"
import { ToolCalls } from "@understudy/core/wire/Wire"
import * as Predicate from "effect/Predicate"
import type { BlockKind, ChatPart, ResponseMetadata } from "../../ChatPart.ts"
import * as FinishReason from "../../FinishReason.ts"
import * as Usage from "../../Usage.ts"
import { ToolCallMerger } from "../tools/ToolCallMerger.ts"

const textIn = (value: unknown): string => {
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.map((part: unknown) => (typeof part === "string" ? "" : textIn(part))).join("")
  return Predicate.hasProperty(value, "text") ? textIn(value.text) : ""
}

/** From here on a number is no second since 1970 that anybody means (the year 5138), but a millisecond. */
const firstMillis = 1e11

const filled = (text: unknown): string | undefined => (typeof text === "string" && text !== "" ? text : undefined)

/** Written out: a type that is put together for each part is compared letter by letter wherever parts are told apart. */
const types = {
  text: { start: "text-start", delta: "text-delta", end: "text-end" },
  reasoning: { start: "reasoning-start", delta: "reasoning-delta", end: "reasoning-end" },
  refusal: { start: "refusal-start", delta: "refusal-delta", end: "refusal-end" }
} as const satisfies Record<BlockKind, object>

/** Whole calls have a place instead of an index. */
const withIndexes = (message: Chat.ChatDelta): Chat.ChatDelta => {
  const { tool_calls, ...rest } = message
  if (!Array.isArray(tool_calls)) return rest
  return {
    ...rest,
    tool_calls: tool_calls.map((call, index) => (Predicate.isObject(call) ? { index, ...call } : call))
  }
}

/** A block of parts of one kind that has begun. */
interface Block {
  readonly kind: BlockKind
  readonly id: string
}

/** Maps one answer. */
export class PartMapper {
  readonly #head: Head
  /** Most answers call no tool. */
  #toolCalls: ToolCallMerger | undefined
  #metadata: ResponseMetadata | undefined
  /** The index of the choice that came first. */
  #choice: number | undefined
  #block: Block | undefined
  #blocks = 0
  #finish: string | undefined
  #usage: Chat.CompletionUsage | undefined

  constructor(head: Head) {
    this.#head = head
  }

  /** Takes a chunk; its parts go to the end of `into`. */
  push(chunk: Chat.ChatCompletionChunk, into: Array<ChatPart>): void {
    this.#take(chunk, chunk.choices ?? [], false, into)
  }

  /** The parts of a whole completion. */
  static ofWhole(head: Head, completion: Chat.ChatCompletion): ReadonlyArray<ChatPart> {
    const parts: Array<ChatPart> = []
    const mapper = new PartMapper(head)
    mapper.#take(completion, completion.choices, true, parts)
    mapper.end(parts, head.trail)
    return parts
  }

  /** The answer is complete. `trail` is the call's as it ended. */
  end(into: Array<ChatPart>, trail: Trail): void {
    if (this.#metadata === undefined) this.#introduce({}, into)
    if (this.#block !== undefined) this.#close(this.#block, into)
    this.#toolCalls?.finish(into)
    const usage = Usage.fromWire(this.#usage)
    const finishReason = FinishReason.fromRaw(this.#finish, this.#toolCalls?.any)
    into.push(
      usage === undefined ? { type: "finish", finishReason, trail } : { type: "finish", finishReason, usage, trail }
    )
  }

  #take(
    said: Pick<Chat.ChatCompletionChunk, "id" | "model" | "created" | "usage">,
    choices: ReadonlyArray<Partial<Chat.ChatChoice> & Chat.ChunkChoice>,
    isWhole: boolean,
    into: Array<ChatPart>
  ): void {
    // Azure begins with a chunk that says nothing but what its filter found: it names nobody.
    const isSaid = choices.length > 0 || filled(said.id) !== undefined
    if (isSaid && this.#metadata === undefined) this.#introduce(said, into)
    if (said.usage != null) this.#usage = said.usage
    for (let position = 0; position < choices.length; position++) {
      const choice = choices[position] ?? {}
      const index = choice.index === position ? position : ToolCalls.indexOf(choice.index)
      this.#choice ??= index
      if (index === undefined ? position > 0 : index !== this.#choice) continue
      const delta = isWhole ? choice.message : choice.delta
      if (delta != null) this.#delta(isWhole && delta.tool_calls != null ? withIndexes(delta) : delta, into)
      const finish = filled(choice.finish_reason)
      if (finish === undefined) continue
      this.#finish = finish
      if (this.#block !== undefined) this.#close(this.#block, into)
      this.#toolCalls?.finish(into)
    }
  }

  #introduce(chunk: Chat.ChatCompletionChunk, into: Array<ChatPart>): void {
    const id = filled(chunk.id)
    const { model, provider, route, trail } = this.#head
    const metadata: { -readonly [Name in keyof ResponseMetadata]: ResponseMetadata[Name] } = {
      type: "response-metadata",
      model: filled(chunk.model) ?? model,
      route,
      provider,
      trail
    }
    if (id !== undefined) metadata.id = id
    const { created } = chunk
    if (typeof created === "number" && created >= 0 && created < firstMillis * 1000) {
      metadata.created = created < firstMillis ? created : Math.floor(created / 1000)
    }
    this.#metadata = metadata
    into.push(metadata)
  }

  #delta(delta: Chat.ChatDelta, into: Array<ChatPart>): void {
    const { content, reasoning, reasoning_content, refusal, tool_calls } = delta
    const thought = filled(reasoning_content) ?? (reasoning == null ? "" : textIn(reasoning))
    if (thought !== "") this.#write("reasoning", thought, into)
    const text = typeof content === "string" ? content : textIn(content)
    if (text !== "") this.#write("text", text, into)
    const refused = refusal == null ? "" : textIn(refusal)
    if (refused !== "") this.#write("refusal", refused, into)
    if (tool_calls != null) for (const fragment of tool_calls) this.#call(fragment, into)
    const { function_call } = delta
    if (Predicate.isObject(function_call)) this.#call({ function: function_call }, into)
  }

  #call(fragment: Chat.ToolCallDelta, into: Array<ChatPart>): void {
    if (!Predicate.isObject(fragment)) return
    if (this.#block !== undefined) this.#close(this.#block, into)
    this.#toolCalls ??= new ToolCallMerger()
    this.#toolCalls.add(fragment, this.#metadata?.id, into)
  }

  #write(kind: BlockKind, delta: string, into: Array<ChatPart>): void {
    let block = this.#block
    if (block?.kind !== kind) {
      if (block !== undefined) this.#close(block, into)
      this.#blocks++
      block = { kind, id: `${kind}-${this.#blocks}` }
      this.#block = block
      into.push({ type: types[kind].start, id: block.id })
    }
    into.push({ type: types[kind].delta, id: block.id, delta })
  }

  #close({ id, kind }: Block, into: Array<ChatPart>): void {
    into.push({ type: types[kind].end, id })
    this.#block = undefined
  }
}
