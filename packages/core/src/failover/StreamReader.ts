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
 * - An answer is whole when every choice that was asked for has finished and the vendor has ended: with `[DONE]`, with the body,
 *   or by being silent for `idle`. What comes behind a finish is delivered; the finish itself waits for the end (`Finale`).
 * - A finish that stood beside content, or was followed by some, proves little: then a broken connection is no end.
 */
import * as AttemptFailure from "../failure/AttemptFailure.ts"
import { afterContent, type Reason } from "../failure/Reason.ts"
import { AnswerReader } from "../internal/failover/AnswerReader.ts"
import {
  type AttemptContext,
  type Control,
  type Cut,
  type MakeReader,
  type Reader,
  toFailure
} from "../internal/failover/Attempt.ts"
import * as Finale from "../internal/failover/Finale.ts"
import * as InBand from "../internal/failover/InBand.ts"
import * as JsonAnswer from "../internal/failover/JsonAnswer.ts"
import * as Finish from "../internal/provider/Finish.ts"
import * as Chunk from "../internal/wire/Chunk.ts"
import * as ExactJson from "../internal/wire/ExactJson.ts"
import * as Inspect from "../internal/wire/Inspect.ts"
import * as Json from "../internal/wire/Json.ts"
import * as SseDecoder from "../internal/wire/SseDecoder.ts"
import { ThinkTagReader } from "../internal/wire/ThinkTags.ts"
import { ToolIndexes } from "../internal/wire/ToolIndexes.ts"
import * as Unfold from "../internal/wire/Unfold.ts"
import type { Headers } from "../upstream/Upstream.ts"
import type {
  ChatCompletionChunk,
  ChatCompletionRequest,
  ChunkChoice,
  CompletionUsage,
  Said
} from "../wire/ChatCompletion.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"

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

/** What the caller asked for, as far as the reading of a stream depends on it. */
export interface Asked {
  /** Choices: the request's `n`. */
  readonly choices: number
  /** Whether usage was asked for. */
  readonly usage: boolean
  /** Whether it is a text completion: its chunks are read as a chat's. */
  readonly isText: boolean
}

/** What a request asks for. */
export const askedBy = ({
  n,
  stream_options
}: Pick<ChatCompletionRequest, "stream_options"> & { n?: unknown }): Asked => ({
  choices: typeof n === "number" && Number.isSafeInteger(n) && n > 0 ? n : 1,
  usage: stream_options?.include_usage === true,
  isText: false
})

/** What a request for a text asks for. */
export const textAskedBy = (request: TextCompletion.TextCompletionRequest): Asked => ({
  choices: TextCompletion.choicesOf(request),
  usage: request.stream_options?.include_usage === true,
  isText: true
})

/** Largest single frame that is taken, in bytes. */
export const maxFrame = 16 * 1024 * 1024

/** Most that is held back before an answer goes out, in bytes. */
export const maxHeld = 64 * 1024 * 1024

/** True for the vendor's own end, as servers write it. */
const isEnd = (data: string): boolean => data.length < 16 && /^\s*"?\[done\]"?\s*$/i.test(data)

/** Payloads that say nothing: proxies keep a connection alive with them. */
const nothing = /^\s*(null|""|\{\s*("type"\s*:\s*"ping"\s*)?\}|\[\s*\])?\s*$/

/** True for a frame that says nothing. */
const isVoid = (data: string | undefined, event: string | undefined): boolean =>
  event !== "error" && (data === undefined || event === "ping" || (data.length < 32 && nothing.test(data)))

/** What a chunk says: some of these. */
type Saying = number
/** It holds content. */
const content = 1
/** It holds content, or a finish that stands for an answer without text. */
const counts = 2
/** It finishes a choice. */
const finish = 4
/** The vendor gave a choice up. */
const gaveUp = 8

const reasonOf = ({ choices }: ChatCompletionChunk): string =>
  String(choices?.find(({ finish_reason }) => Finish.of(finish_reason) === "gaveUp")?.finish_reason)

/** What is known of one choice. */
interface Choice {
  finish: string | undefined
  /** Its finish came without content. */
  isClean: boolean
  /** Content came behind a finish. */
  hasGoneOn: boolean
}

/** What the frames of one piece of input say. */
interface Gathered {
  readonly chunks: Array<ChatCompletionChunk>
  /** Where each chunk begins and ends in the bytes. */
  readonly starts: Array<number>
  readonly ends: Array<number>
  /** Events without data are among the frames: clients take them for broken JSON, so they go no further. */
  hasVoid: boolean
  /** Chunks whose bytes do not say what they say. */
  odd: Set<ChatCompletionChunk> | undefined
  content: boolean
  /** Chunks that finish a choice. */
  finishes: number
  /** Content came behind a finish. */
  goesOn: boolean
  /** Where the last frame that was taken ends. */
  taken: number
  /** How the stream fails, if it does: an error, a frame that cannot be read. */
  stop: (() => void) | undefined
  /** `[DONE]` came. No closure like `stop`: one a stream, kept in a field, outlives its call and all that the call holds. */
  isDone: boolean
}

