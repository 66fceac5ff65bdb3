/**
 * The ChatClient for those who do not use Effect: the same chain, with promises and async iterables at its end.
 *
 * **Details**
 *
 * - `call({ signal })` and `stream({ signal })` take a signal: when it aborts they reject with its reason, and the request at
 *   the vendor ends. Leaving a `for await` loop early ends it, too, without the error.
 * - The client holds nothing: close its PromiseChatModel at the end.
 *
 * **Example** (A question from a template, and a stream)
 *
 * ```ts
 * import { PromiseChatClient, PromiseChatModel } from "@understudy/chat-model/promise"
 *
 * const chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen3.8-flash" })
 * const client = PromiseChatClient.make(chat, { system: "You are a comedian." })
 * const joke = client.prompt().user("Tell me a {adjective} joke", { adjective: "short" })
 * console.log(await joke.call().content())
 * for await (const text of joke.stream({ signal: AbortSignal.timeout(10_000) }).content()) process.stdout.write(text)
 * console.log(await client.mutate({ options: { maxTokens: 50 } }).prompt("Another, brief").call().content())
 * await chat.close()
 * ```
 *
 * @see ChatClient for what each step means
 */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import * as Stream from "effect/Stream"
import * as ChatClient from "./ChatClient.ts"
import { ChatModel } from "./ChatModel.ts"
import { ChatModelError } from "./ChatModelError.ts"
import type { ChatPart } from "./ChatPart.ts"
import type { ChatResponse } from "./ChatResponse.ts"
import { Host } from "./internal/runtime/Host.ts"
import * as Handover from "./internal/stream/Handover.ts"
import { PromptSteps } from "./internal/turn/PromptSteps.ts"
import type { Draft } from "./internal/turn/Turn.ts"
import type { PromiseChatModel, RunOptions } from "./PromiseChatModel.ts"
import type * as Prompt from "./Prompt.ts"
import type * as StructuredOutput from "./StructuredOutput.ts"

/** What runs the turns of a draft: the services are its model's, which closes them itself. */
const hostOf = ({ model }: Draft): Host<never> => Host.borrow(Handover.servicesOf(model))

/**
 * A whole answer that is not asked for yet.
 *
 * **Example** (An answer, and values of a schema)
 *
 * ```ts
 * import { PromiseChatClient, PromiseChatModel } from "@understudy/chat-model/promise"
 * import { z } from "zod"
 *
 * const City = z.object({ name: z.string(), inhabitants: z.int() })
 *
 * await using chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen-plus" })
 * const asked = PromiseChatClient.make(chat).prompt("Which city lies on the Qiantang?").call()
 * const { metadata } = await asked.response()
 * const { name, inhabitants } = await asked.entity(City)
 * const { value, way } = await asked.responseEntity(City, { repairs: 1 })
 * metadata.model // => "qwen-plus"
 * ```
 */
export class CallSpec {
  readonly #spec: ChatClient.CallSpec<unknown>
  readonly #host: Host<never>
  readonly #signal: AbortSignal | undefined

  /** @internal */
  constructor(draft: Draft, { signal }: RunOptions) {
    this.#spec = new ChatClient.CallSpec(draft)
    this.#host = hostOf(draft)
    this.#signal = signal
  }

  /** The answer's text; undefined when it has none. */
  content(): Promise<string | undefined> {
    return this.#host.run(this.#spec.content(), this.#signal)
  }

  /** The answer with all that is known about it. */
  response(): Promise<ChatResponse> {
    return this.#host.run(this.#spec.response(), this.#signal)
  }

  /** The answer as a value that fits a schema. */
  entity<S extends StructuredOutput.Schema>(
    schema: S,
    options?: StructuredOutput.Options
  ): Promise<StructuredOutput.Value<S>> {
    return this.#host.run(this.#spec.entity(schema, options), this.#signal)
  }

  /** The same, with the answer that holds it and how it came about. */
  responseEntity<S extends StructuredOutput.Schema>(
    schema: S,
    options?: StructuredOutput.Options
  ): Promise<StructuredOutput.Entity<StructuredOutput.Value<S>>> {
    return this.#host.run(this.#spec.responseEntity(schema, options), this.#signal)
  }
}

/**
 * A streamed answer that is not asked for yet.
 *
 * **Example** (Parts, and a value that grows)
 *
 * ```ts
 * import { PromiseChatClient, PromiseChatModel } from "@understudy/chat-model/promise"
 * import { z } from "zod"
 *
 * const City = z.object({ name: z.string(), inhabitants: z.int() })
 *
 * await using chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen-plus" })
 * const asked = PromiseChatClient.make(chat).prompt("Which city lies on the Qiantang?").stream()
 * for await (const part of asked.parts()) if (part.type === "text-delta") process.stdout.write(part.delta)
 * for await (const city of asked.partials(City)) console.log(city.name ?? "not yet")
 * ```
 */
export class StreamSpec {
  readonly #spec: ChatClient.StreamSpec<unknown>
  readonly #host: Host<never>
  readonly #signal: AbortSignal | undefined

  /** @internal */
  constructor(draft: Draft, { signal }: RunOptions) {
    this.#spec = new ChatClient.StreamSpec(draft)
    this.#host = hostOf(draft)
    this.#signal = signal
  }

  /** The answer's text, piece by piece. */
  content(): AsyncIterable<string, undefined> {
    return this.#host.iterate(() => this.#spec.content(), this.#signal)
  }

