/**
 * Reads the answer to a caller who wants it whole: JSON, or a stream that is folded. A stream comes because it was asked for on
 * the caller's behalf, or because the vendor sends nothing else.
 */

import type { ChatCompletion, Said } from "../../wire/ChatCompletion.ts"
import { fold, foldExactly } from "../wire/Fold.ts"
import * as TextCompletion from "../wire/TextCompletion.ts"
import { AnswerReader } from "./AnswerReader.ts"
import type { Asked } from "./Asked.ts"
import * as JsonAnswer from "./JsonAnswer.ts"
import type { AttemptContext, Control, MakeReader, Reader } from "./Reader.ts"
import type { Batch } from "./Sink.ts"
import { type Output, type StreamEnd, StreamReader } from "./StreamReader.ts"

/** An exchange as the reader of a stream sees it: its answer is the stream's end. */
const whenEnded = <A>(control: Control<A>, onAnswer: () => void): Control<StreamEnd> => ({
  answer: onAnswer,
  fail: (failure) => control.fail(failure),
  arm: (phase, millis) => control.arm(phase, millis),
  awaitWhole: () => control.awaitWhole(),
  pause: () => control.pause(),
  resume: () => control.resume()
})

/** Reads what may come as JSON, or as a stream that `folded` makes the same of. */
const either =
  <A>(
    context: AttemptContext,
    asked: Asked,
    opened: (said: Said) => void,
    kind: JsonAnswer.Kind<A>,
    folded: (completion: ChatCompletion) => A
  ): MakeReader<JsonAnswer.JsonAnswer<A>> =>
  (control, headers) => {
    const json = (): Reader => {
      control.awaitWhole()
      return JsonAnswer.make(context, control, headers, kind)
    }
    const events = (): Reader => {
      const batches: Array<Batch> = []
      const output: Output = {
        gate: () => "hold",
        begin: () => {},
        write: (batch) => void batches.push(batch),
        opened
      }
      const onAnswer = (): void => {
        const body = folded(fold(batches.flatMap(({ chunks }) => chunks)))
        const exact = foldExactly(batches.map(({ bytes }) => bytes))
        const bytes = Buffer.from(JSON.stringify(exact === undefined ? body : folded(exact)))
        control.answer({ body, bytes, headers })
      }
      return new StreamReader(context, whenEnded(control, onAnswer), output, headers, asked)
    }
    return new AnswerReader({ json, events }, headers)
  }

/** Reads a chat completion. `opened` is given what a stream says of itself while it comes. */
export const chat = (
  context: AttemptContext,
  asked: Asked,
  opened: (said: Said) => void
): MakeReader<JsonAnswer.JsonAnswer<ChatCompletion>> =>
  either(context, asked, opened, JsonAnswer.chat, (completion) => completion)

/** Reads a text completion, likewise. */
export const text = (
  context: AttemptContext,
  asked: Asked,
  opened: (said: Said) => void
): MakeReader<JsonAnswer.JsonAnswer<TextCompletion.TextCompletion>> =>
  either(context, asked, opened, JsonAnswer.text, TextCompletion.fromCompletion)

/** Reads what never streams. */
export const json =
  <A>(context: AttemptContext, kind: JsonAnswer.Kind<A>): MakeReader<JsonAnswer.JsonAnswer<A>> =>
  (control, headers) =>
    JsonAnswer.make(context, control, headers, kind)
