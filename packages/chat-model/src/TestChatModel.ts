/**
 * A ChatModel that answers from a script and records what it was asked: for tests of applications, without a network.
 *
 * | entry                                     | answer                                                              |
 * | ----------------------------------------- | ------------------------------------------------------------------- |
 * | `"Hello"`                                 | a text, streamed word by word                                       |
 * | `{ text, reasoning, toolCalls, usage }`   | whatever of these it has                                            |
 * | a `ChatResponse`                          | that                                                                |
 * | `[part, delay("1 second"), part, error]`  | these parts, at these times, and the error that it broke off with   |
 * | a `ChatModelError`                        | that failure; `failure(reason)` makes one                           |
 * | `(prompt) => entry`                       | what it makes of the prompt                                         |
 *
 * **Details**
 *
 * - One entry a call, in order. A call too many dies with an error that says so: no handler of failures hides it.
 * - Prompts are checked as the real model checks them: what makes no sense fails with `InvalidPrompt` and is not recorded.
 * - Delays are on the injected clock, so `TestClock` steers them.
 * - There is no `ChatModel.layerTest` beside: one thing, one name. A `ChatClient` is tested over it (`ChatClient.layer()`), a
 *   `ChatMemory` of this process is as good in a test as elsewhere.
 *
 * **Example** (Testing a program)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatModel, TestChatModel } from "@understudy/chat-model"
 *
 * const test = Effect.gen(function* () {
 *   const response = yield* ChatModel.call("Who are you?")
 *   const [prompt] = yield* TestChatModel.prompts
 *   return [response.text, prompt?.messages.length] // => ["A test.", 1]
 * }).pipe(Effect.provide(TestChatModel.layer(["A test."])))
 * ```
 *
 * @see TestChatModels for several models by name
 * @see TestEmbeddingModel for vectors
 * @see ToolLoop for what tool calls of a script are good for
 */
import type { AttemptRecord } from "@understudy/core/failure/Trail"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as ChatModel from "./ChatModel.ts"
import { ChatModelError, type Reason } from "./ChatModelError.ts"
import * as ChatOptions from "./ChatOptions.ts"
import type { ChatPart } from "./ChatPart.ts"
import * as ChatResponse from "./ChatResponse.ts"
import * as ScriptParts from "./internal/stream/ScriptParts.ts"
import * as PromptCheck from "./internal/wire/PromptCheck.ts"
import * as PromiseChatModel from "./PromiseChatModel.ts"
import * as Prompt from "./Prompt.ts"

/** A pause between parts. */
export interface Delay {
  readonly type: "delay"
  readonly duration: Duration.Input
}

/** What happens next in an answer: a part comes, nothing comes for a while, or the answer breaks off. */
export type Step = ChatPart | Delay | ChatModelError

/** An answer by what is in it. */
export type Answer = ScriptParts.Answer

/** One answer of a script. */
export type Answering = string | Answer | ChatResponse.ChatResponse | ReadonlyArray<Step> | ChatModelError

/** One entry of a script. */
export type Entry = Answering | ((prompt: Prompt.Prompt) => Answering)

/** How the script is played. */
export interface Options {
  /** What prompts are merged over. Default: `{ model: "test" }`. */
  readonly options?: ChatOptions.ChatOptions | undefined
  /** The last entry answers every further call, too. Default: false. */
  readonly repeatLast?: boolean | undefined
}

/** What a scripted model was asked. */
export class TestChatModel extends Context.Service<
  TestChatModel,
  {
    /** The prompts so far, in order, with the options that were in force. Grows as calls come in. */
    readonly prompts: ReadonlyArray<Prompt.Prompt>
  }
>()("understudy/chat-model/TestChatModel") {}

/** The prompts so far. */
export const prompts: Effect.Effect<ReadonlyArray<Prompt.Prompt>, never, TestChatModel> = TestChatModel.useSync(
  (test) => [...test.prompts]
)

/**
 * A pause between parts, on the injected clock.
 *
 * **Example** (An answer that breaks off after a second)
 *
 * ```ts
 * import { TestChatModel } from "@understudy/chat-model/promise"
 *
 * const broken = TestChatModel.failure({ _tag: "DeadlineExceeded", total: 1000 })
 * const layer = TestChatModel.layer([
 *   [{ type: "text-delta", id: "text-1", delta: "Once" }, TestChatModel.delay("1 second"), broken]
 * ])
 * ```
 */
export const delay = (duration: Duration.Input): Delay => ({ type: "delay", duration })

/** An error with this reason, for a script. */
export const failure = (reason: Reason, trail: ReadonlyArray<AttemptRecord> = []): ChatModelError =>
  new ChatModelError({ message: `The script fails this call with ${reason._tag}`, reason, trail })

