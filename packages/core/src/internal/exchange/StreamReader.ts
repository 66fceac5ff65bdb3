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
 * - An answer is whole when every choice that was asked for has finished and the vendor has ended: with `[DONE]`, with the body,
 *   or by being silent for `idle`. What comes behind a finish is delivered; the finish itself waits for the end (`Finale`).
 */
import * as AttemptFailure from "../../failure/AttemptFailure.ts"
import { afterContent, type Reason } from "../../failure/Reason.ts"
import type { Headers } from "../../upstream/Upstream.ts"
import type { ChatCompletion, ChatCompletionChunk, CompletionUsage, Said } from "../../wire/ChatCompletion.ts"
import * as Chunk from "../wire/Chunk.ts"
import * as Inspect from "../wire/Inspect.ts"
import * as Json from "../wire/Json.ts"
import * as SseDecoder from "../wire/SseDecoder.ts"
import * as Unfold from "../wire/Unfold.ts"
import * as AnswerReader from "./AnswerReader.ts"
import { AnswerState } from "./AnswerState.ts"
import type { Asked } from "./Asked.ts"
import * as Finale from "./Finale.ts"
import { FrameReader, type Gathered, isEnd, type Stop } from "./FrameReader.ts"
import {
  type AttemptContext,
  answering,
  type Control,
  type Cut,
  type MakeReader,
  type Reader,
  toFailure
} from "./Reader.ts"
import type { Batch, Flow } from "./Sink.ts"

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

/** Largest single frame that is taken, in bytes. */
export const maxFrame = 16 * 1024 * 1024

/** Most that is held back before an answer goes out, in bytes. */
export const maxHeld = 64 * 1024 * 1024

/** Reads one stream. */
export class StreamReader implements Reader {
  readonly #context: AttemptContext
  readonly #control: Control<StreamEnd>
  readonly #output: Output
  readonly #headers: Headers
  readonly #asked: Asked
  readonly #state: AnswerState
  readonly #frames: FrameReader
  readonly #decoder = SseDecoder.make()
  readonly #finale = new Finale.Finale()
  #held: Array<Batch> = []
  #heldBytes = 0
  #begun = false
  #ended = false

