/**
 * A fluent face for a ChatModel, after Spring AI's ChatClient: what is asked is put together step by step, what is wanted
 * of the answer comes last.
 *
 * **Details**
 *
 * - Every step returns a new chain and changes nothing: a chain can be kept, branched and asked again.
 * - Nothing is sent by the chain itself: `content`, `response` and the like give an Effect or a Stream, and each run of it
 *   is a new call.
 * - The system's text goes first; messages follow in the order in which they were given. Steps add; what `mutate` is given
 *   replaces, options by the law of `ChatOptions.merge`.
 * - The errors are the model's and those of what the chain has: its advisors, its tools, its schema.
 * - Without advisors and tools a chain asks its model directly.
 * - Tools are run by a `ToolLoop`; `entity` and `partials` are `StructuredOutput`'s, and what it asks again is no turn of its
 *   own to the advisors around the turn.
 *
 * | Spring AI                              | here                                           |
 * | -------------------------------------- | ---------------------------------------------- |
 * | `ChatClient.create(model)`             | `ChatClient.make(model)`                       |
 * | `.prompt().system(…).user(…).call()`   | the same                                       |
 * | `.content()`, `.chatResponse()`        | `.content()`, `.response()`                    |
 * | `.entity(T)`, `.responseEntity(T)`     | `.entity(schema)`, `.responseEntity(schema)`   |
 * | `.tools(…)`                            | the same                                       |
 * | `.stream().content()`                  | the same, a Stream; `.parts()`, `.partials(schema)` |
 * | `advisors(a -> a.param(CONVERSATION_ID, id))` | `.conversation(id)`                     |
 * | `defaultSystem`, `defaultOptions`, …   | `ChatClient.make(model, { system, options })`  |
 *
 * **Example** (A question from a template)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { ChatClient, ChatModel } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const client = yield* ChatClient.ChatClient
 *   return yield* client.prompt()
 *     .system("You are a comedian.")
 *     .user("Tell me a {adjective} joke about {topic}", { adjective: "short", topic: "cats" })
 *     .options({ temperature: 1 })
 *     .call()
 *     .content()
 * })
 *
 * const model = ChatModel.layerYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * Effect.runPromise(Effect.provide(program, Layer.provide(ChatClient.layer(), model))).then(console.log)
 * ```
 *
 * @see PromiseChatClient for the same without Effect
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type * as Advisor from "./Advisor.ts"
import { ChatModel } from "./ChatModel.ts"
import type { ChatModelError } from "./ChatModelError.ts"
import * as ChatOptions from "./ChatOptions.ts"
import type { ChatPart } from "./ChatPart.ts"
import type { ChatResponse } from "./ChatResponse.ts"
import { PromptSteps } from "./internal/turn/PromptSteps.ts"
import * as Turn from "./internal/turn/Turn.ts"
import * as TypedTurn from "./internal/typed/TypedTurn.ts"
import * as Prompt from "./Prompt.ts"
import type * as StructuredOutput from "./StructuredOutput.ts"
import type { StructuredOutputError } from "./StructuredOutputError.ts"
import type * as Tool from "./Tool.ts"
import type { ToolError } from "./ToolError.ts"
import type * as ToolLoop from "./ToolLoop.ts"

/** Advisors, whatever they fail with. */
export type Advisors = ReadonlyArray<Advisor.Advisor<unknown>>

/** Tools that the client runs. */
export type Tools = ReadonlyArray<Tool.Any>

/** What every chain of a client begins with. */
export interface Defaults<A extends Advisors = [], T extends Tools = []> {
  readonly system?: string | undefined
  readonly options?: ChatOptions.ChatOptions | undefined
  /** Tools that the client runs when the model calls them. */
  readonly tools?: T | undefined
  /** How it runs them. */
  readonly toolLoop?: ToolLoop.Options | undefined
  /** The first is the outermost. */
  readonly advisors?: A | undefined
}

/** What a chain with these advisors and tools may fail with beside the model. */
export type Errors<A extends Advisors, T extends Tools = []> =
  | Advisor.Errors<A[number]>
  | (T extends readonly [] ? never : ToolError)

