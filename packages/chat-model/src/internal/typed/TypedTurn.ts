/**
 * A question whose answer is a value: the asking again that this may take happens inside of the turn, so that the advisors
 * around it, a memory above all, see one answer: the one that holds the value.
 *
 * An advisor around the turn that answers without asking is taken at its word: the value is read from its answer.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { InnerError } from "../../Advisor.ts"
import type { ChatModelError } from "../../ChatModelError.ts"
import type { ChatPart } from "../../ChatPart.ts"
import type { Prompt } from "../../Prompt.ts"
import * as StructuredOutput from "../../StructuredOutput.ts"
import type { StructuredOutputError } from "../../StructuredOutputError.ts"
import { collect } from "../stream/PartWatch.ts"
import * as Turn from "../turn/Turn.ts"

type Schema = StructuredOutput.Schema
type Failure = ChatModelError | InnerError | StructuredOutputError
type Asked = (prompt: Prompt) => Turn.Parts

/** Runs `read`, which asks as often as it likes, inside of a turn; when nothing was asked, on the answer that was given. */
const around = (
  draft: Turn.Draft,
  mode: "call" | "stream",
  read: (asked: Asked, prompt: Prompt) => Effect.Effect<void, Failure>
): Effect.Effect<void, Failure> =>
  Effect.suspend(() => {
    let wasAsked = false
    const given: Array<ChatPart> = []
    const turn = Turn.run(draft, mode, (loop) => (request) => {
      wasAsked = true
      // What tools did before an answer that was asked for again is part of the turn.
      let done: ReadonlyArray<ChatPart> = []
      let last: Array<ChatPart> = []
      const asked: Asked = (prompt) =>
        Stream.suspend(() => {
          done = [...done, ...last.slice(0, last.findLastIndex(({ type }) => type === "turn-end") + 1)]
          last = []
          return collect(loop({ ...request, prompt }), last)
        })
      return Stream.concat(
        Stream.fromEffectDrain(read(asked, request.prompt)),
        Stream.suspend(() => Stream.fromArray([...done, ...last]))
      ) as Turn.Parts
    })
    const answered = Effect.suspend(() =>
      wasAsked ? Effect.void : read(() => Stream.fromArray(given), { messages: [], options: {} })
    )
    return Effect.andThen(Stream.runDrain(collect(turn, given)), answered)
  })

/** The value, with how it came about. */
export const entity = <S extends Schema, E>(
  draft: Turn.Draft,
  schema: S,
  options: StructuredOutput.Options = {}
): Effect.Effect<StructuredOutput.Entity<StructuredOutput.Value<S>>, ChatModelError | StructuredOutputError | E> =>
  Effect.suspend(() => {
    let found: unknown
    const read = (asked: Asked, prompt: Prompt) =>
      Effect.map(StructuredOutput.entity(asked, prompt, schema, options), (entity) => {
        found = entity
      })
    return Effect.map(around(draft, "call", read), () => found)
  }) as never

/** The value as far as it has come, again and again, and at last itself. */
export const partials = <S extends Schema, E>(
  draft: Turn.Draft,
  schema: S,
  options: StructuredOutput.Options = {}
): Stream.Stream<StructuredOutput.Growing<S> | StructuredOutput.Value<S>, ChatModelError | StructuredOutputError | E> =>
  Stream.callback<unknown, Failure>((queue) => {
    const read = (asked: Asked, prompt: Prompt) =>
      Stream.runForEach(StructuredOutput.partials(asked, prompt, schema, options), (value) => Queue.offer(queue, value))
    return Effect.andThen(around(draft, "stream", read), Queue.end(queue))
  }) as never
