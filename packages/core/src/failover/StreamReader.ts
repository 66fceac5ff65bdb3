/**
 * Reads a streamed answer and holds the commit gate.
 *
 * Before commit every frame is held back and any failure is as if nothing had happened. The output's
 * gate says at which content to commit: what was held goes out, and from then on whole frames are handed on as they come.
 * Usually that is the first content; buffered delivery and folding hold everything until the answer is complete.
 *
 * **Gotchas**
 *
 * - `: keep-alive` comments, blank lines, a role alone and empty deltas neither commit nor move a deadline.
 * - `[DONE]` is never handed on: whoever writes to the caller ends a whole answer with its own.
 * - A finish without `[DONE]` is complete; `[DONE]` without a finish is not.
 */
import * as AttemptFailure from "../failure/AttemptFailure.ts"
import type { Reason } from "../failure/Reason.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import type { Headers } from "../upstream/Upstream.ts"
import type { ChatCompletionChunk, CompletionUsage, Said } from "../wire/ChatCompletion.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import * as SseDecoder from "../wire/SseDecoder.ts"
import { type AttemptContext, type Control, type MakeReader, type Reader, toFailure } from "./Attempt.ts"

/** Some frames of an answer: parsed, and as the bytes that they came in. */
export interface Batch {
  readonly chunks: ReadonlyArray<ChatCompletionChunk>
  readonly bytes: Buffer
}

/** Stops and starts the flow from the vendor, for a reader that is slower. */
export interface Flow {
  readonly pause: () => void
  readonly resume: () => void
}

/** May what is held go out? `refuse` gives the answer up: it is not the one that is wanted. A whole answer that is held goes out. */
export type Gate = "hold" | "commit" | "refuse"

/** Where the frames go. */
export interface Output {
  /** Asked with each batch that holds content until it says `commit`, and with `complete` when the answer is whole. */
  readonly gate: (batch: Batch | "complete") => Gate
  /** The answer begins: called once, before the first batch. */
  readonly begin: (flow: Flow, headers: Headers) => void
  readonly write: (batch: Batch) => void
  /** Called once, before anything is read; what it is given grows with the answer. */
  readonly opened: (said: Said) => void
}

/** A streamed answer that is complete. */
export interface StreamEnd {
  /** The last usage that the vendor reported; undefined when it reported none. */
  readonly usage: CompletionUsage | undefined
}

/** Milliseconds that a finished answer waits for its usage and its `[DONE]`. */
const finishGrace = 1_000

/** Largest single frame that is taken, in bytes. */
export const maxFrame = 16 * 1024 * 1024

class StreamReader implements Reader, Said {
  readonly #context: AttemptContext
  readonly #control: Control<StreamEnd>
  readonly #output: Output
  readonly #headers: Headers
  readonly #decoder = SseDecoder.make()
  /** Each choice's finish reason, once it is there. */
  readonly #choices = new Map<number, string | undefined>()
  #held: Array<Batch> = []
  #sawContent = false
  #begun = false
  #ended = false
  usage: CompletionUsage | undefined
  id: string | undefined
  model: string | undefined

  constructor(context: AttemptContext, control: Control<StreamEnd>, output: Output, headers: Headers) {
    this.#context = context
    this.#control = control
    this.#output = output
    this.#headers = headers
    output.opened(this)
  }

