/**
 * An answer as a typed value: the model is asked for JSON that fits a schema, what it writes is read with patience, and a
 * model that gets it wrong is shown what is wrong and asked again.
 *
 * ```
 * schema ─▶ outputSchema ─▶ the model ─▶ answer ─▶ the JSON in it ─▶ the schema ─▶ value
 *                               ▲                        │               │
 *                               └─────── repair ◀────────┴───────────────┘
 * ```
 *
 * **Details**
 *
 * - A schema is Effect's, any Standard Schema (zod, valibot, arktype), or plain JSON Schema, which is told to the model and not
 *   checked. valibot does not tell its JSON Schema: pass it as `jsonSchema`.
 * - A schema of a list, a number or a text is sent wrapped in an object, for vendors take nothing else, and unwrapped again.
 * - Understood without asking again: a code fence, prose around the JSON, thinking in tags, commas too many, a missing wrapping,
 *   JSON inside a text.
 * - Asked again (`repairs`, default 2): an answer that is empty, holds no JSON, does not fit, or ran into its token limit. Each
 *   repair goes on from the conversation as it stands: the model is shown the tools that it has called with their results, its
 *   last answer, and what is wrong with it. It is not made to call a tool again.
 * - The vendor keeps to the schema by itself where it can (`native`); elsewhere it is instructed to (`instructed`).
 *
 * **Gotchas**
 *
 * Behind a gateway, `way` is how the gateway was asked; how it asked its vendor, only its own trail tells.
 *
 * **Example** (A value from a prompt)
 *
 * ```ts
 * import type { StandardSchemaV1 } from "@standard-schema/spec"
import * as Effect from "effect/Effect"
import type * as EffectSchema from "effect/Schema"
 * import * as Schema from "effect/Schema"
 * import { ChatModel, Prompt, StructuredOutput } from "@understudy/chat-model"
 *
 * const City = Schema.Struct({ name: Schema.String, inhabitants: Schema.Int })
 *
 * const program = Effect.gen(function* () {
 *   const prompt = Prompt.make("Which is the largest city of Zhejiang?")
 *   const { value, way } = yield* StructuredOutput.entity(ChatModel.stream, prompt, City)
 *   console.log(value.name, value.inhabitants, way)
 * })
 * ```
 *
 * @see ChatOptions.Fields.outputSchema for the option underneath
 */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { Text } from "@understudy/core/wire/Wire"
import * as Effect from "effect/Effect"
import type * as EffectSchema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as ChatOptions from "./ChatOptions.ts"
import type { ChatPart } from "./ChatPart.ts"
import * as ChatResponse from "./ChatResponse.ts"
import type * as SchemaReader from "./internal/schema/SchemaReader.ts"
import * as AnswerShape from "./internal/typed/AnswerShape.ts"
import type { Grower } from "./internal/typed/GrowingValue.ts"
import * as JsonFinder from "./internal/typed/JsonFinder.ts"
import { JsonText } from "./internal/typed/JsonText.ts"
import * as PartialAnswer from "./internal/typed/PartialAnswer.ts"
import * as Message from "./Message.ts"
import * as Prompt from "./Prompt.ts"
import { type Reason, StructuredOutputError } from "./StructuredOutputError.ts"

/** Whatever describes an answer. */
export type Schema = SchemaReader.AnySchema

/** The value that a schema describes. */
export type Value<S extends Schema> = SchemaReader.Output<S>

/** What is there whole or not at all. */
type Whole =
  | Date
  | RegExp
  | URL
  | Error
  | ArrayBufferView
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ((...given: never) => unknown)

/** A value while it is being written: what is not there yet is left out. */
export type Partial<A> = A extends Whole
  ? A
  : A extends ReadonlyArray<infer Item>
    ? ReadonlyArray<Partial<Item>>
    : A extends object
      ? { readonly [Key in keyof A]?: Partial<A[Key]> }
      : A

/** JSON while it is being written: a text that will be one of a few may be the beginning of one of them. */
type Written<A> = A extends string
  ? string
  : A extends Whole
    ? A
    : A extends ReadonlyArray<infer Item>
      ? ReadonlyArray<Written<Item>>
      : A extends object
        ? { readonly [Key in keyof A]?: Written<A[Key]> }
        : A

/**
 * The value that a schema describes while it is being written. Of Effect's schemas it is made of decoded parts; of any other
 * library's it is the JSON that goes into the schema, as far as the model keeps to it.
 */
export type Growing<S extends Schema> = S extends EffectSchema.Top
  ? Partial<Value<S>>
  : S extends StandardSchemaV1
    ? Written<StandardSchemaV1.InferInput<S>>
    : Written<Value<S>>

