/**
 * The caller's end of a streamed answer.
 */
import type { Trail } from "../failure/FailoverError.ts"
import type { Batch, Flow } from "./StreamReader.ts"

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