  get choices(): NonNullable<Said["choices"]> {
    return Array.from(this.#choices.values(), (finish_reason) => ({ finish_reason }))
  }

  onData(chunk: Buffer): void {
    const batch = this.#decoder.push(chunk)
    const chunks: Array<ChatCompletionChunk> = []
    let content = false
    let taken = 0
    let stop: (() => void) | undefined
    for (const frame of batch.frames) {
      if (frame.data === undefined || frame.data === "") {
        taken = frame.end
        continue
      }
      const read = frame.data === "[DONE]" ? () => this.#onDone() : this.#readFrame(frame.data)
      if (typeof read === "function") {
        stop = read
        break
      }
      content = this.#observe(read) || content
      chunks.push(read)
      taken = frame.end
    }
    if (chunks.length > 0 || (this.#begun && taken > 0))
      this.#take({ chunks, bytes: batch.bytes.subarray(0, taken) }, content)
    if (stop !== undefined) stop()
    else if (this.#decoder.pending() > maxFrame)
      this.#fail({ _tag: "MalformedResponse" }, `sent a frame of more than ${maxFrame} bytes`)
  }

  onEnd(): void {
    if (this.#ended) return
    if (this.onCut()) return
    if (this.#choices.size === 0) this.#fail({ _tag: "EmptyResponse" }, "ended the stream without an answer")
    else this.#fail({ _tag: "Interrupted" }, "ended the stream without a finish reason")
  }

  onCut(): boolean {
    if (!this.#isFinished()) return false
    this.#complete()
    return true
  }

  #onDone(): void {
    if (!this.onCut()) this.onEnd()
  }

  /** The chunk of a frame, or how the stream ends because of it. */
  #readFrame(data: string): ChatCompletionChunk | (() => void) {
    const json = Json.parse(data)
    if (typeof json !== "object" || json === null) {
      return () => this.#fail({ _tag: "MalformedResponse" }, "sent a frame that is not JSON")
    }
    const error = Inspect.errorOf(json) === undefined ? undefined : ErrorBody.fromJson(json)
    if (error !== undefined) return () => this.#failWith(toFailure(this.#context, 200, this.#headers, error))
    const chunk = json as ChatCompletionChunk
    if (chunk.choices?.some((choice) => Inspect.finishOf(choice.finish_reason) === "gaveUp")) {
      return () => this.#fail({ _tag: "Interrupted" }, `gave up with ${String(chunk.choices?.[0]?.finish_reason)}`)
    }
    return chunk
  }

  /** Notes what a chunk says; true when it holds content or a finish that stands for an answer without text. */
  #observe(chunk: ChatCompletionChunk): boolean {
    this.usage = Inspect.usageOf(chunk) ?? this.usage
    this.id ??= chunk.id
    this.model ??= chunk.model
    let content = false
    chunk.choices?.forEach((choice, position) => {
      const index = choice.index ?? position
      const finished = Inspect.finishOf(choice.finish_reason) === "complete"
      this.#choices.set(index, finished ? (choice.finish_reason ?? undefined) : this.#choices.get(index))
      content ||= Inspect.hasContent(choice.delta) || (finished && choice.finish_reason !== "stop")
    })
    return content
  }

  #take(batch: Batch, content: boolean): void {
    if (content) this.#sawContent = true
    if (this.#isFinished()) this.#control.arm("idle", Math.min(finishGrace, this.#context.limits.idle))
    else if (content) this.#control.arm("idle", this.#context.limits.idle)
    if (this.#begun) return this.#output.write(batch)
    this.#held.push(batch)
    const gate = content ? this.#output.gate(batch) : "hold"
    if (gate === "commit") this.#release()
    else if (gate === "refuse") this.#refuse()
  }

  #refuse(): void {
    this.#fail({ _tag: "Cancelled" }, "sent another answer than the one to go on with")
  }

  #release(): void {
    this.#begun = true
    this.#output.begin(this.#control, this.#headers)
    const held = this.#held
    this.#held = []
    for (const batch of held) this.#output.write(batch)
  }

  #isFinished(): boolean {
    if (this.#choices.size === 0) return false
    for (const finished of this.#choices.values()) if (finished === undefined) return false
    return true
  }

  #complete(): void {
    this.#ended = true
    if (!this.#sawContent) return this.#fail({ _tag: "EmptyResponse" }, "finished without content")
    if (!this.#begun && this.#output.gate("complete") === "refuse") return this.#refuse()
    if (!this.#begun) this.#release()
    this.#control.answer({ usage: this.usage })
  }

  #fail(reason: Reason, says: string): void {
    // What a broken frame held is lost: after content, the answer is not whole.
    const named: Reason = this.#begun && reason._tag === "MalformedResponse" ? { _tag: "Interrupted" } : reason
    this.#failWith(AttemptFailure.make(named, `${this.#context.provider.name} ${says}`))
  }

  #failWith(failure: AttemptFailure.AttemptFailure): void {
    this.#ended = true
    this.#control.fail(failure)
  }
}

const notAStream = (context: AttemptContext, control: Control<StreamEnd>, headers: Headers): Reader => {
  let body = ""
  return {
    onData: (chunk) => {
      if (body.length < maxFrame) body += chunk.toString("utf8")
    },
    onEnd: () => {
      const json = Json.parse(body)
      const error = Inspect.errorOf(json) === undefined ? undefined : ErrorBody.fromJson(json)
      const type = headers["content-type"] ?? "no content type"
      const says = `${context.provider.name} was asked for a stream and answered 200 with ${type}`
      control.fail(
        error === undefined
          ? AttemptFailure.make({ _tag: body.trim() === "" ? "EmptyResponse" : "MalformedResponse" }, says)
          : toFailure(context, 200, headers, error)
      )
    },
    onCut: () => false
  }
}

/** A reader of streamed answers. */
export const make =
  (context: AttemptContext, output: Output): MakeReader<StreamEnd> =>
  (control, headers) => {
    const type = headers["content-type"]
    return type === undefined || type.toLowerCase().startsWith("text/event-stream")
      ? new StreamReader(context, control, output, headers)
      : notAStream(context, control, headers)
  }