  /** All parts of the answer. */
  parts(): AsyncIterable<ChatPart, undefined> {
    return this.#host.iterate(() => this.#spec.parts(), this.#signal)
  }

  /** The value that fits a schema, as far as it has come; only the last one has been checked. */
  partials<S extends StructuredOutput.Schema>(
    schema: S,
    options?: StructuredOutput.Options
  ): AsyncIterable<StructuredOutput.Growing<S> | StructuredOutput.Value<S>, undefined> {
    return this.#host.iterate(() => this.#spec.partials(schema, options), this.#signal)
  }
}

/**
 * A question that is being put together.
 *
 * **Example** (With a tool and an advisor)
 *
 * ```ts
 * import { CacheAdvisor, PromiseChatClient, PromiseChatModel, Tool } from "@understudy/chat-model/promise"
 *
 * const weather = Tool.make({ name: "weather", handler: async () => ({ celsius: 21 }) })
 *
 * await using chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen-plus" })
 * const asked = PromiseChatClient.make(chat)
 *   .prompt("How is the weather?")
 *   .tools(weather)
 *   .advisors(CacheAdvisor.make())
 * await asked.call().content() // => 'The tool says: {"celsius":21}'
 * ```
 */
export class RequestSpec extends PromptSteps<RequestSpec> {
  protected override next(draft: Draft): RequestSpec {
    return new RequestSpec(draft)
  }

  /** Adds tools that the client runs when the model calls them; `toolLoop` among the defaults says how. */
  tools(...tools: ChatClient.Tools): RequestSpec {
    return this.next({ ...this.draft, tools: [...this.draft.tools, ...tools] })
  }

  /** Adds advisors, inside of those that are there. */
  advisors(...advisors: ChatClient.Advisors): RequestSpec {
    return this.next({ ...this.draft, advisors: [...this.draft.advisors, ...advisors] })
  }

  /** Asks for the whole answer. */
  call(options: RunOptions = {}): CallSpec {
    return new CallSpec(this.draft, options)
  }

  /** Asks for the answer as it comes. */
  stream(options: RunOptions = {}): StreamSpec {
    return new StreamSpec(this.draft, options)
  }
}

/** A model with defaults; `make` makes one. */
export class Client {
  readonly #client: ChatClient.Client<unknown>

  /** @internal */
  constructor(client: ChatClient.Client<unknown>) {
    this.#client = client
  }

  /** Begins a chain: empty, or with whatever is taken for a prompt. */
  prompt(input?: Prompt.Input): RequestSpec {
    return new RequestSpec(this.#client.prompt(input).draft)
  }

  /** A client with other defaults: what is given replaces, options are merged over those that are there. */
  mutate(changes: ChatClient.Defaults<ChatClient.Advisors, ChatClient.Tools>): Client {
    return new Client(this.#client.mutate(changes))
  }
}

const orDefect = (error: unknown): Effect.Effect<never, ChatModelError> =>
  error instanceof ChatModelError ? Effect.fail(error) : Effect.die(error)

const fromPromise = (chat: PromiseChatModel): ChatModel["Service"] => {
  const model = ChatModel.of({
    options: chat.options,
    call: (input) =>
      Effect.contextWith((context: Context.Context<never>) =>
        Effect.catchDefect(
          Effect.promise((signal) => chat.call(input, Handover.within(context, signal))),
          orDefect
        )
      ),
    stream: (input) =>
      Stream.unwrap(
        Effect.map(Effect.context<never>(), (context) =>
          Stream.catch(Stream.fromAsyncIterable(chat.stream(input, Handover.within(context)), identity), (error) =>
            Stream.fromEffect(orDefect(error))
          )
        )
      )
  })
  Handover.remember(model, Handover.servicesOf(chat))
  return model
}

/**
 * Makes a client over a model, of whatever making: `make(await PromiseChatModel.fromLayer(layer))`.
 *
 * **Example** (Tools, memory, a value and a stream)
 *
 * ```ts
 * import { ChatMemory, MemoryAdvisor, PromiseChatClient, PromiseChatModel, Tool } from "@understudy/chat-model/promise"
 * import { z } from "zod"
 *
 * const weather = Tool.make({
 *   name: "weather",
 *   description: "The weather in a city",
 *   parameters: z.object({ city: z.string() }),
 *   handler: async ({ city }) => ({ city, celsius: 21 })
 * })
 * const Trip = z.object({ city: z.string(), days: z.int() })
 *
 * const chat = await PromiseChatModel.fromYaml("understudy.yaml", { model: "qwen-plus" })
 * const client = PromiseChatClient.make(chat, {
 *   system: "You plan trips.",
 *   advisors: [MemoryAdvisor.make(ChatMemory.make())]
 * })
 *
 * const ann = client.prompt().conversation("ann")
 * console.log(await ann.user("How is the weather in {city}?", { city: "Hangzhou" }).tools(weather).call().content())
 * const { city, days } = await ann.user("Plan a trip there").call().entity(Trip)
 * for await (const text of ann.user(`What is there to see in ${days} days?`).stream().content()) process.stdout.write(text)
 * await chat.close()
 * ```
 */
export const make = (
  chat: PromiseChatModel,
  defaults?: ChatClient.Defaults<ChatClient.Advisors, ChatClient.Tools>
): Client => new Client(ChatClient.make(fromPromise(chat), defaults))
