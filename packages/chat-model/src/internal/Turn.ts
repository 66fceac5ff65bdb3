/**
 * One question of a client's and all that it leads to: advisors around the tool loop around advisors around the model.
 *
 * Without advisors and tools nothing stands in between: a call is the model's call, a stream the model's stream.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Advisor, Around, InnerError, Next, Request } from "../Advisor.ts"
import type { ChatModel } from "../ChatModel.ts"
import type { ChatModelError } from "../ChatModelError.ts"
import * as ChatOptions from "../ChatOptions.ts"
import type { ChatPart } from "../ChatPart.ts"
import * as ChatResponse from "../ChatResponse.ts"
import * as Message from "../Message.ts"
import type { Prompt } from "../Prompt.ts"
import { fromResponse } from "./ResponseParts.ts"

/** What a client knows of a question: immutable, and all that a run needs. */
export interface Draft {
  readonly model: ChatModel["Service"]
  readonly system: string | undefined
  readonly messages: ReadonlyArray<Message.Message>
  readonly options: ChatOptions.ChatOptions
  readonly advisors: ReadonlyArray<Advisor<unknown>>
}

const toPrompt = ({ messages, options, system }: Draft): Prompt => ({
  messages: system === undefined ? messages : [Message.system(system), ...messages],
  options
})

const ask =
  (model: ChatModel["Service"]): Next =>
  ({ mode, prompt }) =>
    mode === "stream"
      ? model.stream(prompt)
      : Stream.unwrap(Effect.map(model.call(prompt), (response) => Stream.fromArray(fromResponse(response))))

const advised = (advisors: ReadonlyArray<Advisor<unknown>>, around: Around, innermost: Next): Next =>
  advisors
    .filter((advisor) => advisor.around === around)
    .reduceRight<Next>((next, advisor) => (request) => (advisor as Advisor).advise(request, next), innermost)

const isBare = ({ advisors }: Draft): boolean => advisors.length === 0

const parts = (draft: Draft, mode: Request["mode"]): Stream.Stream<ChatPart, ChatModelError | InnerError> =>
  Stream.suspend(() => {
    const { messages, options } = toPrompt(draft)
    // By the law of merging, defaults that are merged in here and again by the model are merged in once.
    const prompt = { messages, options: ChatOptions.merge(draft.model.options, options) }
    const request = advised(draft.advisors, "request", ask(draft.model))
    return advised(draft.advisors, "turn", request)({ prompt, mode })
  })

/** The whole answer. What the advisors may fail with is the caller's to name. */
export const call = <E>(draft: Draft): Effect.Effect<ChatResponse.ChatResponse, ChatModelError | E> =>
  isBare(draft)
    ? draft.model.call(toPrompt(draft))
    : (ChatResponse.fromStream(parts(draft, "call")) as Effect.Effect<ChatResponse.ChatResponse, E>)

/** The answer, part by part. */
export const stream = <E>(draft: Draft): Stream.Stream<ChatPart, ChatModelError | E> =>
  isBare(draft)
    ? draft.model.stream(toPrompt(draft))
    : (parts(draft, "stream") as Stream.Stream<ChatPart, ChatModelError | E>)
