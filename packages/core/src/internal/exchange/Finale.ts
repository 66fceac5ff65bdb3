/**
 * Keeps the end of a stream back until the vendor has ended: each choice's finish, and what came behind it.
 *
 * A finish is not the end for everybody: some servers put one on every chunk, choices finish one by one, tool calls follow a
 * "stop". Content goes past what is kept, and a later finish of a choice takes the place of the earlier one, so that the caller
 * sees one finish for each choice, behind all its content, whatever the vendor sent.
 */
import type { ChatCompletionChunk } from "../../wire/ChatCompletion.ts"
import * as Finish from "../provider/Finish.ts"
import * as Chunk from "../wire/Chunk.ts"
import * as Inspect from "../wire/Inspect.ts"

/** A chunk and its bytes. */
export interface Frame {
  readonly chunk: ChatCompletionChunk
  readonly bytes: Buffer
}

const toFrame = (chunk: ChatCompletionChunk): Frame => ({ chunk, bytes: Chunk.toBytes(chunk) })

/** True when the chunk finishes a choice. */
export const finishes = ({ choices }: ChatCompletionChunk): boolean => {
  for (const choice of choices ?? []) if (Finish.of(choice.finish_reason) === "complete") return true
  return false
}

/** True when the chunk holds content. */
export const hasContent = ({ choices }: ChatCompletionChunk): boolean => {
  for (const choice of choices ?? []) if (Inspect.hasContent(choice.delta)) return true
  return false
}

/** The chunk without the finish of these choices; undefined when nothing is left of it. */
const without = ({ bytes, chunk }: Frame, finished: ReadonlySet<number>, isCounted: boolean): Frame | undefined => {
  const choices = (chunk.choices ?? []).filter((choice, position) => !finished.has(Chunk.indexIn(choice, position)))
  const usage = isCounted ? undefined : (chunk.usage ?? undefined)
  if (choices.length === 0 && usage === undefined) return undefined
  if (choices.length === chunk.choices?.length && !isCounted) return { bytes, chunk }
  const { usage: _, ...rest } = chunk
  return toFrame({ ...rest, choices, ...(usage === undefined ? {} : { usage }) })
}

/** The end of one stream. */
export class Finale {
  #kept: Array<Frame> = []

  /** True while nothing is kept. */
  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  /** Takes a frame; what of it may go out now comes back. */
  take(frame: Frame): Frame | undefined {
    const { chunk } = frame
    const content = hasContent(chunk)
    if (!finishes(chunk)) {
      if (content || this.isEmpty) return frame
      this.#kept.push(frame)
      return undefined
    }
    this.#replace(chunk)
    if (content) return this.#split(chunk)
    this.#kept.push(frame)
    return undefined
  }

  /** What was kept, in order. */
  end(): ReadonlyArray<Frame> {
    const kept = this.#kept
    this.#kept = []
    return kept
  }

  /** Leaves out of what is kept what this chunk says anew. */
  #replace(chunk: ChatCompletionChunk): void {
    if (this.isEmpty) return
    const finished = new Set<number>()
    chunk.choices?.forEach((choice, position) => {
      if (Finish.of(choice.finish_reason) === "complete") finished.add(Chunk.indexIn(choice, position))
    })
    this.#kept = this.#kept.flatMap((frame) => without(frame, finished, chunk.usage != null) ?? [])
  }

  /** The content goes out; the finish, and the usage beside it, are kept. */
  #split(chunk: ChatCompletionChunk): Frame {
    const { usage, ...rest } = chunk
    const choices = chunk.choices ?? []
    const ends = choices.flatMap((choice, position) =>
      Finish.of(choice.finish_reason) === "complete"
        ? [{ ...choice, index: Chunk.indexIn(choice, position), delta: {} }]
        : []
    )
    this.#kept.push(toFrame({ ...rest, choices: ends, ...(usage == null ? {} : { usage }) }))
    return toFrame({ ...rest, choices: choices.map((choice) => ({ ...choice, finish_reason: null })) })
  }
}
