/**
 * The seam of a stream that broke after content and goes on with another target: knows what has been delivered, and lets only
 * what is new through, as one response with one id, one role and one finish.
 *
 * Two ways to go on. *Prefill* asks the target to continue the text and strips what it repeats. *Match* asks for the whole
 * answer again and goes on only if the delivered text is an exact prefix of it.
 *
 * **Gotchas**
 *
 * Not everything can be joined: after a tool call has started, after reasoning without text, with several choices, or once
 * a finish has been delivered, the stream ends as broken.
 */

import type { ChatCompletionChunk, ChunkChoice } from "../../wire/ChatCompletion.ts"
import type { Batch, Flow, Sink } from "../exchange/Sink.ts"
import type { Gate, Output } from "../exchange/StreamReader.ts"
import * as Finish from "../provider/Finish.ts"
import * as Inspect from "../wire/Inspect.ts"

/** How a target is asked to go on. */
export type Way = "prefill" | "match"

/** A flow that outlives the attempts behind it. */
class StableFlow implements Flow {
  #paused = false
  #current: Flow | undefined

  use(flow: Flow): void {
    this.#current = flow
    if (this.#paused) flow.pause()
  }

  pause(): void {
    this.#paused = true
    this.#current?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#current?.resume()
  }
}

const textOf = (chunk: ChatCompletionChunk): string => {
  const content = chunk.choices?.[0]?.delta?.content
  return typeof content === "string" ? content : ""
}

const toFrame = (chunk: ChatCompletionChunk): string => `data: ${JSON.stringify(chunk)}\n\n`

/** What has been delivered of one answer. */
export class Joint implements Sink {
  readonly flow: StableFlow = new StableFlow()
  readonly #target: Sink
  #head: ChatCompletionChunk | undefined
  #text = ""
  #joinable = true

  constructor(target: Sink) {
    this.#target = target
  }

  /** The text delivered so far. */
  get text(): string {
    return this.#text
  }

  /** True when another target may go on with it. */
  get isJoinable(): boolean {
    return this.#joinable && this.#text.length > 0
  }

  /** A target goes on. */
  readonly use = (flow: Flow): void => this.flow.use(flow)

  /** The first target begins. */
  readonly begin: Sink["begin"] = (head, flow) => {
    this.use(flow)
    this.#target.begin(head, this.flow)
  }

  /** Hands a batch of the first target on, and notes what it holds. */
  readonly write = (batch: Batch): void => {
    for (const chunk of batch.chunks) this.#note(chunk)
    this.#target.write(batch)
  }

  /** The output of a target that goes on: its gate, and its frames made part of the first answer. */
  continuation(way: Way): Pick<Output, "gate" | "write"> {
    const delivered = this.#text
    let begun = ""
    // Characters of the new answer that have been delivered already.
    let skip = way === "match" ? delivered.length : 0
    return {
      gate: (batch): Gate => {
        // A shorter answer is another answer; an equal one has nothing to add but its finish.
        if (batch === "complete") return way === "match" && begun.length < delivered.length ? "refuse" : "commit"
        begun += batch.chunks.map(textOf).join("")
        if (begun.length < delivered.length) {
          if (delivered.startsWith(begun)) return "hold"
          return way === "match" ? "refuse" : "commit"
        }
        if (!begun.startsWith(delivered)) return way === "match" ? "refuse" : "commit"
        skip = delivered.length
        // An equal text alone brings nothing new; the finish behind it does.
        return begun.length > delivered.length ? "commit" : "hold"
      },
      write: (batch) => {
        const chunks = batch.chunks.flatMap((chunk) => {
          const text = textOf(chunk)
          const fresh = text.slice(skip)
          skip = Math.max(0, skip - text.length)
          return this.#joined(chunk, fresh)
        })
        if (chunks.length === 0) return
        for (const chunk of chunks) this.#note(chunk)
        this.#target.write({ chunks, bytes: Buffer.from(chunks.map(toFrame).join("")) })
      }
    }
  }

  #note(chunk: ChatCompletionChunk): void {
    this.#head ??= chunk
    this.#text += textOf(chunk)
    for (const choice of chunk.choices ?? []) {
      const finished = Finish.of(choice.finish_reason) === "complete"
      const tools = Array.isArray(choice.delta?.tool_calls) && choice.delta.tool_calls.length > 0
      if (finished || tools || (choice.index ?? 0) !== 0) this.#joinable = false
    }
  }

  /** The chunk as part of the first answer; none when nothing of it is new. */
  #joined(chunk: ChatCompletionChunk, fresh: string): ReadonlyArray<ChatCompletionChunk> {
    const head = this.#head ?? {}
    const outer = { ...chunk, id: head.id, created: head.created, model: head.model } as ChatCompletionChunk
    const choice = chunk.choices?.[0]
    if (choice === undefined) return chunk.usage == null ? [] : [outer]
    const finish = choice.finish_reason ?? null
    // The new target's own thinking is not part of an answer that has begun.
    const { content: _, reasoning: __, reasoning_content: ___, role: ____, ...rest } = choice.delta ?? {}
    const delta = fresh === "" ? rest : { ...rest, content: fresh }
    if (finish === null && !Inspect.hasContent(delta)) return []
    const joined: ChunkChoice = { ...choice, index: 0, delta, finish_reason: finish }
    return [{ ...outer, choices: [joined] }]
  }
}
