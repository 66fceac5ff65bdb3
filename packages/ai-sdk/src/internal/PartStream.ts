/**
 * A ChatModel's stream as the AI SDK reads one. It has begun when it is handed over: what fails before that is thrown, and
 * what breaks off later is an `error` part, followed by a `finish` that says so.
 */
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart, SharedV4Warning } from "@ai-sdk/provider"
import type { ChatModelError as ModelError } from "@understudy/chat-model/ChatModelError"
import type { ChatPart } from "@understudy/chat-model/ChatPart"
import { ChatModelError } from "@understudy/chat-model/promise"
import * as ApiError from "./ApiError.ts"
import { JsonParts } from "./JsonParts.ts"
import * as ResponseParts from "./ResponseParts.ts"

/** Who answers. */
interface Head {
  provider: string | undefined
  route: string | undefined
}

const broken = (error: ModelError, model: string, head: Head): ReadonlyArray<LanguageModelV4StreamPart> => [
  { type: "error", error: ApiError.from(error, model) },
  ...ResponseParts.fromPart({ type: "finish", finishReason: { unified: "other" }, trail: error.trail }, head).map(
    (part) => (part.type === "finish" ? { ...part, finishReason: { unified: "error" as const, raw: undefined } } : part)
  )
]

/** What a stream is asked for by. */
export interface Asked {
  readonly model: string
  readonly format: LanguageModelV4CallOptions["responseFormat"]
  readonly warnings: Array<SharedV4Warning>
}

const readerOf = (format: Asked["format"]): JsonParts | undefined =>
  format?.type === "json" ? new JsonParts(format.schema?.type === "object") : undefined

/** Waits for the first part, then hands the stream over. */
export const open = async (
  parts: AsyncIterable<ChatPart>,
  { format, model, warnings }: Asked
): Promise<ReadableStream<LanguageModelV4StreamPart>> => {
  const json = readerOf(format)
  const read = (written: ReadonlyArray<LanguageModelV4StreamPart>): ReadonlyArray<LanguageModelV4StreamPart> =>
    json === undefined ? written : written.flatMap((part) => json.take(part))
  const iterator = parts[Symbol.asyncIterator]()
  const head: Head = { provider: undefined, route: undefined }
  const next = async (): Promise<ReadonlyArray<LanguageModelV4StreamPart> | undefined> => {
    const step = await iterator.next()
    if (step.done === true) return undefined
    if (step.value.type === "response-metadata") Object.assign(head, step.value)
    return read(ResponseParts.fromPart(step.value, head))
  }
  const first = await next().catch((error: unknown) => {
    throw ApiError.from(error, model)
  })
  return new ReadableStream<LanguageModelV4StreamPart>({
    start: (controller) => {
      controller.enqueue({ type: "stream-start", warnings })
      for (const part of first ?? []) controller.enqueue(part)
    },
    pull: async (controller) => {
      try {
        let written: ReadonlyArray<LanguageModelV4StreamPart> | undefined = []
        // A pull that enqueues nothing is not repeated.
        while (written?.length === 0) written = await next()
        for (const part of written ?? []) controller.enqueue(part)
        if (written === undefined) controller.close()
      } catch (error) {
        if (!(error instanceof ChatModelError.ChatModelError)) throw error
        for (const part of read(broken(error, model, head))) controller.enqueue(part)
        controller.close()
      }
    },
    cancel: async () => {
      await iterator.return?.()
    }
  })
}