/** How answers are asked for. */
export interface Options {
  /** Names the schema to the vendor; default `answer`. */
  readonly name?: string | undefined
  /** The JSON Schema, where the schema does not tell it or it is to be another. */
  readonly jsonSchema?: SchemaReader.JsonSchema | undefined
  /** How often the model may be asked again; default 2. */
  readonly repairs?: number | undefined
}

/** A value, and how it came about. */
export interface Entity<A> {
  readonly value: A
  /** How the schema was put to the model that answered. */
  readonly way: "native" | "instructed"
  /** The answer that holds the value. */
  readonly response: ChatResponse.ChatResponse
  /** How often the model was asked again. */
  readonly repairs: number
}

/** Asks a model. */
export type Next<E, R> = (prompt: Prompt.Prompt) => Stream.Stream<ChatPart, E, R>

/** Longest answer that is shown to the model again, or kept in an error, in characters. */
const shown = { repair: 8_000, error: 2_000 } as const

/** One asking. */
interface Turn {
  readonly shape: AnswerShape.AnswerShape
  readonly prompt: Prompt.Prompt
  /** The prompt with the last answer and what was wrong with it. */
  readonly asked: Prompt.Prompt
  readonly repairs: number
  readonly limit: number
}

/** What the model answered. */
interface Answer {
  readonly response: ChatResponse.ChatResponse
  readonly parts: ReadonlyArray<ChatPart>
}

const toAnswer = (parts: ReadonlyArray<ChatPart>): Answer => ({ response: ChatResponse.fromParts(parts), parts })

const begin = (prompt: Prompt.Prompt, schema: Schema, options: Options): Turn => {
  const shape = AnswerShape.make(schema, options.jsonSchema)
  const { jsonSchema, strict } = shape
  const outputSchema = { name: options.name ?? "answer", schema: jsonSchema, strict }
  const asked = Prompt.make(prompt, { outputSchema })
  return { shape, prompt: asked, asked, repairs: 0, limit: options.repairs ?? 2 }
}

const toRepair = (tag: Reason["_tag"], issues: ReadonlyArray<string>): string =>
  tag === "Truncated"
    ? "Your answer was cut off because it was too long. Answer again, shorter, with the whole JSON and nothing else."
    : `Your answer cannot be used:\n${issues.map((issue) => `- ${issue}`).join("\n")}\nAnswer again, with the whole corrected JSON and nothing else.`

/** The prompt with what tools have done since: what is done must not be done again. */
const withTools = (prompt: Prompt.Prompt, parts: ReadonlyArray<ChatPart>): Prompt.Prompt => {
  const messages = parts.flatMap((part) => (part.type === "turn-end" ? part.messages : []))
  return messages.length === 0
    ? prompt
    : Prompt.make(Prompt.append(prompt, ...messages), { toolChoice: ChatOptions.unset })
}

const repaired = (turn: Turn, answer: Answer, tag: Reason["_tag"], issues: ReadonlyArray<string>): Turn => {
  const { text = "" } = answer.response
  const prompt = withTools(turn.prompt, answer.parts)
  const last = text.trim() === "" ? [] : [Message.assistant(Text.cut(text, shown.repair))]
  const asked = Prompt.append(prompt, ...last, Message.user(toRepair(tag, issues)))
  return { ...turn, prompt, asked, repairs: turn.repairs + 1 }
}

/** The value in an answer, or the next asking; fails when there is none. */
const settle = Effect.fnUntraced(function* (turn: Turn, answer: Answer) {
  const { metadata, result, text = "" } = answer.response
  const finish = metadata.finishReason?.unified
  const read = yield* Effect.result(AnswerShape.read(turn.shape, text, finish === "length"))
  if (read._tag === "Success") return { _tag: "Value", value: read.success } as const
  const { refusal } = result.output
  const refused = refusal !== undefined || finish === "content-filter"
  const tag = refused ? "Refused" : finish === "length" ? "Truncated" : read.failure._tag
  const issues = refused ? (refusal === undefined ? [] : [refusal]) : read.failure.issues
  if (!refused && turn.repairs < turn.limit) {
    return { _tag: "Repair", turn: repaired(turn, answer, tag, issues) } as const
  }
  return yield* new StructuredOutputError({
    reason: { _tag: tag },
    attempts: turn.repairs + 1,
    issues,
    text: Text.cut(text, shown.error),
    trail: metadata.trail
  })
})

const wayOf = ({ metadata }: ChatResponse.ChatResponse): Entity<unknown>["way"] =>
  metadata.trail.findLast(({ structured }) => structured !== undefined)?.structured ?? "native"

