/**
 * The last chunks of a stream in OpenAI's order: the finish, then, where `stream_options.include_usage` asks for it, the usage
 * in a chunk of its own with empty `choices`, then `[DONE]`.
 *
 * Vendors put the usage beside the finish, on every chunk, or into an extension. Clients that take the first usage for the end
 * fail on that, so it is taken out there. Where it was not asked for, it is not put back: a chunk without choices is what most
 * short programs fail on. A chunk that holds nothing but usage goes out as the vendor sent it, unless it comes before the finish.
 *
 * **Gotchas**
 *
 * A batch that holds such a chunk is written anew; every other one goes out as the bytes that it came in.
 */
import type { Batch } from "../../failover/Failover.ts"
import type { ChatCompletionChunk, ChatCompletionRequest, CompletionUsage } from "../../wire/ChatCompletion.ts"
import * as Chunk from "../wire/Chunk.ts"

const isFinish = ({ choices }: ChatCompletionChunk): boolean =>
  choices?.some(({ finish_reason }) => finish_reason != null) === true

const isBeside = ({ choices, usage }: ChatCompletionChunk): boolean =>
  usage != null && choices != null && choices.length > 0

const headNames = ["id", "object", "created", "model", "system_fingerprint", "service_tier"]

/** What every chunk of an answer says of it. */
const headOf = (chunk: ChatCompletionChunk = {}): ChatCompletionChunk =>
  Object.fromEntries(headNames.flatMap((name) => (chunk[name] === undefined ? [] : [[name, chunk[name]]])))

/** The end of one stream. */
export class StreamEnding {
  readonly #asked: boolean
  /** The usage went out by itself. */
  #told = false
  #finished = false
  #last: ChatCompletionChunk | undefined

  constructor({ stream_options }: Pick<ChatCompletionRequest, "stream_options">) {
    this.#asked = stream_options?.include_usage === true
  }

  /** The bytes of a batch as they are to go out. */
  take({ bytes, chunks }: Batch): Buffer {
    let isOrdered = true
    let early: Set<ChatCompletionChunk> | undefined
    for (const chunk of chunks) {
      this.#last = chunk
      if (!this.#finished) this.#finished = isFinish(chunk)
      if (chunk.usage == null) continue
      if (isBeside(chunk)) isOrdered = false
      else if (this.#asked && !this.#finished) early = (early ?? new Set()).add(chunk)
      else this.#told = true
    }
    if (isOrdered && early === undefined) return bytes
    const left = early === undefined ? chunks : chunks.filter((chunk) => early?.has(chunk) !== true)
    return Buffer.concat(left.map((chunk) => Chunk.toBytes(this.#ordered(chunk))))
  }

  /** What ends a whole stream; `usage` is what its vendor reported. */
  end(usage: CompletionUsage | undefined): string {
    const isWanted = this.#asked && !this.#told && usage !== undefined
    return `${isWanted ? Chunk.toBytes({ ...headOf(this.#last), choices: [], usage }).toString() : ""}data: [DONE]\n\n`
  }

  #ordered(chunk: ChatCompletionChunk): ChatCompletionChunk {
    if (!isBeside(chunk)) return chunk
    // OpenAI's own chunks say `null` until the last one, where usage was asked for.
    if (this.#asked) return { ...chunk, usage: null }
    const { usage: _, ...rest } = chunk
    return rest
  }
}
