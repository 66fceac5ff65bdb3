/**
 * From the frames of an event stream to chunks in the shapes that everybody behind may rely on, and to what they say together.
 *
 * A frame that is not plain is mended, numbered, split (`Chunk`, `Deltas`, `ThinkTags`), or it is the end: an error, what
 * nobody can read, or a vendor that gives up. `[DONE]` is never handed on: whoever writes to the caller ends a whole answer
 * with its own.
 */
import type { Reason } from "../../failure/Reason.ts"
import type { ChatCompletionChunk } from "../../wire/ChatCompletion.ts"
import * as ErrorBody from "../provider/ErrorBody.ts"
import * as Finish from "../provider/Finish.ts"
import * as Chunk from "../wire/Chunk.ts"
import { Deltas } from "../wire/Deltas.ts"
import { DeltaTemplate } from "../wire/DeltaTemplate.ts"
import * as Json from "../wire/Json.ts"
import type { SseFrame } from "../wire/SseDecoder.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"
import { ThinkTagReader, type ThinkTags } from "../wire/ThinkTags.ts"
import * as AnswerState from "./AnswerState.ts"
import type { Asked } from "./Asked.ts"

/** True for the vendor's own end, as servers write it. */
export const isEnd = (data: string): boolean => data.length < 16 && /^\s*"?\[done\]"?\s*$/i.test(data)

/** Payloads that say nothing: proxies keep a connection alive with them. */
const nothing = /^\s*(null|""|\{\s*("type"\s*:\s*"ping"\s*)?\}|\[\s*\])?\s*$/

/** True for a frame that says nothing. */
const isVoid = (data: string | undefined, event: string | undefined): boolean =>
  event !== "error" && (data === undefined || event === "ping" || (data.length < 32 && nothing.test(data)))

const reasonOf = ({ choices }: ChatCompletionChunk): string =>
  String(choices?.find(({ finish_reason }) => Finish.of(finish_reason) === "gaveUp")?.finish_reason)

/** How a stream fails: with an error of the vendor's, or with what it did. */
export type Stop =
  | { readonly error: ErrorBody.ErrorBody }
  | { readonly error?: undefined; readonly reason: Reason; readonly says: string }

const malformed = (says: string): Stop => ({ reason: { _tag: "MalformedResponse" }, says })

/** What the frames of one piece of input say. */
export interface Gathered {
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
  stop: Stop | undefined
  /** `[DONE]` came. */
  isDone: boolean
}

const nothingYet = (): Gathered => ({
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
})

/** Reads the frames of one stream. */
export class FrameReader {
  readonly #state: AnswerState.AnswerState
  readonly #isText: boolean
  readonly #thinkTags: ThinkTagReader | undefined
  readonly #deltas = new Deltas()
  /** Undefined where chunks are not what their frames say. */
  readonly #template: DeltaTemplate | undefined

  constructor(state: AnswerState.AnswerState, { isText }: Asked, thinkTags: ThinkTags | undefined) {
    this.#state = state
    this.#isText = isText
    this.#thinkTags = thinkTags === undefined || isText ? undefined : new ThinkTagReader(thinkTags)
    this.#template = this.#thinkTags === undefined && !isText ? new DeltaTemplate() : undefined
  }

  /** Takes frames up to the one that ends the stream. */
  read(frames: ReadonlyArray<SseFrame>): Gathered {
    const gathered = nothingYet()
    for (const frame of frames) {
      const { data, end, event } = frame
      if (data !== undefined && isEnd(data)) {
        gathered.isDone = true
        break
      }
      if (!isVoid(data, event)) {
        gathered.stop = this.#take(frame, data ?? "", gathered)
        if (gathered.stop !== undefined) break
      } else if (data !== undefined || event !== undefined) gathered.hasVoid = true
      gathered.taken = end
    }
    return gathered
  }

  /** Takes the chunk of a frame, or says how the stream ends because of it. */
  #take(frame: SseFrame, data: string, gathered: Gathered): Stop | undefined {
    const isUsual = frame.event === undefined && !frame.bare
    const known = isUsual ? this.#template?.read(data) : undefined
    if (known !== undefined) {
      const says = known.text === "" ? 0 : this.#state.noteText(known.choice)
      add(gathered, known.chunk, says, frame.end)
      return undefined
    }
    const parsed = Json.parse(data)
    const json = this.#isText ? TextCompletion.toChunk(parsed) : parsed
    // An event that is named so is an error in whatever words.
    const error = frame.event === "error" ? ErrorBody.parse(data) : ErrorBody.within(json)
    if (error !== undefined) return { error }
    const isOdd = frame.bare || !Chunk.isPlain(json)
    // A whole message is what an answer begins with, or what it ends with once more.
    const read = isOdd ? Chunk.mend(json, this.#state.sawContent) : json
    const chunk = read === undefined ? undefined : this.#deltas.chunk(this.#thinkTags?.chunk(read) ?? read)
    if (chunk === undefined)
      return malformed(json === undefined ? "sent a frame that is not JSON" : "sent a frame that cannot be read")
    const isOwn = isOdd || chunk !== read
    if (isOwn) gathered.odd = (gathered.odd ?? new Set()).add(chunk)
    const says = this.#state.note(chunk)
    if ((says & AnswerState.gaveUp) !== 0)
      return { reason: { _tag: "Interrupted" }, says: `gave up with ${reasonOf(chunk)}` }
    if (isUsual && !isOwn && says === (AnswerState.content | AnswerState.counts)) this.#template?.learn(data, chunk)
    add(gathered, chunk, says, frame.end)
    return undefined
  }
}

const add = (gathered: Gathered, chunk: ChatCompletionChunk, says: AnswerState.Saying, end: number): void => {
  if ((says & AnswerState.counts) !== 0) gathered.content = true
  if ((says & AnswerState.content) !== 0 && gathered.finishes > 0) gathered.goesOn = true
  if ((says & AnswerState.finish) !== 0) gathered.finishes++
  gathered.chunks.push(chunk)
  gathered.starts.push(gathered.taken)
  gathered.ends.push(end)
}
