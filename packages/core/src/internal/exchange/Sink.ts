/**
 * The caller's end of a streamed answer.
 *
 * A sink is the caller's code: what it throws ends the call as the caller's defect. What is thrown while an answer is read is
 * ours, and costs the caller no more than any answer that cannot be read. `guarded` keeps the two apart.
 */

import type { Trail } from "../../failure/Trail.ts"
import type { ChatCompletionChunk } from "../../wire/ChatCompletion.ts"
import { callers, SinkDefect } from "./SinkDefect.ts"

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

/** Who answers, and what it took. */
export interface Head {
  readonly route: string
  readonly provider: string
  /** The model that was really asked for; the body's `model` is what the vendor says. */
  readonly model: string
  readonly trail: Trail
}

/** Takes a streamed answer. */
export interface Sink {
  /** The first content is there: called once, before the first `write`. */
  readonly begin: (head: Head, flow: Flow) => void
  readonly write: (batch: Batch) => void
}

/** A sink whose defects are told from ours. */
export const guarded = (sink: Sink): Sink => ({
  begin: (head, flow) => callers(() => sink.begin(head, flow)),
  write: (batch) => {
    // Not through `callers`: this runs for every piece of every stream.
    try {
      sink.write(batch)
    } catch (defect) {
      throw new SinkDefect(defect)
    }
  }
})
