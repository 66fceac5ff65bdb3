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
 * - The errors are the model's and those of the advisors that the chain has, by name.
 * - Without advisors a chain asks its model directly.
 *
 * | Spring AI                              | here                                           |
 * | -------------------------------------- | ---------------------------------------------- |
 * | `ChatClient.create(model)`             | `ChatClient.make(model)`                       |
 * | `.prompt().system(…).user(…).call()`   | the same                                       |
 * | `.content()`, `.chatResponse()`        | `.content()`, `.response()`                    |
 * | `.stream().content()`                  | the same, a Stream; `.parts()` for all parts   |
 * | `advisors(a -> a.param(CONVERSATION_ID, id))` | `.conversation(id)`                     |
 * | `defaultSystem`, `defaultOptions`, …   | `ChatClient.make(model, { system, options })`  |
 *
 * **Example** (A question from a template)
 *
 * ```ts
 * import * as Effect from "effect/Effect"
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
 * Effect.runPromise(program.pipe(Effect.provide(ChatClient.layer()), Effect.provide(ChatModel.layerYaml())))
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
import { PromptSteps } from "./internal/PromptSteps.ts"
import * as Turn from "./internal/Turn.ts"
import * as Prompt from "./Prompt.ts"

/** Advisors, whatever they fail with. */
export type Advisors = ReadonlyArray<Advisor.Advisor<unknown>>

/** What every chain of a client begins with. */
export interface Defaults<A extends Advisors = []> {
  readonly system?: string | undefined
  readonly options?: ChatOptions.ChatOptions | undefined
  /** The first is the outermost. */
  readonly advisors?: A | undefined
}

/** A whole answer that is not asked for yet. */
export class CallSpec<out E> {
  readonly #draft: Turn.Draft

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
}

/** A streamed answer that is not asked for yet. */
export class StreamSpec<out E> {
  readonly #draft: Turn.Draft

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
}

/** A question that is being put together. */
export class RequestSpec<out E> extends PromptSteps<RequestSpec<E>> {
  protected override next(draft: Turn.Draft): RequestSpec<E> {
    return new RequestSpec(draft)
  }

  /** Adds advisors, inside of those that are there. */
  advisors<A extends Advisors>(...advisors: A): RequestSpec<E | Advisor.Errors<A[number]>> {
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

/** A model with defaults. */
export class Client<out E = never> {
  readonly #draft: Turn.Draft

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

  /** A client with other defaults: `system` and `advisors` are replaced, options are merged over those that are there. */
  mutate<const A extends Advisors = []>(changes: Defaults<A>): Client<E | Advisor.Errors<A[number]>> {
    return new Client(withDefaults(this.#draft, changes))
  }
}

const withDefaults = (draft: Turn.Draft, { advisors, options, system }: Defaults<Advisors>): Turn.Draft => ({
  ...draft,
  system: system ?? draft.system,
  options: ChatOptions.merge(draft.options, options ?? ChatOptions.empty),
  advisors: advisors ?? draft.advisors
})

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
export const make = <const A extends Advisors = []>(
  model: ChatModel["Service"],
  defaults: Defaults<A> = {}
): Client<Advisor.Errors<A[number]>> =>
  new Client(
    withDefaults({ model, system: undefined, messages: [], options: ChatOptions.empty, advisors: [] }, defaults)
  )

/**
 * The client as a service, without advisors that fail.
 *
 * **Details**
 *
 * A client whose advisors fail is a service of your own, so that whoever takes it sees the errors:
 * `class Support extends Context.Service<Support, ChatClient.Client<BudgetError>>()("app/Support") {}`.
 */
export class ChatClient extends Context.Service<ChatClient, Client>()("understudy/chat-model/ChatClient") {}

/** A client with these defaults over the ChatModel that is provided. */
export const layer = (defaults?: Defaults<ReadonlyArray<Advisor.Advisor>>): Layer.Layer<ChatClient, never, ChatModel> =>
  Layer.effect(
    ChatClient,
    ChatModel.useSync((model) => make(model, defaults))
  )