/** Asks for a value. Dies with a `TypeError` when the schema's JSON Schema is neither told nor given. */
export const entity = Effect.fnUntraced(function* <S extends Schema, E, R>(
  next: Next<E, R>,
  prompt: Prompt.Prompt,
  schema: S,
  options: Options = {}
) {
  let turn = begin(prompt, schema, options)
  while (true) {
    const answer = toAnswer(yield* Stream.runCollect(next(turn.asked)))
    const settled = yield* settle(turn, answer)
    if (settled._tag === "Value") {
      const { response } = answer
      const value = settled.value as Value<S>
      const found: Entity<Value<S>> = { value, way: wayOf(response), response, repairs: turn.repairs }
      return found
    }
    turn = settled.turn
  }
})

const attempt = <E, R>(
  next: Next<E, R>,
  turn: Turn,
  grow: Grower
): Stream.Stream<unknown, E | StructuredOutputError, R> =>
  Stream.suspend(() => {
    const parts: Array<ChatPart> = []
    const answer = new PartialAnswer.PartialAnswer(turn.shape, grow)
    const growing = Stream.mapArray(next(turn.asked), (taken) => {
      for (const part of taken) parts.push(part)
      return [answer.take(taken)]
    }).pipe(Stream.filter((value) => value !== undefined))
    const rest = Effect.map(
      Effect.suspend(() => settle(turn, toAnswer(parts))),
      (settled) => (settled._tag === "Repair" ? attempt(next, settled.turn, grow) : Stream.succeed(settled.value))
    )
    return Stream.concat(growing, Stream.unwrap(rest))
  })

/**
 * Asks for a value and shows it while it is being written: each element is the value as far as it has come, the last one is
 * the value itself.
 *
 * **Gotchas**
 *
 * - Only the last element has been checked as a whole. When the model is asked again, the value starts anew.
 * - Of an Effect Schema each element holds what is decoded already, under the names of the value: a date is there when its text
 *   is whole, a text as far as it has come. What cannot be decoded yet, or does not fit, is left out.
 * - Of any other library's schema the elements before the last are the JSON as the model writes it, unchecked: what goes into
 *   the schema (`Growing`), not what comes out of it.
 *
 * **Example** (A value that grows)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import * as Stream from "effect/Stream"
 * import { ChatModel, Prompt, StructuredOutput } from "@understudy/chat-model"
 *
 * const Cities = Schema.Array(Schema.Struct({ name: Schema.String }))
 * const growing = StructuredOutput.partials(ChatModel.stream, Prompt.make("The cities of Zhejiang?"), Cities)
 * const program = Stream.runForEach(growing, (cities) => Effect.log(cities.length))
 * ```
 */
export const partials = <S extends Schema, E, R>(
  next: Next<E, R>,
  prompt: Prompt.Prompt,
  schema: S,
  options: Options = {}
): Stream.Stream<Growing<S> | Value<S>, E | StructuredOutputError, R> => {
  const asked = Effect.suspend(() => {
    const turn = begin(prompt, schema, options)
    return Effect.map(turn.shape.grower, (grow) => attempt(next, turn, grow))
  })
  return Stream.unwrap(asked) as Stream.Stream<Growing<S> | Value<S>, E | StructuredOutputError, R>
}

/**
 * The JSON in an answer as a text, past thinking, a fence or prose, for whoever reads it by a schema of their own. An answer
 * that is JSON already, or holds none, comes back as it is.
 *
 * **Example** (Behind a fence)
 *
 * ```ts
 * import { StructuredOutput } from "@understudy/chat-model/promise"
 *
 * StructuredOutput.jsonIn('Here they are:\n```json\n[{"city":"Hangzhou"}]\n```') // => '[{"city":"Hangzhou"}]'
 * StructuredOutput.jsonIn("I cannot.") // => "I cannot."
 * ```
 */
export const jsonIn = (answer: string): string => JsonFinder.toText(answer)

/**
 * The same of an answer that is still being written: `push` takes each piece and gives the JSON in it, `end` what is left.
 *
 * **Example** (Behind a fence)
 *
 * ```ts
 * import { StructuredOutput } from "@understudy/chat-model/promise"
 *
 * const json = new StructuredOutput.JsonText()
 * json.push("Here you are: ```js") // => ""
 * json.push('on\n{"city": "Hang') // => '{"city": "Hang'
 * json.push('zhou",}\n```\nAnything else?') // => 'zhou"}'
 * json.end() // => ""
 * ```
 */
export { JsonText }