/**
 * A whole answer that is not asked for yet.
 *
 * **Example** (A text, an answer, a value)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { ChatClient, ChatModel } from "@understudy/chat-model"
 *
 * const City = Schema.Struct({ name: Schema.String, inhabitants: Schema.Int })
 *
 * const program = Effect.gen(function* () {
 *   const asked = ChatClient.make(yield* ChatModel.ChatModel).prompt("Which city lies on the Qiantang?").call()
 *   const text = yield* asked.content()
 *   const { metadata } = yield* asked.response()
 *   const { name } = yield* asked.entity(City)
 *   const { repairs, way } = yield* asked.responseEntity(City, { repairs: 1 })
 *   return { text, model: metadata.model, name, repairs, way }
 * })
 * ```
 */
export class CallSpec<out E> {
  readonly #draft: Turn.Draft

  /** @internal */
  constructor(draft: Turn.Draft) {
    this.#draft = draft
  }

  /** The answer's text; undefined when it has none. */
  content(): Effect.Effect<string | undefined, ChatModelError | E> {
    return Effect.map(this.response(), ({ text }) => text)
  }

  /** The answer with all that is known about it. */
  response(): Effect.Effect<ChatResponse, ChatModelError | E> {
    return Turn.call(this.#draft)
  }

  /** The answer as a value that fits a schema. */
  entity<S extends StructuredOutput.Schema>(
    schema: S,
    options?: StructuredOutput.Options
  ): Effect.Effect<StructuredOutput.Value<S>, ChatModelError | StructuredOutputError | E> {
    return Effect.map(this.responseEntity(schema, options), ({ value }) => value)
  }

  /** The same, with the answer that holds it and how it came about. */
  responseEntity<S extends StructuredOutput.Schema>(
    schema: S,
    options?: StructuredOutput.Options
  ): Effect.Effect<StructuredOutput.Entity<StructuredOutput.Value<S>>, ChatModelError | StructuredOutputError | E> {
    return TypedTurn.entity(this.#draft, schema, options)
  }
}

/**
 * A streamed answer that is not asked for yet.
 *
 * **Example** (Texts, parts, a value that grows)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import * as Stream from "effect/Stream"
 * import { ChatClient, ChatModel } from "@understudy/chat-model"
 *
 * const City = Schema.Struct({ name: Schema.String, inhabitants: Schema.Int })
 *
 * const program = Effect.gen(function* () {
 *   const asked = ChatClient.make(yield* ChatModel.ChatModel).prompt("Which city lies on the Qiantang?").stream()
 *   yield* Stream.runForEach(asked.content(), (text) => Effect.sync(() => process.stdout.write(text)))
 *   yield* Stream.runForEach(asked.parts(), (part) => Effect.log(part.type))
 *   yield* Stream.runForEach(asked.partials(City), ({ name }) => Effect.log(name ?? "not yet"))
 * })
 * ```
 */
export class StreamSpec<out E> {
  readonly #draft: Turn.Draft

  /** @internal */
  constructor(draft: Turn.Draft) {
    this.#draft = draft
  }

  /** The answer's text, piece by piece. */
  content(): Stream.Stream<string, ChatModelError | E> {
    return Stream.filterMap(this.parts(), (part) =>
      part.type === "text-delta" ? Result.succeed(part.delta) : Result.failVoid
    )
  }

  /** All parts of the answer. */
  parts(): Stream.Stream<ChatPart, ChatModelError | E> {
    return Turn.stream(this.#draft)
  }

  /** The value that fits a schema, as far as it has come; only the last element has been checked. */
  partials<S extends StructuredOutput.Schema>(
    schema: S,
    options?: StructuredOutput.Options
  ): Stream.Stream<
    StructuredOutput.Growing<S> | StructuredOutput.Value<S>,
    ChatModelError | StructuredOutputError | E
  > {
    return TypedTurn.partials(this.#draft, schema, options)
  }
}

/**
 * A question that is being put together.
 *
 * **Example** (A tool, an advisor and a conversation)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { CacheAdvisor, ChatClient, ChatModel, Message, Tool } from "@understudy/chat-model"
 *
 * const weather = Tool.make({ name: "weather", handler: () => ({ celsius: 21 }) })
 *
 * const program = Effect.gen(function* () {
 *   const client = ChatClient.make(yield* ChatModel.ChatModel)
 *   return yield* client.prompt()
 *     .messages(Message.user("I am in Hangzhou."), Message.assistant("How nice!"))
 *     .user("How is the weather?")
 *     .conversation("c1")
 *     .tools(weather)
 *     .advisors(CacheAdvisor.make())
 *     .call()
 *     .content() // => 'The tool says: {"celsius":21}'
 * })
 * ```
 */
export class RequestSpec<out E> extends PromptSteps<RequestSpec<E>> {
  protected override next(draft: Turn.Draft): RequestSpec<E> {
    return new RequestSpec(draft)
  }

  /** Adds tools that the client runs when the model calls them; `toolLoop` among the defaults says how. */
  tools<T extends Tools>(...tools: T): RequestSpec<E | Errors<[], T>> {
    return new RequestSpec({ ...this.draft, tools: [...this.draft.tools, ...tools] })
  }

  /** Adds advisors, inside of those that are there. */
  advisors<A extends Advisors>(...advisors: A): RequestSpec<E | Errors<A>> {
    return new RequestSpec({ ...this.draft, advisors: [...this.draft.advisors, ...advisors] })
  }

  /** Asks for the whole answer. */
  call(): CallSpec<E> {
    return new CallSpec(this.draft)
  }

  /** Asks for the answer as it comes. */
  stream(): StreamSpec<E> {
    return new StreamSpec(this.draft)
  }
}

/** A model with defaults; `make` makes one. */
export class Client<out E = never> {
  readonly #draft: Turn.Draft

  /** @internal */
  constructor(draft: Turn.Draft) {
    this.#draft = draft
  }

  /** Begins a chain: empty, or with whatever is taken for a prompt. */
  prompt(input?: Prompt.Input): RequestSpec<E> {
    const spec = new RequestSpec<E>(this.#draft)
    if (input === undefined) return spec
    const { messages, options } = Prompt.make(input)
    return spec.messages(...messages).options(options)
  }

  /** A client with other defaults: what is given replaces, options are merged over those that are there. */
  mutate<const A extends Advisors = [], const T extends Tools = []>(changes: Defaults<A, T>): Client<E | Errors<A, T>> {
    return new Client(withDefaults(this.#draft, changes))
  }
}

const withDefaults = (draft: Turn.Draft, changes: Defaults<Advisors, Tools>): Turn.Draft => ({
  ...draft,
  system: changes.system ?? draft.system,
  options: ChatOptions.merge(draft.options, changes.options ?? ChatOptions.empty),
  tools: changes.tools ?? draft.tools,
  toolLoop: changes.toolLoop ?? draft.toolLoop,
  advisors: changes.advisors ?? draft.advisors
})

const empty = { system: undefined, messages: [], options: ChatOptions.empty, tools: [], toolLoop: {}, advisors: [] }

/**
 * Makes a client over a model.
 *
 * **Example** (Two clients of one model)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { ChatClient, ChatModel } from "@understudy/chat-model"
 *
 * const program = Effect.gen(function* () {
 *   const comedian = ChatClient.make(yield* ChatModel.ChatModel, { system: "You are a comedian." })
 *   const brief = comedian.mutate({ options: { maxTokens: 50 } })
 *   return yield* brief.prompt("Tell me a joke").call().content()
 * })
 * ```
 */
export const make = <const A extends Advisors = [], const T extends Tools = []>(
  model: ChatModel["Service"],
  defaults: Defaults<A, T> = {}
): Client<Errors<A, T>> => new Client(withDefaults({ ...empty, model }, defaults))

/**
 * The client as a service, without tools and without advisors that fail.
 *
 * **Details**
 *
 * A client with more errors than the model's is a service of your own, so that whoever takes it sees them:
 * `class Support extends Context.Service<Support, ChatClient.Client<BudgetError>>()("app/Support") {}`.
 */
export class ChatClient extends Context.Service<ChatClient, Client>()("understudy/chat-model/ChatClient") {}

/** A client with these defaults over the ChatModel that is provided. */
export const layer = (defaults?: Defaults<ReadonlyArray<Advisor.Advisor>>): Layer.Layer<ChatClient, never, ChatModel> =>
  Layer.effect(
    ChatClient,
    ChatModel.useSync((model) => make(model, defaults))
  )