/** Reads one stream. */
export class StreamReader implements Reader, Said {
  readonly #context: AttemptContext
  readonly #control: Control<StreamEnd>
  readonly #output: Output
  readonly #headers: Headers
  readonly #asked: Asked
  readonly #decoder = SseDecoder.make()
  readonly #choices = new Map<number, Choice>()
  readonly #finale = new Finale.Finale()
  readonly #thinkTags: ThinkTagReader | undefined
  readonly #toolIndexes = new ToolIndexes()
  #held: Array<Batch> = []
  #heldBytes = 0
  #sawContent = false
  #begun = false
  #ended = false
  usage: CompletionUsage | undefined
  id: string | undefined
  model: string | undefined

  constructor(context: AttemptContext, control: Control<StreamEnd>, output: Output, headers: Headers, asked: Asked) {
    this.#context = context
    this.#control = control
    this.#output = output
    this.#headers = headers
    this.#asked = asked
    const { thinkTags } = context.provider
    this.#thinkTags = thinkTags === undefined || asked.isText ? undefined : new ThinkTagReader(thinkTags)
    output.opened(this)
  }

  get choices(): NonNullable<Said["choices"]> {
    return Array.from(this.#choices.values(), ({ finish }) => ({ finish_reason: finish }))
  }

  get isBegun(): boolean {
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
    if (!this.#isFinished(how)) return false
    this.#complete()
    return true
  }

  /** Takes an answer that came whole, as the chunks that it might have come in; `exact` has the vendor's own numbers. */
  onWhole(chunks: ReadonlyArray<ChatCompletionChunk>, exact: ReadonlyArray<ChatCompletionChunk>): void {
    for (const chunk of chunks) this.#note(chunk)
    this.#emit({ chunks, bytes: Buffer.concat(exact.map(Chunk.toBytes)) }, this.#sawContent)
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
    const gathered = this.#gather(frames)
    const { chunks, finishes, isDone, stop, taken } = gathered
    if (gathered.content || finishes > 0) this.#control.arm("idle", this.#context.limits.idle)
    const isEnd = isDone && !gathered.goesOn && finishes <= this.#asked.choices && this.#isFinished("ended")
    const isPlain = gathered.odd === undefined && !gathered.hasVoid && this.#finale.isEmpty && (finishes === 0 || isEnd)
    if (chunks.length === 0) {
      if (this.#begun && taken > 0 && !gathered.hasVoid) this.#output.write({ chunks, bytes: bytes.subarray(0, taken) })
    } else if (isPlain) this.#emit({ chunks, bytes: bytes.subarray(0, taken) }, gathered.content)
    else this.#emitBeforeEnd(gathered, bytes)
    if (this.#ended) return
    if (isDone) this.#endAs("ended")
    else stop?.()
  }

  #gather(frames: SseDecoder.SseBatch["frames"]): Gathered {
    const gathered: Gathered = {
      chunks: [],
      starts: [],
      ends: [],
      hasVoid: false,
      odd: undefined,
      content: false,
      finishes: 0,
      goesOn: false,
      taken: 0,
      stop: undefined,
      isDone: false
    }
    for (const frame of frames) {
      const { data, end, event } = frame
      if (data !== undefined && isEnd(data)) {
        gathered.isDone = true
        break
      }
      if (!isVoid(data, event)) {
        gathered.stop = this.#gatherFrame(frame, gathered)
        if (gathered.stop !== undefined) break
      } else if (data !== undefined || event !== undefined) gathered.hasVoid = true
      gathered.taken = end
    }
    return gathered
  }

  /** Takes the chunk of a frame, or says how the stream ends because of it. */
  #gatherFrame(frame: SseDecoder.SseFrame, gathered: Gathered): (() => void) | undefined {
    const parsed = Json.parse(frame.data ?? "")
    const json = this.#asked.isText ? TextCompletion.toChunk(parsed) : parsed
    const error = InBand.ofFrame(frame, json)
    if (error !== undefined) return () => this.#failWith(toFailure(this.#context, 200, this.#headers, error))
    const isOdd = frame.bare || !Chunk.isPlain(json)
    // A whole message is what an answer begins with, or what it ends with once more.
    const read = isOdd ? Chunk.mend(json, this.#sawContent) : json
    const chunk = read === undefined ? undefined : this.#toolIndexes.chunk(this.#thinkTags?.chunk(read) ?? read)
    if (chunk === undefined) {
      const why = json === undefined ? "sent a frame that is not JSON" : "sent a frame that cannot be read"
      return () => this.#fail({ _tag: "MalformedResponse" }, why)
    }
    if (isOdd || chunk !== read) gathered.odd = (gathered.odd ?? new Set()).add(chunk)
    const says = this.#note(chunk)
    if ((says & gaveUp) !== 0) return () => this.#fail({ _tag: "Interrupted" }, `gave up with ${reasonOf(chunk)}`)
    if ((says & counts) !== 0) gathered.content = true
    if ((says & content) !== 0 && gathered.finishes > 0) gathered.goesOn = true
    if ((says & finish) !== 0) gathered.finishes++
    gathered.chunks.push(chunk)
    gathered.starts.push(gathered.taken)
    gathered.ends.push(frame.end)
    return undefined
  }

  /** Notes what a chunk says. */
  #note(chunk: ChatCompletionChunk): Saying {
    this.id ??= chunk.id
    this.model ??= chunk.model
    let says = 0
    const choices = chunk.choices ?? []
    for (let position = 0; position < choices.length; position++) {
      says |= this.#noteChoice(choices[position] as ChunkChoice, position)
    }
    if ((says & counts) !== 0) this.#sawContent = true
    // Wherever else usage may stand, it stands there with the finish: other chunks are not searched for it.
    if (chunk.usage !== null || (says & finish) !== 0) this.usage = Inspect.usageOf(chunk) ?? this.usage
    return says
  }

  #noteChoice(choice: ChunkChoice, position: number): Saying {
    const { delta, finish_reason } = choice
    const index = Chunk.indexIn(choice, position)
    let known = this.#choices.get(index)
    if (known === undefined) {
      known = { finish: undefined, isClean: false, hasGoneOn: false }
      this.#choices.set(index, known)
    }
    const hasContent = Inspect.hasContent(delta)
    if (hasContent && known.finish !== undefined) known.hasGoneOn = true
    const says = hasContent ? counts | content : 0
    if (finish_reason == null) return says
    const read = Finish.of(finish_reason)
    if (read === "gaveUp") return says | gaveUp
    if (read === "none") return says
    known.finish = finish_reason
    known.isClean = !hasContent
    // Where nothing is missing, a text completion rightly fills in nothing.
    const isAnswer = this.#asked.isText || Inspect.mayBeEmpty(finish_reason)
    return isAnswer ? says | finish | counts : says | finish
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

  /** True when every choice that was asked for is whole, if the stream is over in this way. */
  #isFinished(how: Cut | "ended"): boolean {
    if (this.#choices.size < this.#asked.choices) return false
    for (const { finish, hasGoneOn, isClean } of this.#choices.values()) {
      if (finish === undefined) return false
      if (how !== "ended" && hasGoneOn) return false
      if (how === "broken" && !isClean) return false
    }
    return true
  }

  #endAs(how: "broken" | "ended"): void {
    if (this.#isFinished(how)) return this.#complete()
    if (this.#choices.size === 0) this.#fail({ _tag: "EmptyResponse" }, "ended the stream without an answer")
    else this.#fail({ _tag: "Interrupted" }, `ended the stream ${this.#missing(how)}`)
  }

  #missing(how: "broken" | "ended"): string {
    const isPartial = this.#choices.size < this.#asked.choices && this.#choices.size > 0
    if (how === "broken" && this.#isFinished("ended")) return "in the middle of a frame"
    return isPartial && [...this.#choices.values()].every(({ finish }) => finish !== undefined)
      ? `with ${this.#choices.size} of ${this.#asked.choices} choices`
      : "without a finish reason"
  }

  #complete(): void {
    this.#ended = true
    if (!this.#sawContent) return this.#fail({ _tag: "EmptyResponse" }, "finished without content")
    const kept = this.#finale.end()
    if (kept.length > 0) this.#emit(toBatch(kept), false)
    if (!this.#begun && this.#output.gate("complete") === "refuse") return this.#refuse()
    if (!this.#begun) this.#release()
    this.#control.answer({ usage: this.usage })
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
    const kind = asked.isText ? JsonAnswer.textAsChat : JsonAnswer.chat
    const json = (): Reader => {
      control.awaitWhole()
      return JsonAnswer.make(context, control, headers, kind, ({ body, bytes }) => {
        const text = bytes.toString("utf8")
        const exact = ExactJson.isLossy(text) ? (ExactJson.parse(text) as typeof body) : body
        // Whole by its own account: a vendor that does not know `n` has said so.
        const reader = events({ ...asked, choices: body.choices.length })
        reader.usage = Inspect.usageOf(body)
        reader.onWhole(Unfold.unfold(body, asked.usage), Unfold.unfold(exact, asked.usage))
      })
    }
    return new AnswerReader({ json, events: () => events(asked) }, headers)
  }
