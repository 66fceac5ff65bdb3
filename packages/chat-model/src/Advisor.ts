/**
 * What stands between a ChatClient and its model: sees the prompt on its way out and the parts of the answer on their way
 * back, and may change, replace or refuse either.
 *
 * ```
 * advisors around the turn, the first outermost
 *   the tool loop
 *     advisors around each request, the first outermost
 *       the model
 * ```
 *
 * **Details**
 *
 * - One form for `call` and `stream`: an answer is a stream of parts, and of a call they come at once. The model is asked
 *   for JSON by a call and for a stream by a stream, whatever the advisors are.
 * - The order is the order of the list. Where an advisor stands to the tool loop it says itself: `around: "turn"` sees
 *   what the user asked and everything until the last answer, `around: "request"` sees each request to the model.
 * - An advisor needs no services: it closes over those that it was made with. What one advisor tells those inside it is a
 *   `Context.Reference` that it provides to `next(request)`.
 * - Its own errors are in its type, and so in that of every client that has it. The errors of what is inside pass through.
 *
 * **Gotchas**
 *
 * A reader may leave a stream before its end: whatever must happen then belongs into `Stream.onExit`.
 *
 * **Example** (A question that is refused before it is sent)
 *
 * ```ts
 * import * as Data from "effect/Data"
 * import * as Stream from "effect/Stream"
 * import { Advisor, Message } from "@understudy/chat-model"
 *
 * class Forbidden extends Data.TaggedError("Forbidden")<{ readonly message: string }> {}
 *
 * const safeguard = Advisor.make("safeguard", (request, next) =>
 *   request.prompt.messages.some((message) => Message.textOf(message)?.includes("password"))
 *     ? Stream.fail(new Forbidden({ message: "Passwords are not talked about" }))
 *     : next(request)
 * )
 * ```
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ChatModelError } from "./ChatModelError.ts"
import type { ChatPart } from "./ChatPart.ts"
import * as ChatResponse from "./ChatResponse.ts"
import { type Awaitable, orDefect } from "./internal/runtime/Awaitable.ts"
import { onComplete } from "./internal/stream/PartWatch.ts"
import type { Prompt } from "./Prompt.ts"

/** What an advisor stands around: everything that a question leads to, or each request to the model on the way. */
export type Around = "turn" | "request"

/** What an advisor is asked. */
export interface Request {
  /** Its options hold the model's defaults too. */
  readonly prompt: Prompt
  readonly mode: "call" | "stream"
}

declare const inner: unique symbol

/** What else may fail inside of an advisor: it cannot know those errors, and passes them on. */
export interface InnerError {
  readonly [inner]: true
}

/** What is inside of an advisor. Each run of the stream asks anew. */
export type Next = (request: Request) => Stream.Stream<ChatPart, ChatModelError | InnerError>

/** What an advisor does. */
export type Advise<E> = (request: Request, next: Next) => Stream.Stream<ChatPart, ChatModelError | InnerError | E>

/** A piece of what a client does beside asking; it may fail with `E`. */
export interface Advisor<out E = never> {
  readonly name: string
  readonly around: Around
  readonly advise: Advise<E>
}

type Own<E> = Exclude<E, ChatModelError | InnerError>

/** What an advisor, or one of several, may fail with. */
export type Errors<A> = A extends Advisor<infer E> ? E : never

/** Makes an advisor. Its errors are those of `advise` that do not come from inside. */
export const make = <E = never>(name: string, advise: Advise<E>, around: Around = "turn"): Advisor<Own<E>> => ({
  name,
  around,
  advise: advise as Advise<Own<E>>
})

/**
 * An advisor that changes what is asked. A promise that it gives may not fail: what it rejects with is a defect.
 *
 * **Example** (Telling the model what was found)
 *
 * ```ts
 * import { Advisor, Message, Prompt } from "@understudy/chat-model/promise"
 *
 * const search = async (_: string) => "Hangzhou lies on the Qiantang."
 * const retrieval = Advisor.onPrompt("retrieval", async (prompt) => {
 *   const found = await search("Hangzhou")
 *   return Prompt.make([Message.system(found), ...prompt.messages], prompt.options)
 * })
 * ```
 */
export const onPrompt = <E = never>(
  name: string,
  change: (prompt: Prompt) => Awaitable<Prompt, E>,
  around: Around = "turn"
): Advisor<Own<E>> =>
  make(
    name,
    (request, next) =>
      Stream.unwrap(
        Effect.map(
          orDefect(() => change(request.prompt)),
          (prompt) => next({ ...request, prompt })
        )
      ),
    around
  )

/**
 * An advisor that is told of each answer that came whole. The reader's stream ends when it is done, and fails if it fails.
 *
 * **Example** (Counting tokens)
 *
 * ```ts
 * import { Advisor } from "@understudy/chat-model/promise"
 *
 * let tokens = 0
 * const meter = Advisor.onResponse("meter", (response) => {
 *   tokens += response.metadata.usage?.totalTokens ?? 0
 * })
 * ```
 */
export const onResponse = <E = never>(
  name: string,
  tell: (response: ChatResponse.ChatResponse, prompt: Prompt) => Awaitable<void, E>,
  around: Around = "turn"
): Advisor<Own<E>> =>
  make(
    name,
    (request, next) =>
      onComplete(next(request), (parts) => orDefect(() => tell(ChatResponse.fromParts(parts), request.prompt))),
    around
  )