  constructor(context: AttemptContext, control: Control<StreamEnd>, output: Output, headers: Headers, asked: Asked) {
    this.#context = context
    this.#control = control
    this.#output = output
    this.#headers = headers
    this.#asked = asked
    this.#state = new AnswerState(asked)
    this.#frames = new FrameReader(this.#state, asked, context.provider.thinkTags)
    output.opened(this.#state)
  }

  isBegun(): boolean {
    return this.#begun
  }

  onData(chunk: Buffer): void {
    this.#read(this.#decoder.push(chunk))
    if (!this.#ended && this.#decoder.pending() > maxFrame)
      this.#fail({ _tag: "MalformedResponse" }, `sent a frame of more than ${maxFrame} bytes`)
  }

  onEnd(): void {
    const isTorn = this.#readLast()
    if (!this.#ended) this.#endAs(isTorn ? "broken" : "ended")
  }

  onCut(how: Cut): boolean {
    this.#readLast()
    if (this.#ended) return true
    if (!this.#state.isFinished(how)) return false
    this.#complete()
    return true
  }

  /** Takes an answer that came whole, as the chunks that it might have come in; `exact` has the vendor's own numbers. */
  onWhole(
    chunks: ReadonlyArray<ChatCompletionChunk>,
    exact: ReadonlyArray<ChatCompletionChunk>,
    usage: CompletionUsage | undefined
  ): void {
    this.#state.usage = usage
    for (const chunk of chunks) this.#state.note(chunk)
    this.#emit({ chunks, bytes: Buffer.concat(exact.map(Chunk.toBytes)) }, this.#state.sawContent)
    if (!this.#ended) this.#complete()
  }

  /** Reads the last frame, where its blank line never came; true when it is not whole itself. */
  #readLast(): boolean {
    const last = this.#ended ? undefined : this.#decoder.end()
    const frame = last?.frames[0]
    if (last === undefined || frame === undefined) return false
    const { data = "", event } = frame
    if (data.trim() === "" && event !== "error") return false
    if (!isEnd(data) && event !== "error" && Json.parse(data) === undefined) return true
    this.#read(last)
    return false
  }

  #read({ bytes, frames }: SseDecoder.SseBatch): void {
    const gathered = this.#frames.read(frames)
    const { chunks, finishes, isDone, stop, taken } = gathered
    if (gathered.content || finishes > 0) this.#control.arm("idle", this.#context.limits.idle)
    const isEnd = isDone && !gathered.goesOn && finishes <= this.#asked.choices && this.#state.isFinished("ended")
    const isPlain = gathered.odd === undefined && !gathered.hasVoid && this.#finale.isEmpty && (finishes === 0 || isEnd)
    if (chunks.length === 0) {
      if (this.#begun && taken > 0 && !gathered.hasVoid) this.#output.write({ chunks, bytes: bytes.subarray(0, taken) })
    } else if (isPlain) this.#emit({ chunks, bytes: bytes.subarray(0, taken) }, gathered.content)
    else this.#emitBeforeEnd(gathered, bytes)
    if (this.#ended) return
    if (isDone) this.#endAs("ended")
    else if (stop !== undefined) this.#failAs(stop)
  }

  /** Hands on what goes past the end that is kept back. */
  #emitBeforeEnd({ chunks, content: hasContent, ends, odd, starts }: Gathered, bytes: Buffer): void {
    const now: Array<Finale.Frame> = []
    for (let position = 0; position < chunks.length; position++) {
      const chunk = chunks[position] as ChatCompletionChunk
      const own =
        odd?.has(chunk) === true ? Chunk.toBytes(chunk) : bytes.subarray(starts[position] ?? 0, ends[position])
      const frame = this.#finale.take({ chunk, bytes: own })
      if (frame !== undefined) now.push(frame)
    }
    if (now.length > 0) this.#emit(toBatch(now), hasContent)
  }

  #emit(batch: Batch, hasContent: boolean): void {
    if (this.#begun) return this.#output.write(batch)
    this.#held.push(batch)
    this.#heldBytes += batch.bytes.length
    const gate = hasContent ? this.#output.gate(batch) : "hold"
    if (gate === "commit") this.#release()
    else if (gate === "refuse") this.#refuse()
    else if (this.#heldBytes > maxHeld) this.#fail({ _tag: "MalformedResponse" }, `sent more than ${maxHeld} bytes`)
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

  #endAs(how: "broken" | "ended"): void {
    if (this.#state.isFinished(how)) return this.#complete()
    if (this.#state.isEmpty) this.#fail({ _tag: "EmptyResponse" }, "ended the stream without an answer")
    else this.#fail({ _tag: "Interrupted" }, `ended the stream ${this.#state.missing(how)}`)
  }

  #complete(): void {
    this.#ended = true
    if (!this.#state.sawContent) return this.#fail({ _tag: "EmptyResponse" }, "finished without content")
    const kept = this.#finale.end()
    if (kept.length > 0) this.#emit(toBatch(kept), false)
    if (!this.#begun && this.#output.gate("complete") === "refuse") return this.#refuse()
    if (!this.#begun) this.#release()
    this.#control.answer({ usage: this.#state.usage })
  }

  #failAs(stop: Stop): void {
    if (stop.error === undefined) this.#fail(stop.reason, stop.says)
    else this.#failWith(toFailure(this.#context, 200, this.#headers, stop.error))
  }

  #fail(reason: Reason, says: string): void {
    this.#failWith(
      AttemptFailure.make(this.#begun ? afterContent(reason) : reason, `${this.#context.provider.name} ${says}`)
    )
  }

  #failWith(failure: AttemptFailure.AttemptFailure): void {
    this.#ended = true
    this.#control.fail(failure)
  }
}

const toBatch = (frames: ReadonlyArray<Finale.Frame>): Batch => {
  const [first] = frames
  const bytes =
    frames.length === 1 && first !== undefined ? first.bytes : Buffer.concat(frames.map((each) => each.bytes))
  return { chunks: frames.map(({ chunk }) => chunk), bytes }
}

/** A reader of answers for a caller who wants a stream; one that comes as JSON is unfolded. */
export const make =
  (context: AttemptContext, output: Output, asked: Asked): MakeReader<StreamEnd> =>
  (control, headers) => {
    const events = (expected: Asked): StreamReader => new StreamReader(context, control, output, headers, expected)
    const kind = asked.isText ? AnswerReader.textAsChat : AnswerReader.chat
    const answer = ({ body, bytes }: AnswerReader.JsonAnswer<ChatCompletion>): void => {
      const text = bytes.toString("utf8")
      const exact = Json.isLossy(text) ? (Json.parseExactly(text) as typeof body) : body
      // Whole by its own account: a vendor that does not know `n` has said so.
      const reader = events({ ...asked, choices: body.choices.length })
      reader.onWhole(Unfold.unfold(body, asked.usage), Unfold.unfold(exact, asked.usage), Inspect.usageOf(body))
    }
    return AnswerReader.make(context, answering(control, answer), headers, kind, () => events(asked))
  }
