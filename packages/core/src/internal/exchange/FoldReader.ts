/**
 * Reads a stream for a caller who wants the answer whole: it was asked for on the caller's behalf, or the vendor sends nothing
 * else.
 */
import type { ChatCompletion, Said } from "../../wire/ChatCompletion.ts"
import { fold, foldExactly } from "../wire/Fold.ts"
import type { JsonAnswer } from "./AnswerReader.ts"
import type { Asked } from "./Asked.ts"
import { type AttemptContext, answering, type Control, type Reader } from "./Reader.ts"
import type { Batch } from "./Sink.ts"
import { type Output, StreamReader } from "./StreamReader.ts"

/** Makes the reader. `opened` is given what the stream says of itself while it comes; `folded` makes an answer of the whole. */
export const make = <A>(
  context: AttemptContext,
  control: Control<JsonAnswer<A>>,
  headers: JsonAnswer<A>["headers"],
  asked: Asked,
  opened: (said: Said) => void,
  folded: (completion: ChatCompletion) => A
): Reader => {
  const batches: Array<Batch> = []
  const onEnd = (): void => {
    const body = folded(fold(batches.flatMap(({ chunks }) => chunks)))
    const exact = foldExactly(batches.map(({ bytes }) => bytes))
    const bytes = Buffer.from(JSON.stringify(exact === undefined ? body : folded(exact)))
    control.answer({ body, bytes, headers })
  }
  const write = (batch: Batch): void => void batches.push(batch)
  const output: Output = { gate: () => "hold", begin: () => {}, write, opened }
  return new StreamReader(context, answering(control, onEnd), output, headers, asked)
}