const isSteps = (entry: Answering): entry is ReadonlyArray<Step> => Array.isArray(entry)

const toSteps = (entry: Answering, model: string, call: number): ReadonlyArray<Step> => {
  if (isSteps(entry)) return entry
  if (entry instanceof ChatModelError) return [entry]
  return ScriptParts.make(typeof entry === "string" ? { text: entry } : entry, model, call)
}

const play = (steps: ReadonlyArray<Step>): Stream.Stream<ChatPart, ChatModelError> =>
  Stream.fromIterable(steps).pipe(
    Stream.mapEffect((step): Effect.Effect<ReadonlyArray<ChatPart>, ChatModelError> => {
      if (step instanceof ChatModelError) return Effect.fail(step)
      return step.type === "delay" ? Effect.as(Effect.sleep(step.duration), []) : Effect.succeed([step])
    }),
    Stream.flatMap((parts) => Stream.fromArray(parts))
  )

const exhausted = (scripted: number): Error =>
  new Error(
    `TestChatModel: call ${scripted + 1} came, but the script has ${scripted} ${scripted === 1 ? "entry" : "entries"}. ` +
      "Add an entry, or pass { repeatLast: true }."
  )

/**
 * A scripted model and what it was asked, as plain values.
 *
 * **Example** (An answer made of the question)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { TestChatModel } from "@understudy/chat-model"
 *
 * const { model, prompts } = TestChatModel.make([({ messages }) => `${messages.length} message`])
 * const response = Effect.runSync(model.call("Who are you?"))
 * response.text // => "1 message"
 * prompts.length // => 1
 * ```
 */
export const make = (
  script: ReadonlyArray<Entry>,
  { options = ChatOptions.empty, repeatLast = false }: Options = {}
): { readonly model: ChatModel.ChatModel["Service"]; readonly prompts: ReadonlyArray<Prompt.Prompt> } => {
  const defaults = ChatOptions.merge({ model: "test" }, options)
  const asked: Array<Prompt.Prompt> = []
  const stream = (input: Prompt.Input): Stream.Stream<ChatPart, ChatModelError> =>
    Stream.suspend(() => {
      const given = Prompt.make(input)
      const prompt: Prompt.Prompt = { messages: given.messages, options: ChatOptions.merge(defaults, given.options) }
      const resolved = ChatOptions.resolve(prompt.options)
      const flaw = PromptCheck.fieldsFlaw(prompt.messages, resolved)
      if (flaw !== undefined) return Stream.fail(flaw)
      const entry = script[asked.length] ?? (repeatLast ? script.at(-1) : undefined)
      if (entry === undefined) return Stream.die(exhausted(script.length))
      asked.push(prompt)
      const answering = typeof entry === "function" ? entry(prompt) : entry
      return play(toSteps(answering, resolved.model ?? "test", asked.length))
    })
  const model = ChatModel.ChatModel.of({
    options: defaults,
    call: (input) => ChatResponse.fromStream(stream(input)),
    stream
  })
  return { model, prompts: asked }
}

/** A scripted ChatModel, and the `TestChatModel` that knows what it was asked. */
export const layer = (
  script: ReadonlyArray<Entry>,
  options?: Options
): Layer.Layer<ChatModel.ChatModel | TestChatModel> =>
  Layer.effectContext(
    Effect.sync(() => {
      const { model, prompts: asked } = make(script, options)
      return Context.make(ChatModel.ChatModel, model).pipe(Context.add(TestChatModel, { prompts: asked }))
    })
  )

/** A scripted `PromiseChatModel`. */
export interface TestPromiseChatModel extends PromiseChatModel.PromiseChatModel {
  /** The prompts so far, in order, with the options that were in force. Grows as calls come in. */
  readonly prompts: ReadonlyArray<Prompt.Prompt>
}

/**
 * A scripted model for those who do not use Effect.
 *
 * **Example** (Testing a function)
 *
 * ```ts
 * import { TestChatModel } from "@understudy/chat-model/promise"
 *
 * await using chat = await TestChatModel.promise(["A test."])
 * const { text } = await chat.call("Who are you?")
 * text // => "A test."
 * chat.prompts.length // => 1
 * ```
 */
export const promise = async (script: ReadonlyArray<Entry>, options?: Options): Promise<TestPromiseChatModel> => {
  const { model, prompts: asked } = make(script, options)
  const chat = await PromiseChatModel.fromLayer(Layer.succeed(ChatModel.ChatModel, model))
  return Object.assign(chat, { prompts: asked })
}
